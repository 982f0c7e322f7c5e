package telemetry.accounting;

import static collectors.DeviceSample.isAvailable;

import java.util.ArrayList;
import java.util.List;

/**
 * The joules of a sum whose devices may change: a driver that opened late brings what contains a device that was counted
 * until then. What was shown by then stays, and goes on with what the new ones use from there.
 */
final class JoulesCarried {

    /** What the devices are told apart by: a collector that becomes the primary one has new states. */
    private final List<EnergyTimeline> counted = new ArrayList<>();
    private double carriedJoules;
    private double shownJoules;

    /** The joules to show of these devices, whose own add up to so many; unavailable where these are. */
    double of(List<DeviceState> devices, boolean markedOnly, double joules) {
        if (isChanged(devices, markedOnly)) {
            change(devices, markedOnly, joules);
        }
        if (!isAvailable(joules)) {
            return shownJoules > 0 ? shownJoules : joules;
        }
        shownJoules = joules + carriedJoules;
        return shownJoules;
    }

    private boolean isChanged(List<DeviceState> devices, boolean markedOnly) {
        int known = 0;
        for (int i = 0; i < devices.size(); i++) {
            DeviceState device = devices.get(i);
            if (!markedOnly || device.inTotal) {
                if (known == counted.size() || counted.get(known) != device.timeline) {
                    return true;
                }
                known++;
            }
        }
        return known < counted.size();
    }

    private void change(List<DeviceState> devices, boolean markedOnly, double joules) {
        List<EnergyTimeline> now = devices.stream().filter(device -> !markedOnly || device.inTotal)
                .map(device -> device.timeline).toList();
        if (!now.containsAll(counted)) {
            carriedJoules = shownJoules - Math.max(0, joules);
        }
        counted.clear();
        counted.addAll(now);
    }
}
