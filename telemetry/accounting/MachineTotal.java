package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import java.util.ArrayList;
import java.util.List;

/** All that is measured, or some of it, counted once: the sum of the devices that {@link Overlaps} chooses. Refilled. */
public final class MachineTotal {

    /** Watts; unavailable while a device that belongs to the sum gives none. */
    public double powerWatts;
    /** The same with the power of the moment of those that show a mean, if they tell it: peaks are of moments. */
    public double momentaryWatts;
    /** Joules since the monitor started, as far as they are known; they never fall. */
    public double energyJoules;
    /** Why the watts are unavailable, naming the device; null when they are not. */
    public String problem;
    private final JoulesCarried carried = new JoulesCarried();

    /** Sums up the devices that are marked. */
    public void sum(List<DeviceState> devices) {
        clear();
        for (int i = 0; i < devices.size(); i++) {
            if (devices.get(i).inTotal) {
                add(devices.get(i));
            }
        }
        energyJoules = carried.of(devices, true, energyJoules);
        refuse(devices.isEmpty());
    }

    /** Sums up these devices. */
    public void sumAll(List<DeviceState> devices) {
        clear();
        devices.forEach(this::add);
        energyJoules = carried.of(devices, false, energyJoules);
        refuse(devices.isEmpty());
    }

    private void clear() {
        powerWatts = UNAVAILABLE;
        momentaryWatts = UNAVAILABLE;
        energyJoules = UNAVAILABLE;
        problem = null;
    }

    private void add(DeviceState device) {
        energyJoules = Totals.plus(energyJoules, device.energyJoules);
        if (isAvailable(device.powerWatts)) {
            powerWatts = Totals.plus(powerWatts, device.powerWatts);
            double instant = device.sample.instantPowerWatts;
            momentaryWatts = Totals.plus(momentaryWatts, isAvailable(instant) ? instant : device.powerWatts);
        } else if (problem == null) {
            problem = device.label() + ": " + (device.problem == null ? "gives no power" : device.problem);
        }
    }

    /** Watts without those of a device that belongs to the sum are none. */
    private void refuse(boolean nothing) {
        if (problem != null) {
            powerWatts = UNAVAILABLE;
            momentaryWatts = UNAVAILABLE;
        } else if (!isAvailable(powerWatts)) {
            problem = nothing ? "nothing is measured here" : "no device is known to measure all of it";
        }
    }

    /**
     * The joules of a sum whose devices may change: a driver that opened late brings what contains a device that was counted
     * until then. What was shown by then stays, and goes on with what the new ones use from there.
     */
    private static final class JoulesCarried {

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
}
