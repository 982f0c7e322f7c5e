package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import collectors.Accounting;
import collectors.DeviceKind;
import collectors.DeviceSample;
import java.util.List;
import telemetry.sampling.CollectorSlot;

/**
 * The numbers of a reading that stand beside the primary collector's sums: CPU packages and neural engines. What the
 * primary sums contain is left out, so that a client may add all of it up. Refilled at every sweep.
 */
public final class BesideTotals {

    public double cpuPowerWatts;
    public double cpuEnergyJoules;
    public double neuralEnginePowerWatts;
    public double neuralEngineEnergyJoules;

    private double powerWatts;
    private double energyJoules;

    /** Sums up one sweep; the first slot is the primary collector's. */
    public void sum(List<CollectorSlot> slots) {
        CollectorSlot primary = slots.get(0);
        add(primary, DeviceKind.NEURAL_ENGINE, Accounting.BESIDE);
        neuralEnginePowerWatts = powerWatts;
        neuralEngineEnergyJoules = energyJoules;
        boolean found = add(primary, DeviceKind.CPU_PACKAGE, Accounting.BESIDE);
        // Two collectors may see the same packages: the first that has any counts. A module's sensors see the CPU as
        // a part of the module, whose other parts the primary collector measures.
        for (int i = 1; i < slots.size() && !found && !containsCpu(primary); i++) {
            found = add(slots.get(i), DeviceKind.CPU_PACKAGE, Accounting.ADDED)
                    || add(slots.get(i), DeviceKind.CPU_PACKAGE, Accounting.CONTAINED);
        }
        cpuPowerWatts = powerWatts;
        cpuEnergyJoules = energyJoules;
    }

    /** Whether the primary collector's sums have the CPU's watts in them already. */
    private static boolean containsCpu(CollectorSlot primary) {
        List<DeviceSample> devices = primary.devices();
        for (int i = 0; i < devices.size(); i++) {
            DeviceSample device = devices.get(i);
            if (device.accounting == Accounting.ADDED) {
                switch (device.kind) {
                    case CPU_PACKAGE, SYSTEM_ON_CHIP, MODULE, MACHINE -> {
                        return true;
                    }
                    default -> {
                        // has no CPU in it
                    }
                }
            }
        }
        return false;
    }

    private boolean add(CollectorSlot slot, DeviceKind kind, Accounting accounting) {
        // Also when the latest sweep failed: no other collector steps in, whose joules would be others.
        List<DeviceSample> devices = slot.devices();
        List<EnergyMeter> meters = slot.meters();
        boolean found = false;
        boolean answering = false;
        double joules = 0;
        powerWatts = UNAVAILABLE;
        for (int i = 0; i < devices.size(); i++) {
            DeviceSample device = devices.get(i);
            if (device.kind != kind || device.accounting != accounting) {
                continue;
            }
            found = true;
            EnergyMeter meter = meters.get(i);
            if (isAvailable(meter.powerWatts())) {
                powerWatts = meter.powerWatts() + (isAvailable(powerWatts) ? powerWatts : 0);
            }
            joules += meter.joules();
            answering |= meter.isAnswering();
        }
        energyJoules = answering ? joules : UNAVAILABLE;
        return found;
    }
}
