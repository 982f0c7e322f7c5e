package telemetry.accounting;

import collectors.Accounting;
import collectors.DeviceSample;
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

    private static boolean belongs(List<DeviceState> devices, int index, boolean onlyWholeMachine) {
        DeviceState device = devices.get(index);
        if (device.sample.recordedInTotal != null) {
            return device.sample.recordedInTotal;
        }
        if (onlyWholeMachine) { // several collectors all measure the same, but two batteries share the machine
            return device.platform.equals(devices.get(0).platform)
                    && (index == 0 || device.sample.accounting == Accounting.ADDED);
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
