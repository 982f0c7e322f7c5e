package telemetry.selection;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import telemetry.accounting.DeviceState;

/**
 * Finds devices by the names that clients give them: an index among the primary collector's, an id or the beginning of
 * one alone, or a platform and an index.
 */
final class DeviceNames {

    /** Nobody has more devices; finding each takes a look at all there are. */
    static final int MAX_NAMES = 256;
    /** The message is to fit into what a gRPC client accepts as a call's status, 8 KB. */
    private static final int MAX_LISTED = 40;
    private static final int MAX_SHOWN_CHARACTERS = 80;

    private static final Pattern INDEX = Pattern.compile("[0-9]{1,9}");
    private static final Pattern PLATFORM_AND_INDEX = Pattern.compile("(.+):([0-9]{1,9})");

    private DeviceNames() {
    }

    /**
     * The devices that are meant, each once, in the order of all.
     *
     * @param allKnown whether no more will come; until then the beginning of an id fits none
     * @throws UnknownDeviceException when a name fits none, or several
     */
    static List<DeviceState> find(List<String> names, List<DeviceState> all, boolean allKnown) {
        if (names.isEmpty() || names.size() > MAX_NAMES) {
            throw new UnknownDeviceException(names.size() + " devices are named: name from 1 to " + MAX_NAMES);
        }
        List<DeviceState> found = names.stream().map(name -> find(name.strip(), all, allKnown)).toList();
        return all.stream().filter(found::contains).toList();
    }

    private static DeviceState find(String name, List<DeviceState> all, boolean allKnown) {
        List<DeviceState> fitting = fitting(name, all, allKnown);
        if (fitting.size() == 1) {
            return fitting.get(0);
        }
        throw new UnknownDeviceException(fitting.isEmpty()
                ? "there is no device '" + shown(name) + "': " + known(all)
                : "'" + shown(name) + "' fits " + fitting.size() + " devices: name one of " + list(fitting));
    }

    private static List<DeviceState> fitting(String name, List<DeviceState> all, boolean allKnown) {
        if (INDEX.matcher(name).matches()) {
            int index = Integer.parseInt(name);
            return all.stream().filter(device -> device.primary && device.index == index).toList();
        }
        Matcher placed = PLATFORM_AND_INDEX.matcher(name);
        if (placed.matches() && all.stream().anyMatch(device -> device.platform.equals(placed.group(1)))) {
            int index = Integer.parseInt(placed.group(2));
            return all.stream().filter(device -> device.platform.equals(placed.group(1)) && device.index == index)
                    .toList();
        }
        if (name.isEmpty()) {
            return List.of();
        }
        List<DeviceState> whole = all.stream().filter(device -> device.sample.id.equalsIgnoreCase(name)).toList();
        String beginning = name.toLowerCase(Locale.ROOT);
        return !whole.isEmpty() || !allKnown ? whole : all.stream()
                .filter(device -> device.sample.id.toLowerCase(Locale.ROOT).startsWith(beginning)).toList();
    }

    private static String known(List<DeviceState> all) {
        return all.isEmpty() ? "nothing is measured here" : "there are " + list(all);
    }

    private static String list(List<DeviceState> devices) {
        List<String> listed = new ArrayList<>();
        for (DeviceState device : devices.subList(0, Math.min(devices.size(), MAX_LISTED))) {
            listed.add(device.platform + ":" + device.index + " " + shown(device.sample.id));
        }
        return listed.stream().collect(Collectors.joining(", "))
                + (devices.size() > MAX_LISTED ? " and " + (devices.size() - MAX_LISTED) + " more" : "");
    }

    private static String shown(String text) {
        String printable = text.replaceAll("\\p{Cntrl}", "?");
        return printable.length() <= MAX_SHOWN_CHARACTERS ? printable
                : printable.substring(0, MAX_SHOWN_CHARACTERS) + "…";
    }
}
