package telemetry.accounting;

import collectors.Accounting;
import collectors.DeviceSample;
import java.util.ArrayList;
import java.util.List;

/**
 * What overlaps what: which devices are outermost, so that their sum counts nothing twice and leaves nothing out. A
 * meter of the whole machine stands beside that sum, unless there is nothing else.
 */
public final class Overlaps {

    private Overlaps() {
    }

    /** Sets which devices belong to the total; those of the primary collector come first. */
    public static void mark(List<DeviceState> devices) {
        boolean onlyWholeMachine = devices.stream().allMatch(device -> device.sample.kind.isWholeMachine());
        for (int i = 0; i < devices.size(); i++) {
            devices.get(i).inTotal = belongs(devices, i, onlyWholeMachine);
        }
    }

    /**
     * Those of some devices that no other of them contains, in the same order: their sum counts nothing twice.
     *
     * @param chosen some of all devices, in the same order
     */
    public static List<DeviceState> outermost(List<DeviceState> chosen, List<DeviceState> all) {
        boolean onlyWholeMachine = chosen.stream().allMatch(device -> device.sample.kind.isWholeMachine());
        List<DeviceState> outermost = new ArrayList<>();
        for (int i = 0; i < chosen.size(); i++) {
            if (onlyWholeMachine ? chosen.size() == 1 || belongs(chosen, i, true) : isOutermost(chosen, i, all)) {
                outermost.add(chosen.get(i));
            }
        }
        return outermost;
    }

    private static boolean isOutermost(List<DeviceState> chosen, int index, List<DeviceState> all) {
        DeviceState device = chosen.get(index);
        if (device.sample.kind.isWholeMachine()) {
            return false;
        }
        for (int i = 0; i < chosen.size(); i++) {
            DeviceState other = chosen.get(i);
            if (i != index && !other.sample.kind.isWholeMachine() && (other.platform.equals(device.platform)
                    ? isInside(device, other, all) || i < index && areViewsOfOne(device, other, all)
                    : device.sample.isPartOf(other.sample) || i < index && device.sample.isSameAs(other.sample))) {
                return false;
            }
        }
        return true;
    }

    /** Whether one device contains another of its collector, perhaps with others in between that were not chosen. */
    private static boolean isInside(DeviceState part, DeviceState whole, List<DeviceState> all) {
        if (part.sample.accounting != Accounting.CONTAINED) {
            return false;
        }
        if (part.sample.isPartOf(whole.sample)) {
            return true;
        }
        if (part.sample.containedIn.isEmpty()) { // nobody knows of what it is a part; two parts may stand side by side
            return whole.sample.accounting != Accounting.CONTAINED;
        }
        DeviceState container = container(part, all);
        return container != null && (container == whole || isInside(container, whole, all));
    }

    /** Whether both duplicate a third one, which was not chosen, such as two views of one CPU package's counter. */
    private static boolean areViewsOfOne(DeviceState one, DeviceState other, List<DeviceState> all) {
        DeviceState original = container(one, all);
        return original != null && original == container(other, all) && original.sample.kind == one.sample.kind
                && one.sample.isSameAs(other.sample);
    }

    private static DeviceState container(DeviceState part, List<DeviceState> all) {
        for (DeviceState other : all) {
            if (part.sample.accounting == Accounting.CONTAINED && other != part && other.platform.equals(part.platform)
                    && other.sample.id.equals(part.sample.containedIn)) {
                return other;
            }
        }
        return null;
    }

    private static boolean belongs(List<DeviceState> devices, int index, boolean onlyWholeMachine) {
        DeviceState device = devices.get(index);
        if (onlyWholeMachine) { // several collectors all measure the same, but two batteries share the machine
            return device.platform.equals(devices.get(0).platform) && (device.sample.accounting == Accounting.ADDED
                    || index == 0 && device.sample.accounting == Accounting.BESIDE);
        }
        if (device.sample.kind.isWholeMachine() || device.sample.accounting == Accounting.CONTAINED
                && isContainedByItsCollector(devices, device)) {
            return false;
        }
        for (int i = 0; i < devices.size(); i++) {
            DeviceState other = devices.get(i);
            if (i != index && !other.sample.kind.isWholeMachine() && !other.platform.equals(device.platform)
                    && (device.sample.isPartOf(other.sample) || i < index && device.sample.isSameAs(other.sample))) {
                return false;
            }
        }
        return true;
    }

    /** A part of what its own collector measures; not of a meter of the whole machine, which is in no sum. */
    private static boolean isContainedByItsCollector(List<DeviceState> devices, DeviceState part) {
        for (DeviceState other : devices) {
            DeviceSample whole = other.sample;
            if (other != part && other.platform.equals(part.platform) && !whole.kind.isWholeMachine()
                    && (part.sample.containedIn.isEmpty() || part.sample.containedIn.equals(whole.id))) {
                return true;
            }
        }
        return false;
    }
}
