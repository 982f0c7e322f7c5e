package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.Accounting;
import collectors.DeviceKind;
import java.util.List;

/**
 * The numbers of a reading for what is auxiliary to the primary collector's sums: CPU packages and neural engines. What
 * the primary sums contain is left out, so that a client may add all of it up. Refilled for every reading.
 */
public final class AuxiliaryTotals {

    public double cpuPowerWatts;
    public double cpuEnergyJoules;
    public double neuralEnginePowerWatts;
    public double neuralEngineEnergyJoules;

    private double powerWatts;
    private double energyJoules;

    /** Sums up; the devices of one collector follow each other, the primary collector's come first. */
    public void sum(List<DeviceState> devices) {
        int end = endOfPrimary(devices);
        add(devices, 0, end, DeviceKind.NEURAL_ENGINE, Accounting.BESIDE);
        neuralEnginePowerWatts = powerWatts;
        neuralEngineEnergyJoules = energyJoules;
        boolean found = add(devices, 0, end, DeviceKind.CPU_PACKAGE, Accounting.BESIDE);
        boolean contained = containsCpu(devices);
        // Two collectors may see the same packages: the first that has any counts, also while it is silent, since the
        // joules of another would be others. A module's sensors see the CPU as a part of the module, whose other parts
        // the primary collector measures.
        for (int from = end; from < devices.size() && !found && !contained; from = end) {
            end = endOfCollector(devices, from);
            found = add(devices, from, end, DeviceKind.CPU_PACKAGE, Accounting.ADDED)
                    || add(devices, from, end, DeviceKind.CPU_PACKAGE, Accounting.CONTAINED);
        }
        cpuPowerWatts = powerWatts;
        cpuEnergyJoules = energyJoules;
    }

    /** Takes the CPU packages of the primary collector for the CPU's numbers ({@link CpuFields#SEPARATE}). */
    public void takePrimaryPackages(List<DeviceState> devices) {
        add(devices, 0, endOfPrimary(devices), DeviceKind.CPU_PACKAGE, Accounting.ADDED);
        cpuPowerWatts = powerWatts;
        cpuEnergyJoules = energyJoules;
    }

    /** Where the primary collector's devices end; it may have none yet. */
    private static int endOfPrimary(List<DeviceState> devices) {
        int end = 0;
        while (end < devices.size() && devices.get(end).primary) {
            end++;
        }
        return end;
    }

    private static int endOfCollector(List<DeviceState> devices, int from) {
        String platform = devices.get(from).platform;
        int end = from;
        while (end < devices.size() && devices.get(end).platform.equals(platform)) {
            end++;
        }
        return end;
    }

    /** Whether the primary collector's sums have the CPU's watts in them already. */
    private static boolean containsCpu(List<DeviceState> devices) {
        for (int i = 0; i < devices.size(); i++) {
            DeviceState device = devices.get(i);
            if (device.primary && device.sample.accounting == Accounting.ADDED) {
                switch (device.sample.kind) {
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

    private boolean add(List<DeviceState> devices, int from, int to, DeviceKind kind, Accounting accounting) {
        boolean found = false;
        powerWatts = UNAVAILABLE;
        energyJoules = UNAVAILABLE;
        for (int i = from; i < to; i++) {
            DeviceState device = devices.get(i);
            if (device.sample.kind == kind && device.sample.accounting == accounting) {
                found = true;
                powerWatts = Totals.plus(powerWatts, device.powerWatts);
                energyJoules = Totals.plus(energyJoules, device.energyJoules);
            }
        }
        return found;
    }
}
