package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import collectors.DeviceSample;

/**
 * Turns what cannot be a measurement into unavailable. Drivers answer with sentinels, such as 0xFFFFFFFF, that would
 * pass for watts and joules.
 */
public final class SampleCheck {

    /** No device draws more, a whole server included. */
    private static final double MAX_WATTS = 20_000;
    /** No computer's part is as hot and still answers. */
    private static final double MAX_CELSIUS = 200;
    /** 1 PiB in MiB. */
    private static final double MAX_MEMORY_MB = 1024.0 * 1024 * 1024;
    /** 20 kW for six years; 2^63 µJ, 0xFFFFFFFF kJ and the like are beyond. */
    private static final double MAX_COUNTER_JOULES = 4.0e12;

    private SampleCheck() {
    }

    public static void clean(DeviceSample sample) {
        sample.powerWatts = atMost(MAX_WATTS, sample.powerWatts);
        sample.powerLimitWatts = atMost(MAX_WATTS, sample.powerLimitWatts);
        sample.energyCounterJoules = atMost(MAX_COUNTER_JOULES, sample.energyCounterJoules);
        sample.temperatureCelsius = atMost(MAX_CELSIUS, sample.temperatureCelsius);
        sample.memoryUsedMb = atMost(MAX_MEMORY_MB, sample.memoryUsedMb);
        sample.memoryTotalMb = atMost(MAX_MEMORY_MB, sample.memoryTotalMb);
        sample.utilizationPercent = atMost(100, sample.utilizationPercent);
        sample.memoryUtilizationPercent = atMost(100, sample.memoryUtilizationPercent);
        sample.smActivityPercent = atMost(100, sample.smActivityPercent);
        sample.tensorActivityPercent = atMost(100, sample.tensorActivityPercent);
        sample.dramActivityPercent = atMost(100, sample.dramActivityPercent);
    }

    private static double atMost(double most, double value) {
        return isAvailable(value) && value <= most ? value : UNAVAILABLE;
    }
}
