package telemetry.accounting.steps;

import telemetry.accounting.steps.PowerIntegral.Estimate;

/**
 * Energy by power that is a mean of the last W seconds: it tells what each stretch of W seconds cost. What is left over is
 * carried, by whole such stretches, to where the load was steadiest.
 *
 * <p>The sensor renews its value now and then, and a look sees it some time later. So the mean at a moment is known only
 * as well as it kept still for one renewal around that moment. A mean that moves by 10 W in 0.1 s hides a load that differs by
 * 100 W from that a second before.
 */
final class AveragedPower {

    /** A sensor that keeps its value for longer, and mostly does not, showed a steady load. */
    private static final long MAX_UPDATE_NANOS = 150_000_000L;
    /** Stretches, before and behind, to which what is left over is carried at most. */
    private static final int MAX_SHIFTS = 4;
    /** By which part of the mean power a load may come and go within a mean's window. */
    private static final double HIDDEN_PART = 0.15;
    /** The mean at a moment is off by that part of how far it moves within a renewal before and after; calibrated. */
    private static final double SPREAD_PART = 0.32;
    /** By which part of the mean's moving around a stretch, and its fastest, the stretch is off; calibrated. */
    private static final double UNSTEADY_PART = 0.6;
    private static final double RESTLESS_PART = 0.25;
    /** The same by the fastest of all stretches that were looked at: a rhythm of about the window looks steady at times. */
    private static final double RESTLESS_ELSEWHERE_PART = 0.2;

    private final PowerTrace trace;
    private final double window;
    private final long windowNanos;
    /** From change to change of the told value, and how old it is on average. */
    private long renewalNanos;
    private long lagNanos;
    /** By how many watts a nanosecond the mean moved at most in the stretches that were looked at. */
    private double fastest;

    private AveragedPower(PowerTrace trace, double window) {
        this.trace = trace;
        this.window = window;
        this.windowNanos = (long) (window * 1e9);
    }

    /** What was used between two moments; holds no more than a few passes over the samples between them. */
    static Estimate between(PowerTrace trace, long from, long to, double window) {
        AveragedPower power = new AveragedPower(trace, window);
        power.learnRenewal(from, to + power.windowNanos);
        return power.between(from, to);
    }

    private Estimate between(long from, long to) {
        int whole = (int) ((to - from) / windowNanos);
        double joules = 0;
        double stale = 0;
        for (int i = 0; i < whole; i++) {
            joules += window * mean(to - i * windowNanos);
            // Stretches one after the other are one longer stretch, read at its two ends: their errors do not add up.
            stale = Math.max(stale, error(to - i * windowNanos));
        }
        long restEnd = to - whole * windowNanos;
        Estimate rest = rest(from, restEnd);
        // A load that comes and goes within the window looks steady: a part of a window is never sure.
        double part = (restEnd - from) / 1e9;
        double hidden = HIDDEN_PART * Math.min(part, window - part) * mean(to);
        double deviation = Math.hypot(hidden, Math.hypot(stale, rest.deviation()))
                + PowerIntegral.SENSOR_PART * (joules + rest.joules());
        return new Estimate(Math.max(0, joules + rest.joules()), deviation);
    }

    /** Watts, mean of the window before a moment. */
    private double mean(long moment) {
        return trace.wattsAt(moment + lagNanos);
    }

    /** Joules by which the mean at a moment, over its window, is likely to be wrong. */
    private double error(long moment) {
        long from = moment + lagNanos - renewalNanos;
        long to = moment + lagNanos + renewalNanos;
        double begin = trace.wattsAt(from);
        double end = trace.wattsAt(to);
        double highest = Math.max(begin, end);
        double lowest = Math.min(begin, end);
        for (int i = trace.lastBefore(from) + 1, last = trace.lastBefore(to); i <= last; i++) {
            highest = Math.max(highest, trace.watts(i));
            lowest = Math.min(lowest, trace.watts(i));
        }
        return SPREAD_PART * window * (highest - lowest);
    }

    /** A stretch shorter than the mean's window. */
    private Estimate rest(long from, long to) {
        double seconds = (to - from) / 1e9;
        Estimate best = null;
        double moved = 0;
        double variance = 0;
        for (int shift = 0; shift <= MAX_SHIFTS; shift++) {
            long back = shift * windowNanos;
            if (shift > 0) {
                moved += moved(from - back + windowNanos, to - back + windowNanos);
                variance += movedVariance(from - back + windowNanos, to - back + windowNanos);
            }
            if (isTold(from - back, to)) {
                best = better(best, steady(from - back, to - back, seconds, moved, variance, shift));
            }
        }
        moved = 0;
        variance = 0;
        for (int shift = 1; shift <= MAX_SHIFTS; shift++) {
            long ahead = shift * windowNanos;
            moved -= moved(from + ahead, to + ahead);
            variance += movedVariance(from + ahead, to + ahead);
            if (isTold(from, to + ahead)) {
                best = better(best, steady(from + ahead, to + ahead, seconds, moved, variance, shift));
            }
        }
        if (best == null) {
            double joules = Math.max(0, trace.filledJoules(from + windowNanos / 2, to + windowNanos / 2));
            return new Estimate(joules, joules + UNSTEADY_PART * trace.wattsAt(to) * seconds);
        }
        double restless = RESTLESS_ELSEWHERE_PART * windowNanos * fastest * Math.min(seconds, window - seconds);
        return new Estimate(best.joules(), Math.max(best.deviation(), restless));
    }

    /** Whether there is no hole in what tells of that time: a load looks steady where nobody has looked. */
    private boolean isTold(long from, long to) {
        return trace.holeSeconds(from, to + windowNanos + lagNanos) == 0;
    }

    /** Joules that a stretch cost more than the one that lies a window before it. */
    private double moved(long from, long to) {
        return window * (mean(to) - mean(from));
    }

    private double movedVariance(long from, long to) {
        double begin = error(from);
        double end = error(to);
        return begin * begin + end * end;
    }

    /** The stretch as if the load was steady around another one, from which it is so many windows away. */
    private Estimate steady(long from, long to, double seconds, double moved, double variance, int shift) {
        long end = to + windowNanos + lagNanos;
        if (from - trace.nanos(trace.first()) < 0 || end - trace.nanos(trace.last()) > 0) {
            return null;
        }
        double base = trace.joules(from + windowNanos / 2 + lagNanos, to + windowNanos / 2 + lagNanos);
        double highest = 0;
        double lowest = Double.POSITIVE_INFINITY;
        double fast = 0;
        int last = trace.lastBefore(end);
        for (int i = Math.max(trace.first() + 1, trace.lastBefore(from - 1) + 1); i <= last; i++) {
            double watts = trace.watts(i);
            highest = Math.max(highest, watts);
            lowest = Math.min(lowest, watts);
            long apart = Math.max(renewalNanos, trace.nanos(i) - trace.nanos(i - 1));
            fast = Math.max(fast, Math.abs(watts - trace.watts(i - 1)) / apart);
        }
        fastest = Math.max(fastest, fast);
        double restless = RESTLESS_PART * windowNanos * fast * Math.min(seconds, window - seconds);
        double moving = UNSTEADY_PART * Math.max(0, highest - lowest) * Math.min(seconds, window / 2);
        double unsteady = Math.max(restless, moving);
        double noise = PowerIntegral.SENSOR_PART * highest * window * Math.sqrt(2.0 * shift);
        return new Estimate(Math.max(0, base + moved), Math.sqrt(unsteady * unsteady + variance + noise * noise));
    }

    private static Estimate better(Estimate a, Estimate b) {
        return a == null || b != null && b.deviation() < a.deviation() ? b : a;
    }

    /** How long the sensor keeps a value while the load changes, and for how long it was surely seen to. */
    private void learnRenewal(long from, long to) {
        long shortSum = 0;
        long longSum = 0;
        int shorts = 0;
        int longs = 0;
        long same = 0;
        int end = Math.min(trace.last(), trace.lastBefore(to));
        int begin = Math.max(trace.first() + 1, trace.lastBefore(from));
        long changed = trace.nanos(Math.max(trace.first(), begin - 1));
        boolean changing = false;
        for (int i = begin; i <= end; i++) {
            if (trace.watts(i) == trace.watts(i - 1)) {
                continue;
            }
            long kept = trace.nanos(i) - changed;
            if (changing && kept < MAX_UPDATE_NANOS) {
                shorts++;
                shortSum += kept;
                same = Math.max(same, trace.nanos(i - 1) - changed);
            } else if (changing) {
                longs++;
                longSum += kept;
            }
            changing = true;
            changed = trace.nanos(i);
        }
        renewalNanos = longs > shorts ? longSum / longs : shorts > 0 ? shortSum / shorts : 0;
        long surely = longs > shorts ? renewalNanos : Math.min(same, renewalNanos);
        lagNanos = (surely + renewalNanos) / 4;
    }
}
