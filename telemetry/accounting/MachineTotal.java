package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

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
}
