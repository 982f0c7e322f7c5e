package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import collectors.Accounting;
import collectors.DeviceKind;
import collectors.DeviceSample;
import java.util.List;

/**
 * The numbers of a reading's top level: sums and means over the devices that answered, of those that are to be
 * {@linkplain Accounting#ADDED added}. Refilled for every reading.
 */
public final class Totals {

    public double powerWatts;
    public double energyJoules;
    public double temperatureCelsius;
    public double memoryUsedMb;
    public double memoryTotalMb;
    public double utilizationPercent;
    public double memoryUtilizationPercent;
    public double tensorActivityPercent;
    private boolean answering;
    private int temperatures;
    private int utilizations;
    private int memoryUtilizations;
    private int tensorActivities;

    /** Sums up the primary collector's devices. */
    public void sum(List<DeviceState> devices) {
        clear();
        for (int i = 0; i < devices.size(); i++) {
            DeviceState state = devices.get(i);
            if (state.primary && state.sample.accounting == Accounting.ADDED) {
                add(state);
            }
        }
        divide();
    }

    /** Sums up these devices, whosever they are. */
    public void sumAll(List<DeviceState> devices) {
        clear();
        for (int i = 0; i < devices.size(); i++) {
            add(devices.get(i));
        }
        divide();
    }

    private void add(DeviceState state) {
        DeviceSample device = state.sample;
        powerWatts = plus(powerWatts, state.powerWatts);
        // The joules of a device that is silent now stay in the sum, else the sum would decrease.
        energyJoules = plus(energyJoules, state.energyJoules);
        answering |= state.answering;
        memoryUsedMb = plus(memoryUsedMb, device.memoryUsedMb);
        memoryTotalMb = plus(memoryTotalMb, device.memoryTotalMb);
        temperatureCelsius = plus(temperatureCelsius, device.temperatureCelsius);
        temperatures += isAvailable(device.temperatureCelsius) ? 1 : 0;
        if (device.kind == DeviceKind.GPU || device.kind == DeviceKind.SYSTEM_ON_CHIP) {
            utilizationPercent = plus(utilizationPercent, device.utilizationPercent);
            utilizations += isAvailable(device.utilizationPercent) ? 1 : 0;
            memoryUtilizationPercent = plus(memoryUtilizationPercent, device.memoryUtilizationPercent);
            memoryUtilizations += isAvailable(device.memoryUtilizationPercent) ? 1 : 0;
            tensorActivityPercent = plus(tensorActivityPercent, device.tensorActivityPercent);
            tensorActivities += isAvailable(device.tensorActivityPercent) ? 1 : 0;
        }
    }

    /** What is a mean was summed up so far. */
    private void divide() {
        temperatureCelsius = mean(temperatureCelsius, temperatures);
        utilizationPercent = mean(utilizationPercent, utilizations);
        memoryUtilizationPercent = mean(memoryUtilizationPercent, memoryUtilizations);
        tensorActivityPercent = mean(tensorActivityPercent, tensorActivities);
    }

    /** Leaves out power and energy, which are told elsewhere ({@link CpuFields#SEPARATE}). */
    public void omitPowerAndEnergy() {
        powerWatts = UNAVAILABLE;
        energyJoules = UNAVAILABLE;
    }

    private void clear() {
        answering = false;
        temperatures = 0;
        utilizations = 0;
        memoryUtilizations = 0;
        tensorActivities = 0;
        powerWatts = UNAVAILABLE;
        energyJoules = UNAVAILABLE;
        temperatureCelsius = UNAVAILABLE;
        memoryUsedMb = UNAVAILABLE;
        memoryTotalMb = UNAVAILABLE;
        utilizationPercent = UNAVAILABLE;
        memoryUtilizationPercent = UNAVAILABLE;
        tensorActivityPercent = UNAVAILABLE;
    }

    /** Whether power, or an energy counter that moves, is read now. */
    public boolean hasPowerOrEnergy() {
        return answering;
    }

    /** The sum of those that are available; unavailable when none is. */
    static double plus(double sum, double value) {
        if (!isAvailable(value)) {
            return sum;
        }
        return isAvailable(sum) ? sum + value : value;
    }

    private static double mean(double sum, int count) {
        return count == 0 ? UNAVAILABLE : sum / count;
    }
}
