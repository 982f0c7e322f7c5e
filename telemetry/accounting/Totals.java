package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import collectors.Accounting;
import collectors.DeviceKind;
import collectors.DeviceSample;
import java.util.List;

/**
 * The numbers of a reading's top level: sums and means over the devices that answered, of those that are to be
 * {@linkplain Accounting#ADDED added}. Refilled at every sweep.
 */
public final class Totals {

    public double powerWatts;
    public double energyJoules;
    public double temperatureCelsius;
    public double memoryUsedMb;
    public double memoryTotalMb;
    public double utilizationPercent;
    public double memoryUtilizationPercent;

    /** Sums up one sweep; the devices and their meters stand in the same order. */
    public void sum(List<DeviceSample> devices, List<EnergyMeter> meters) {
        clear();
        int temperatures = 0;
        int utilizations = 0;
        int memoryUtilizations = 0;
        boolean anyAnswers = false;
        double joules = 0;
        for (int i = 0; i < devices.size(); i++) {
            DeviceSample device = devices.get(i);
            if (device.accounting != Accounting.ADDED) {
                continue;
            }
            EnergyMeter meter = meters.get(i);
        powerWatts = plus(powerWatts, meter.powerWatts());
        memoryUsedMb = plus(memoryUsedMb, device.memoryUsedMb);
        memoryTotalMb = plus(memoryTotalMb, device.memoryTotalMb);
        temperatureCelsius = plus(temperatureCelsius, device.temperatureCelsius);
            temperatures += isAvailable(device.temperatureCelsius) ? 1 : 0;
            if (device.kind == DeviceKind.GPU || device.kind == DeviceKind.SYSTEM_ON_CHIP) {
        utilizationPercent = plus(utilizationPercent, device.utilizationPercent);
                utilizations += isAvailable(device.utilizationPercent) ? 1 : 0;
        memoryUtilizationPercent = plus(memoryUtilizationPercent, device.memoryUtilizationPercent);
                memoryUtilizations += isAvailable(device.memoryUtilizationPercent) ? 1 : 0;
            }
            // The joules of a device that is silent now stay in the sum, else the sum would decrease.
            joules += meter.joules();
            anyAnswers |= meter.isAnswering();
        }
        energyJoules = anyAnswers ? joules : UNAVAILABLE;
        temperatureCelsius = mean(temperatureCelsius, temperatures);
        utilizationPercent = mean(utilizationPercent, utilizations);
        memoryUtilizationPercent = mean(memoryUtilizationPercent, memoryUtilizations);
    }

    /** No device answered. */
    public void clear() {
        powerWatts = UNAVAILABLE;
        energyJoules = UNAVAILABLE;
        temperatureCelsius = UNAVAILABLE;
        memoryUsedMb = UNAVAILABLE;
        memoryTotalMb = UNAVAILABLE;
        utilizationPercent = UNAVAILABLE;
        memoryUtilizationPercent = UNAVAILABLE;
    }

    /** Whether power or energy was read. */
    public boolean hasPowerOrEnergy() {
        return isAvailable(powerWatts) || isAvailable(energyJoules);
    }

    private static double plus(double sum, double value) {
        if (!isAvailable(value)) {
            return sum;
        }
        return isAvailable(sum) ? sum + value : value;
    }

    private static double mean(double sum, int count) {
        return count == 0 ? UNAVAILABLE : sum / count;
    }
}
