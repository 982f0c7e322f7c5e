package e2e;

import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.time.Instant;
import java.util.List;

/**
 * A GPU that switches between 90 and 700 W every 0.35 s of Unix time, with an energy counter as NVML has it: published
 * in steps of about 100 ms. Its power is a mean of the last second.
 */
public final class SwitchingCollector implements TelemetryCollector {

    static final double LOW_WATTS = 90;
    static final double HIGH_WATTS = 700;

    private static final long HALF_PERIOD_NANOS = 350_000_000;
    private static final long STEP_NANOS = 100_000_000;
    private static final long STEP_JITTER_NANOS = 10_000_000;
    private static final long MEAN_NANOS = 1_000_000_000;

    private final DeviceSample gpu = new DeviceSample("switching-0", DeviceKind.GPU, "Switching GPU");
    private final List<DeviceSample> devices = List.of(gpu);
    private final long startNanos = unixNanos();

    @Override
    public String platform() {
        return "switching";
    }

    @Override
    public List<DeviceSample> collect() {
        long now = unixNanos();
        long step = Math.floorDiv(now, STEP_NANOS);
        if (moment(step) > now) {
            step--;
        }
        gpu.energyCounterJoules = 1000 + joules(startNanos, Math.max(startNanos, moment(step)));
        gpu.powerWatts = joules(now - MEAN_NANOS, now) / (MEAN_NANOS / 1e9);
        gpu.powerAveragingSeconds = MEAN_NANOS / 1e9;
        gpu.powerLimitWatts = HIGH_WATTS;
        return devices;
    }

    /** When a step is published. */
    private static long moment(long step) {
        return step * STEP_NANOS + Math.floorMod(step * 7919, STEP_JITTER_NANOS);
    }

    /** What it uses between two moments of Unix time. */
    static double joules(long fromNanos, long toNanos) {
        return joulesSinceEpoch(toNanos, fromNanos) - joulesSinceEpoch(fromNanos, fromNanos);
    }

    /** Since the period in which a reference lies, so that no digits are lost. */
    private static double joulesSinceEpoch(long nanos, long referenceNanos) {
        long period = 2 * HALF_PERIOD_NANOS;
        long origin = Math.floorDiv(referenceNanos, period) * period;
        long whole = Math.floorDiv(nanos - origin, period);
        long rest = Math.floorMod(nanos - origin, period);
        double low = Math.min(rest, HALF_PERIOD_NANOS) / 1e9 * LOW_WATTS;
        double high = Math.max(0, rest - HALF_PERIOD_NANOS) / 1e9 * HIGH_WATTS;
        return whole * HALF_PERIOD_NANOS / 1e9 * (LOW_WATTS + HIGH_WATTS) + low + high;
    }

    private static long unixNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}
