package cli.watch;

import cli.options.Printable;
import energy.DeviceReading;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The devices' names in so many columns. What the shortening makes alike gets its platform, or else its id. */
final class DeviceNames {

    /** What goes first where there is no room, because the rest names the model; after the mark of what is not added. */
    private static final Pattern VENDOR = Pattern.compile("^(· )?(NVIDIA|AMD|Intel|Apple) ");

    private final WatchModel model;
    private final int columns;
    private final Map<String, Integer> plain = new HashMap<>();
    private final Map<String, Integer> withPlatform = new HashMap<>();

    DeviceNames(WatchModel model, int columns) {
        this.model = model;
        this.columns = columns;
        for (DeviceReading device : model.devices()) {
            plain.merge(key(device, this::plain), 1, Integer::sum);
            withPlatform.merge(key(device, this::withPlatform), 1, Integer::sum);
        }
    }

    String of(DeviceReading device) {
        if (plain.get(key(device, this::plain)) == 1) {
            return plain(device);
        }
        return withPlatform.get(key(device, this::withPlatform)) == 1 ? withPlatform(device)
                : Text.shorten(Printable.of(device.getId()), columns);
    }

    /** Devices with different indices are told apart by those. */
    private static String key(DeviceReading device, Function<DeviceReading, String> name) {
        return device.getIndex() + " " + name.apply(device);
    }

    private String plain(DeviceReading device) {
        return shorten(DeviceColumn.NAME.text(device, model));
    }

    private String withPlatform(DeviceReading device) {
        return Text.shorten(Printable.of(device.getPlatform()) + " " + DeviceColumn.NAME.text(device, model), columns);
    }

    private String shorten(String name) {
        return Text.width(name) <= columns ? name : Text.shorten(VENDOR.matcher(name).replaceFirst(
                match -> match.group(1) == null ? "" : match.group(1)), columns);
    }
}
