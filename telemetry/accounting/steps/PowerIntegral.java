package telemetry.accounting.steps;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

/**
 * Energy by power over time: an estimate; what was not told between looks counts as much as the rest. Instantaneous power
 * is integrated by trapezoid. Power that is a mean of the last W seconds tells exactly what each stretch of W seconds
 * cost; what is left over is carried, by whole such stretches, to where the load was steadiest.
 */
public final class PowerIntegral {

    private static final long MIN_TOLERANCE_NANOS = 100_000_000L;
    /** A mean over a shorter time is as good as instantaneous. */
    public static final double MAX_INSTANT_SECONDS = 0.1;
    /** What sensors are off by among themselves, as a part. */
    static final double SENSOR_PART = 0.003;
    /** What few looks leave out of the estimate of what a load did between them; calibrated. */
    private static final double LATE_FACTOR = 2;
    /** Sensors of unknown kind may lag by so much. */
    private static final double UNKNOWN_LAG_SECONDS = 0.05;
    /** Looks further apart leave out what comes and goes between them: a little, and from the second length on all of it. */
    private static final double SEEN_SECONDS = 0.1;
    private static final double UNSEEN_SECONDS = 0.3;
    /** The same in lengths of the mean, where power is one. */
    private static final double SEEN_MEANS = 0.25;
    private static final double UNSEEN_MEANS = 0.6;
    /** What a load did unseen is off by that part of how far power ranges from a minute before to a minute behind. */
    private static final double UNSEEN_PART = 0.3;
    private static final long RANGE_NANOS = 60_000_000_000L;

    private PowerIntegral() {
    }

    /** Joules with their standard deviation. */
    public record Estimate(double joules, double deviation) {
    }

    /** What was used between two moments, by power; null when power was not told for too much of that time. */
    public static Estimate told(PowerTrace trace, long from, long to, double averagingSeconds) {
        if (!isTold(trace, from, to)) {
            return null;
        }
        Estimate estimate = between(trace, from, to, averagingSeconds);
        double filled = estimate.joules() * Math.min(1, trace.holeSeconds(from, to) / ((to - from) / 1e9));
        return new Estimate(estimate.joules(), estimate.deviation() + filled / 2);
    }

    /** The joules of {@link #told} alone, for less; unavailable when power was not told for too much of that time. */
    public static double toldJoules(PowerTrace trace, long from, long to, double averagingSeconds) {
        if (!isTold(trace, from, to)) {
            return UNAVAILABLE;
        }
        if (isAvailable(averagingSeconds) && averagingSeconds > MAX_INSTANT_SECONDS) {
            return AveragedPower.between(trace, from, to, averagingSeconds).joules();
        }
        long shift = trace.delayNanos() > 0 ? 0 : shiftNanos(averagingSeconds);
        return Math.max(0, trace.filledJoules(from + shift, to + shift));
    }

    private static boolean isTold(PowerTrace trace, long from, long to) {
        long tolerance = Math.max(MIN_TOLERANCE_NANOS, (to - from) / 10) + trace.delayNanos();
        return !trace.isEmpty() && from - trace.nanos(trace.first()) > -tolerance
                && to - trace.nanos(trace.last()) < tolerance && trace.holeSeconds(from, to) * 1e9 < tolerance;
    }

    /** A mean tells of a time that is half its length ago. */
    private static long shiftNanos(double averagingSeconds) {
        return isAvailable(averagingSeconds) ? (long) (averagingSeconds / 2 * 1e9) : 0;
    }

    /** What was used between two moments, by power that is a mean of so many seconds. */
    public static Estimate between(PowerTrace trace, long from, long to, double averagingSeconds) {
        if (isAvailable(averagingSeconds) && averagingSeconds > MAX_INSTANT_SECONDS) {
            Estimate estimate = AveragedPower.between(trace, from, to, averagingSeconds);
            return new Estimate(estimate.joules(), estimate.deviation() + unseen(trace, from, to,
                    SEEN_MEANS * averagingSeconds, UNSEEN_MEANS * averagingSeconds));
        }
        if (trace.delayNanos() > 0) {
            return late(trace, from, to);
        }
        long shift = shiftNanos(averagingSeconds);
        double joules = trace.filledJoules(from + shift, to + shift);
        double lag = isAvailable(averagingSeconds) ? averagingSeconds / 4 : UNKNOWN_LAG_SECONDS;
        double ends = lag * (change(trace, from) + change(trace, to));
        double deviation = Math.sqrt(trace.variance(from + shift, to + shift) + ends * ends)
                + SENSOR_PART * joules + unseen(trace, from, to, SEEN_SECONDS, UNSEEN_SECONDS);
        return new Estimate(Math.max(0, joules), deviation);
    }

    /**
     * By how many joules a load that no look has met may be off. Looks that are far apart may meet a restless load at the
     * same turn again and again, and see a steady one: their errors add up.
     */
    private static double unseen(PowerTrace trace, long from, long to, double seenSeconds, double unseenSeconds) {
        double seconds = 0;
        for (int i = Math.max(trace.first(), trace.lastBefore(from)); i < trace.last() && trace.nanos(i) - to < 0; i++) {
            double gap = (trace.nanos(i + 1) - trace.nanos(i)) / 1e9;
            if (gap > seenSeconds && !trace.isAfterHole(i + 1)) {
                seconds += gap * Math.min(1, (gap - seenSeconds) / (unseenSeconds - seenSeconds));
            }
        }
        seconds = Math.min(seconds, (to - from) / 1e9);
        return seconds == 0 ? 0 : UNSEEN_PART * seconds * Math.max(0,
                trace.highest(from - RANGE_NANOS, to + RANGE_NANOS) - trace.lowest(from - RANGE_NANOS, to + RANGE_NANOS));
    }

    /**
     * By a meter that tells its power late: all of it may be shifted by half of its delay, and between two looks that are
     * far apart a load may have come and gone.
     */
    private static Estimate late(PowerTrace trace, long from, long to) {
        double joules = Math.max(0, trace.filledJoules(from, to));
        long half = trace.ageNanos();
        double ends = half / 1e9 * (spread(trace, from - half, from + half) + spread(trace, to - half, to + half));
        double between = LATE_FACTOR * Math.sqrt(trace.variance(from, to));
        return new Estimate(joules, Math.hypot(ends, between) + SENSOR_PART * joules);
    }

    /** By how much power differs at most among the looks around that time. */
    static double spread(PowerTrace trace, long from, long to) {
        int begin = Math.max(trace.first(), trace.lastBefore(from) - 1);
        int end = Math.min(trace.last(), trace.lastBefore(to) + 2);
        double highest = 0;
        double lowest = Double.POSITIVE_INFINITY;
        for (int i = begin; i <= end; i++) {
            highest = Math.max(highest, trace.watts(i));
            lowest = Math.min(lowest, trace.watts(i));
        }
        return Math.max(0, highest - lowest);
    }

    /** By how much power changes around a moment. */
    private static double change(PowerTrace trace, long moment) {
        int before = Math.max(trace.first(), trace.lastBefore(moment));
        int after = Math.min(trace.last(), before + 1);
        return Math.abs(trace.watts(after) - trace.watts(Math.max(trace.first(), before - 1)));
    }
}
