package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import telemetry.accounting.steps.PowerIntegral;

/**
 * Over which time power was a mean, and since when: a driver that fails to tell it as it is for a look may tell its mean
 * instead. One read as the other would give joules that nobody has used.
 */
final class PowerKinds {

    /** Changes that are remembered. */
    private static final int MAX_KINDS = 16;
    /** Lengths that differ by less are those of one sensor, whose means are not all alike. */
    private static final double SAME_LENGTH = 1.5;
    /** What is left over beside whole means is looked for so many of them before and behind. */
    private static final int MARGIN_MEANS = 5;

    private final long[] since = new long[MAX_KINDS];
    private final double[] averagingSeconds = new double[MAX_KINDS];
    private int kinds;

    /** Takes in over which time the power told at that moment is a mean; unavailable when that is not known. */
    void add(long nanos, double seconds) {
        if (kinds == 0 || isOther(averagingSeconds[(kinds - 1) % MAX_KINDS], seconds)) {
            since[kinds % MAX_KINDS] = nanos;
            kinds++;
        }
        averagingSeconds[(kinds - 1) % MAX_KINDS] = seconds;
    }

    /**
     * Over which time power was a mean from one moment to another; unavailable when that is not known, NaN when it was not
     * of one kind all the time.
     */
    double between(long from, long to) {
        for (int i = kinds - 1; i >= Math.max(0, kinds - MAX_KINDS); i--) {
            double seconds = averagingSeconds[i % MAX_KINDS];
            long margin = isMean(seconds) ? (long) (MARGIN_MEANS * seconds * 1e9) : 0;
            if (i == 0 || since[i % MAX_KINDS] - (from - margin) <= 0) {
                boolean last = i == kinds - 1 || since[(i + 1) % MAX_KINDS] - (to + margin) > 0;
                return last ? seconds : Double.NaN;
            }
        }
        return kinds == 0 ? UNAVAILABLE : Double.NaN;
    }

    private static boolean isOther(double before, double now) {
        return isMean(before) != isMean(now)
                || isMean(now) && Math.max(before, now) > SAME_LENGTH * Math.min(before, now);
    }

    private static boolean isMean(double seconds) {
        return isAvailable(seconds) && seconds > PowerIntegral.MAX_INSTANT_SECONDS;
    }
}
