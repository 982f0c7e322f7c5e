package telemetry.accounting;

import java.util.Arrays;
import java.util.Map;

/**
 * The highest power of several devices together that was seen at one moment, to a tenth of a second: their own peaks
 * have hardly been at the same time. Worked out when it is asked for, where nobody has followed the sum.
 */
public final class JointPeak {

    private static final long SLOT_NANOS = 100_000_000L;
    /** Devices remember no more than ten minutes. */
    private static final int MAX_SLOTS = 6_001;

    private JointPeak() {
    }

    /**
     * Watts, in a time of {@link System#nanoTime}.
     *
     * @param devices what each of them used then; one that tells no power is taken to have been at its peak all the time
     */
    public static double watts(Map<DeviceState, EnergyInterval> devices, long fromNanos, long toNanos) {
        long slots = (toNanos - fromNanos + SLOT_NANOS - 1) / SLOT_NANOS;
        double[] sums = new double[(int) Math.max(1, Math.min(slots, MAX_SLOTS))];
        double steady = 0;
        for (Map.Entry<DeviceState, EnergyInterval> device : devices.entrySet()) {
            if (!device.getKey().timeline.addHighest(fromNanos, SLOT_NANOS, sums)) {
                steady += device.getValue().peakWatts();
            }
        }
        return Arrays.stream(sums).max().orElse(0) + steady;
    }
}
