package telemetry.accounting.steps;

import static collectors.DeviceSample.isAvailable;

/**
 * Energy by power over time: an estimate. Instantaneous power is integrated by trapezoid. Power that is a mean of the
 * last W seconds tells exactly what each stretch of W seconds cost; what is left over is carried, by whole such
 * stretches, to where the load was steadiest.
 */
public final class PowerIntegral {

    /** A sensor that kept its value for longer showed a steady load. */
    private static final long MAX_UPDATE_NANOS = 150_000_000L;
    private static final long MIN_TOLERANCE_NANOS = 100_000_000L;
    /** A mean over a shorter time is as good as instantaneous. */
    public static final double MAX_INSTANT_SECONDS = 0.1;
    /** Stretches, before and behind, to which what is left over is carried at most. */
    private static final int MAX_SHIFTS = 4;
    /** What sensors are off by among themselves, as a part. */
    private static final double SENSOR_PART = 0.003;
    /** By which part of the mean power a load may come and go within a mean's window. */
    private static final double HIDDEN_PART = 0.1;
    /** What a mean's window leaves out of the estimate of its error; calibrated. */
    private static final double AVERAGED_FACTOR = 2.2;
    /** What few looks leave out of the estimate of what a load did between them; calibrated. */
    private static final double LATE_FACTOR = 2;
    /** Sensors of unknown kind may lag by so much. */
    private static final double UNKNOWN_LAG_SECONDS = 0.05;

    private PowerIntegral() {
    }

    /** Joules with their standard deviation. */
    public record Estimate(double joules, double deviation) {
    }

    /** What was used between two moments, by power; null when power was not told for too much of that time. */
    public static Estimate told(PowerTrace trace, long from, long to, double averagingSeconds) {
        long tolerance = Math.max(MIN_TOLERANCE_NANOS, (to - from) / 10) + trace.delayNanos();
        boolean told = !trace.isEmpty() && from - trace.nanos(trace.first()) > -tolerance
                && to - trace.nanos(trace.last()) < tolerance && trace.holeSeconds(from, to) * 1e9 < tolerance;
        return told ? between(trace, from, to, averagingSeconds) : null;
    }

    /** What was used between two moments, by power that is a mean of so many seconds. */
    public static Estimate between(PowerTrace trace, long from, long to, double averagingSeconds) {
        if (isAvailable(averagingSeconds) && averagingSeconds > MAX_INSTANT_SECONDS) {
            return averaged(trace, from, to, averagingSeconds);
        }
        long shift = isAvailable(averagingSeconds) ? (long) (averagingSeconds / 2 * 1e9) : 0;
        double joules = trace.joules(from + shift, to + shift);
        if (trace.delayNanos() > 0) {
            return late(trace, from, to);
        }
        double lag = isAvailable(averagingSeconds) ? averagingSeconds / 4 : UNKNOWN_LAG_SECONDS;
        double ends = lag * (change(trace, from) + change(trace, to));
        double deviation = Math.sqrt(trace.variance(from + shift, to + shift) + ends * ends)
                + SENSOR_PART * joules;
        return new Estimate(Math.max(0, joules), deviation);
    }

    /**
     * By a meter that tells its power late: all of it may be shifted by half of its delay, and between two looks that are
     * far apart a load may have come and gone.
     */
    private static Estimate late(PowerTrace trace, long from, long to) {
        double joules = Math.max(0, trace.joules(from, to));
        long half = trace.delayNanos() / 2;
        double ends = half / 1e9 * (spread(trace, from - half, from + half) + spread(trace, to - half, to + half));
        double between = LATE_FACTOR * Math.sqrt(trace.variance(from, to));
        return new Estimate(joules, Math.hypot(ends, between) + SENSOR_PART * joules);
    }

    /** By how much power differs at most among the looks around that time. */
    private static double spread(PowerTrace trace, long from, long to) {
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

    private static Estimate averaged(PowerTrace trace, long from, long to, double window) {
        long windowNanos = (long) (window * 1e9);
        int whole = (int) ((to - from) / windowNanos);
        double joules = 0;
        for (int i = 0; i < whole; i++) {
            joules += window * trace.wattsAt(to - i * windowNanos);
        }
        long restEnd = to - whole * windowNanos;
        double update = updateSeconds(trace, from, to + windowNanos);
        double stale = whole > 0 ? update / 2 * Math.abs(trace.wattsAt(to) - trace.wattsAt(restEnd)) : 0;
        Estimate rest = rest(trace, from, restEnd, window, update);
        // A load that comes and goes within the window looks steady: a part of a window is never sure.
        double part = (restEnd - from) / 1e9;
        double hidden = HIDDEN_PART * Math.min(part, window - part) * trace.wattsAt(to);
        double deviation = AVERAGED_FACTOR * Math.hypot(hidden, Math.hypot(stale, rest.deviation))
                + SENSOR_PART * (joules + rest.joules);
        return new Estimate(Math.max(0, joules + rest.joules), deviation);
    }

    /** A stretch shorter than the mean's window. */
    private static Estimate rest(PowerTrace trace, long from, long to, double window, double update) {
        long windowNanos = (long) (window * 1e9);
        double seconds = (to - from) / 1e9;
        Estimate best = null;
        double moved = 0;
        for (int shift = 0; shift <= MAX_SHIFTS; shift++) {
            long back = shift * windowNanos;
            if (shift > 0) {
                moved += window * (trace.wattsAt(to - back + windowNanos) - trace.wattsAt(from - back + windowNanos));
            }
            best = better(best, steady(trace, from - back, to - back, seconds, window, moved, shift, update));
        }
        moved = 0;
        for (int shift = 1; shift <= MAX_SHIFTS; shift++) {
            long ahead = shift * windowNanos;
            moved -= window * (trace.wattsAt(to + ahead) - trace.wattsAt(from + ahead));
            best = better(best, steady(trace, from + ahead, to + ahead, seconds, window, moved, shift, update));
        }
        if (best == null) {
            double joules = Math.max(0, trace.joules(from + windowNanos / 2, to + windowNanos / 2));
            return new Estimate(joules, joules + trace.wattsAt(to) * seconds);
        }
        return best;
    }

    /** The stretch as if the load was steady around another one, from which it is so many windows away. */
    private static Estimate steady(PowerTrace trace, long from, long to, double seconds, double window, double moved,
            int shift, double update) {
        long windowNanos = (long) (window * 1e9);
        if (from - trace.nanos(trace.first()) < 0 || to + windowNanos - trace.nanos(trace.last()) > 0) {
            return null;
        }
        double highest = trace.highest(from - 1, to + windowNanos);
        double lowest = trace.lowest(from - 1, to + windowNanos);
        double base = trace.joules(from + windowNanos / 2, to + windowNanos / 2);
        double unsteady = Math.max(0, highest - lowest) * Math.min(seconds, window / 2);
        double stale = update * Math.abs(moved) / Math.max(seconds, 0.05);
        double noise = SENSOR_PART * highest * window * Math.sqrt(2.0 * shift);
        return new Estimate(Math.max(0, base + moved), Math.sqrt(unsteady * unsteady + stale * stale + noise * noise));
    }

    private static Estimate better(Estimate a, Estimate b) {
        return a == null || b != null && b.deviation < a.deviation ? b : a;
    }

    /** How long the sensor kept its value while it was changing: the longest time between two of its changes. */
    private static double updateSeconds(PowerTrace trace, long from, long to) {
        long longest = 0;
        int end = Math.min(trace.last(), trace.lastBefore(to));
        int begin = Math.max(trace.first() + 1, trace.lastBefore(from));
        long changed = trace.nanos(Math.max(trace.first(), begin - 1));
        boolean changing = false;
        for (int i = begin; i <= end; i++) {
            if (trace.watts(i) != trace.watts(i - 1)) {
                long kept = trace.nanos(i) - changed;
                longest = changing && kept < MAX_UPDATE_NANOS ? Math.max(longest, kept) : longest;
                changing = true;
                changed = trace.nanos(i);
            }
        }
        return longest / 1e9;
    }
}
