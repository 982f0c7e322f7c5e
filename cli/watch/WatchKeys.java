package cli.watch;

import energy.DeviceReading;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What has been typed so far: order of the devices, how far down they are shown, help, freeze, end. */
final class WatchKeys {

    private enum Order {
        INDEX("index", null),
        POWER("power", device -> device.getPowerWatts()),
        UTILIZATION("utilization", device -> device.getUtilizationPercent()),
        TEMPERATURE("temperature", device -> device.getTemperatureCelsius()),
        ENERGY("energy", device -> device.getEnergyJoules());

        private final String title;
        private final Comparator<DeviceReading> comparator;

        Order(String title, ToDoubleFunction<DeviceReading> value) {
            this.title = title;
            this.comparator = value == null ? (a, b) -> 0 : Comparator.comparingDouble(value).reversed();
        }
    }

    /** Terminals send ESC [ A or ESC O A for an arrow up, and B for an arrow down. */
    private static final int ESCAPE = 0x1b;

    private Order order = Order.INDEX;
    private int firstRow;
    private boolean helpShown;
    private boolean frozen;
    private boolean ended;
    private boolean resetAsked;
    private int escapeLength;

    /** Takes a key. */
    void press(int key) {
        if (key == ESCAPE) {
            escapeLength = 1;
            return;
        }
        if (escapeLength == 1 && (key == '[' || key == 'O')) {
            escapeLength = 2;
            return;
        }
        boolean arrow = escapeLength == 2;
        escapeLength = 0;
        if (arrow) {
            firstRow += key == 'A' ? -1 : key == 'B' ? 1 : 0;
            return;
        }
        switch (key) {
            case 'q', 'Q' -> ended = true;
            case ' ' -> frozen = !frozen;
            case 's' -> order = Order.values()[(order.ordinal() + 1) % Order.values().length];
            case 'r' -> resetAsked = true;
            case 'j' -> firstRow++;
            case 'k' -> firstRow--;
            case '?', 'h' -> helpShown = !helpShown;
            default -> {
                // Other keys mean nothing here.
            }
        }
    }

    boolean isEnded() {
        return ended;
    }

    boolean isFrozen() {
        return frozen;
    }

    boolean isHelpShown() {
        return helpShown;
    }

    /** Whether joules are to be counted from now on; true once for each time that it was asked for. */
    boolean takeReset() {
        boolean asked = resetAsked;
        resetAsked = false;
        return asked;
    }

    String sortName() {
        return order.title;
    }

    List<DeviceReading> sorted(WatchModel model) {
        return model.devices().stream().sorted(order.comparator).toList();
    }

    /** The first row to show, where the last possible one is given. */
    int scroll(int last) {
        firstRow = Math.max(0, Math.min(firstRow, last));
        return firstRow;
    }
}
