package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import telemetry.accounting.steps.PowerIntegral;
import telemetry.accounting.steps.PowerSuitability;
import telemetry.accounting.steps.PowerTrace;
import telemetry.accounting.steps.StepHistory;

/**
 * The power of one device as it was told, and over which time it was a mean, and since when: a driver that fails to tell
 * it as it is for a look may tell its mean instead. One read as the other would give joules that nobody has used.
 */
final class ToldPower {

    /** Changes that are remembered. */
    private static final int MAX_KINDS = 16;
    /** Lengths that differ by less are those of one sensor, whose means are not all alike. */
    private static final double SAME_LENGTH = 1.5;
    /** What is left over beside whole means is looked for so many of them before and behind. */
    private static final int MARGIN_MEANS = 5;
    /** Power averaged over a longer time does not show how the load changes between steps of a counter. */
    private static final double MAX_FOLLOWING_SECONDS = 0.06;
    /** Looks further apart do not show it either. */
    private static final long MAX_FOLLOWING_LOOK_NANOS = 150_000_000L;

    private final PowerTrace trace = new PowerTrace();
    private final PowerSuitability suitability = new PowerSuitability();
    private final long[] since = new long[MAX_KINDS];
    private final double[] averagingSeconds = new double[MAX_KINDS];
    private int kinds;

    /** Takes in the watts told at that moment, a mean of so many seconds; unavailable when that is not known. */
    void add(long nanos, double watts, double seconds, boolean hole) {
        trace.add(nanos, watts, hole);
        if (kinds == 0 || isOther(averagingSeconds[(kinds - 1) % MAX_KINDS], seconds)) {
            since[kinds % MAX_KINDS] = nanos;
            kinds++;
        }
        averagingSeconds[(kinds - 1) % MAX_KINDS] = seconds;
    }

    /** The newest step of the device's counter tells whether power of an unknown kind follows the load. */
    void compare(StepHistory history) {
        suitability.step(history, trace);
    }

    /** The watts themselves. */
    PowerTrace trace() {
        return trace;
    }

    /** Over which time the newest power is a mean; unavailable when that is not known. */
    double newestAveragingSeconds() {
        return kinds == 0 ? UNAVAILABLE : averagingSeconds[(kinds - 1) % MAX_KINDS];
    }

    /**
     * Over which time power was a mean from one moment to another; unavailable when that is not known, NaN when it was not
     * of one kind all the time.
     */
    double averagingSeconds(long from, long to) {
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

    /** Whether power shows where within a step of the counter the energy was used: told as it was, and often enough. */
    boolean followsLoad(long from, long to) {
        return isMomentary(from, to)
                && to - from <= MAX_FOLLOWING_LOOK_NANOS * (1 + trace.lastBefore(to) - trace.lastBefore(from));
    }

    /** Whether power was told as it was then, however seldom. */
    boolean isMomentary(long from, long to) {
        double seconds = averagingSeconds(from, to);
        return isAvailable(seconds) ? seconds <= MAX_FOLLOWING_SECONDS
                : !Double.isNaN(seconds) && suitability.isInstant();
    }

    /** What was used between two moments, by power; null when it was not told, or in two ways, for too much of that time. */
    PowerIntegral.Estimate between(long from, long to) {
        double seconds = averagingSeconds(from, to);
        return Double.isNaN(seconds) ? null : PowerIntegral.told(trace, from, to, seconds);
    }

    /** The joules of {@link #between} alone, for less; unavailable where that is null. */
    double joules(long from, long to) {
        double seconds = averagingSeconds(from, to);
        return Double.isNaN(seconds) ? UNAVAILABLE : PowerIntegral.toldJoules(trace, from, to, seconds);
    }

    private static boolean isOther(double before, double now) {
        return isMean(before) != isMean(now)
                || isMean(now) && Math.max(before, now) > SAME_LENGTH * Math.min(before, now);
    }

    private static boolean isMean(double seconds) {
        return isAvailable(seconds) && seconds > PowerIntegral.MAX_INSTANT_SECONDS;
    }
}
