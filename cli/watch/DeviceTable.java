package cli.watch;

import cli.options.Printable;
import cli.watch.StyledLine.Style;
import energy.DeviceReading;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The devices as a table. Columns that do not fit are left out; those that are there show their values whole. */
final class DeviceTable {

    private static final int GAP = 2;
    private static final int MIN_NAME_COLUMNS = 8;
    /** Room for a name before bars are drawn. */
    private static final int GOOD_NAME_COLUMNS = 16;
    private static final int MIN_HISTORY_COLUMNS = 10;
    private static final int BAR_COLUMNS = 12;

    /** What is given room first. Index, name and power are always there. */
    private static final List<DeviceColumn> FIGURES = List.of(DeviceColumn.UTILIZATION, DeviceColumn.TEMPERATURE,
            DeviceColumn.ENERGY, DeviceColumn.TENSOR, DeviceColumn.MEMORY);
    private static final List<DeviceColumn> DRAWINGS = List.of(DeviceColumn.BAR, DeviceColumn.LIMIT,
            DeviceColumn.HISTORY);

    /** Widths that values of usual size need, so that the columns stand still while the values change. */
    private static final Map<DeviceColumn, Integer> USUAL_WIDTH = Map.of(DeviceColumn.UTILIZATION, 5,
            DeviceColumn.TEMPERATURE, 5, DeviceColumn.POWER, 7, DeviceColumn.ENERGY, 8, DeviceColumn.BAR, BAR_COLUMNS,
            DeviceColumn.HISTORY, MIN_HISTORY_COLUMNS);

    private final WatchModel model;
    private final int width;
    private final boolean coloured;
    private final Map<DeviceColumn, Integer> widths = new EnumMap<>(DeviceColumn.class);

    DeviceTable(WatchModel model, int width, boolean coloured) {
        this.model = model;
        this.width = width;
        this.coloured = coloured;
        int longestName = neededWidth(DeviceColumn.NAME);
        widths.put(DeviceColumn.INDEX, neededWidth(DeviceColumn.INDEX));
        widths.put(DeviceColumn.NAME, Math.min(longestName, MIN_NAME_COLUMNS));
        widths.put(DeviceColumn.POWER, neededWidth(DeviceColumn.POWER));
        FIGURES.forEach(this::addIfItFits);
        widenName(Math.min(longestName, GOOD_NAME_COLUMNS));
        DRAWINGS.forEach(this::addIfItFits);
        widenName(longestName);
        if (widths.containsKey(DeviceColumn.HISTORY)) {
            widths.merge(DeviceColumn.HISTORY, freeColumns(), (min, free) -> Math.min(min + free,
                    WatchModel.HISTORY_SECONDS));
        }
    }

    private void addIfItFits(DeviceColumn column) {
        int needed = neededWidth(column);
        if (hasValues(column) && freeColumns() >= needed + GAP) {
            widths.put(column, needed);
        }
    }

    private void widenName(int wanted) {
        int now = widths.get(DeviceColumn.NAME);
        widths.put(DeviceColumn.NAME, now + Math.min(Math.max(0, freeColumns()), Math.max(0, wanted - now)));
    }

    String header() {
        StyledLine line = new StyledLine(width, coloured);
        widths.forEach((column, columns) -> line.add(padded(title(column, columns), column, columns), Style.DIM)
                .add(gapAfter(column)));
        return line.toString();
    }

    String row(DeviceReading device) {
        StyledLine line = new StyledLine(width, coloured);
        boolean silent = device.getPowerWatts() < 0 && device.getEnergyJoules() < 0;
        for (Map.Entry<DeviceColumn, Integer> each : widths.entrySet()) {
            DeviceColumn column = each.getKey();
            int columns = each.getValue();
            if (silent && column.ordinal() > DeviceColumn.NAME.ordinal()) {
                String why = device.getAsleep() ? "asleep" : "n/a  " + Printable.of(device.getProblem());
                return line.add(why, device.getAsleep() ? Style.DIM : Style.RED).toString();
            }
            switch (column) {
                case BAR -> bar(line, device, columns);
                case HISTORY -> line.add(Gauge.spark(model.history(device, columns)), Style.CYAN);
                case NAME -> line.add(padded(Text.shorten(column.text(device, model), columns), column, columns),
                        device.getInTotal() ? Style.PLAIN : Style.DIM);
                default -> line.add(padded(column.text(device, model), column, columns), column.style(device));
            }
            line.add(gapAfter(column));
        }
        return line.toString();
    }

    private void bar(StyledLine line, DeviceReading device, int columns) {
        addBar(line, device.getPowerWatts(), device.getPowerLimitWatts(), model.peakWatts(device), columns);
    }

    /** A bar on its track, against the limit or, where there is none, against the highest power seen. */
    static void addBar(StyledLine line, double watts, double limit, double peak, int columns) {
        double most = limit > 0 ? limit : peak;
        double share = watts < 0 || most <= 0 ? 0 : watts / most;
        String filled = Gauge.bar(share, columns);
        line.add(filled, limit > 0 ? Style.ofLoad(share) : Style.CYAN)
                .add("░".repeat(columns - filled.length()), Style.DIM);
    }

    private boolean hasValues(DeviceColumn column) {
        return switch (column) {
            case BAR, HISTORY -> true;
            default -> model.devices().stream().anyMatch(device -> !column.text(device, model).isEmpty());
        };
    }

    private int neededWidth(DeviceColumn column) {
        int needed = Math.max(USUAL_WIDTH.getOrDefault(column, 1), Text.width(column.header));
        for (DeviceReading device : model.devices()) {
            needed = Math.max(needed, Text.width(column.text(device, model)));
        }
        return needed;
    }

    private int freeColumns() {
        int used = widths.entrySet().stream()
                .mapToInt(each -> each.getValue() + gapAfter(each.getKey()).length()).sum();
        return width - (used - GAP); // there is no gap after the last column
    }

    private static String gapAfter(DeviceColumn column) {
        return column == DeviceColumn.INDEX ? " " : " ".repeat(GAP);
    }

    private static String title(DeviceColumn column, int columns) {
        return column == DeviceColumn.HISTORY ? "last " + columns + " s" : column.header;
    }

    private static String padded(String text, DeviceColumn column, int columns) {
        return column.alignedRight ? Text.padLeft(text, columns) : Text.padRight(text, columns);
    }
}
