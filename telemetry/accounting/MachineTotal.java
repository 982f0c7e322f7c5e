package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import java.util.List;

/** All that is measured, counted once: the sum of the devices that {@link Overlaps} has marked. Refilled. */
public final class MachineTotal {

    /** Watts; unavailable while a device that belongs to the sum gives none. */
    public double powerWatts;
    /** Joules since the monitor started, as far as they are known. */
    public double energyJoules;
    /** Why the watts are unavailable, naming the device; null when they are not. */
    public String problem;

    /** Sums up. */
    public void sum(List<DeviceState> devices) {
        powerWatts = UNAVAILABLE;
        energyJoules = UNAVAILABLE;
        problem = null;
        for (int i = 0; i < devices.size(); i++) {
            DeviceState device = devices.get(i);
            if (!device.inTotal) {
                continue;
            }
            energyJoules = Totals.plus(energyJoules, device.energyJoules);
            if (isAvailable(device.powerWatts)) {
                powerWatts = Totals.plus(powerWatts, device.powerWatts);
            } else if (problem == null) {
                problem = device.label() + ": " + (device.problem == null ? "gives no power" : device.problem);
            }
        }
        if (problem != null) {
            powerWatts = UNAVAILABLE;
        } else if (!isAvailable(powerWatts)) {
            problem = devices.isEmpty() ? "nothing is measured here" : "no device is known to measure all of it";
        }
    }
}
