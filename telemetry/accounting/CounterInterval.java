package telemetry.accounting;

import static collectors.DeviceSample.isAvailable;

import telemetry.accounting.steps.DrawLimits;
import telemetry.accounting.steps.Looks;
import telemetry.accounting.steps.PowerTrace;
import telemetry.accounting.steps.StepHistory;

/** What a counter tells about the time between two moments. */
final class CounterInterval {

    /** A load that changes from step to step differs at the ends even where the steps' means do not; calibrated. */
    private static final double RESTLESS_PART = 0.8;
    /** Half-width of what holds 95 of 100 truths, in standard deviations as they are estimated here; calibrated. */
    private static final double COVERING = 2.4;
    /**
     * A rhythm that has been followed for a short time only is trusted too much: so many times further off steps were,
     * measured on simulated devices, and so many seconds after the first look it has passed.
     */
    private static final double MAX_EARLY_FACTOR = 1.4;
    private static final double EARLY_SECONDS = 1.5;
    private static final double SETTLED_SECONDS = 3.5;
    /** Standard deviation of the delay of drivers that do not tell theirs. */
    private static final double UNKNOWN_DELAY_SECONDS = 0.012;
    /** A load may change several times within a longer delay. */
    private static final double LONG_DELAY_SECONDS = 0.5;
    /** Energy bridged by power may be off by that part of the whole. */
    private static final double MAX_BRIDGED_ERROR = 0.04;
    /** The moments of steps are known to some milliseconds: over a shorter time that would matter. */
    private static final double MIN_PEAK_SECONDS = 0.09;

    private static final double MAX_FREQUENT_STEP_SECONDS = 0.12;
    private static final long NEAR_NANOS = 50_000_000L;

    private final CounterTrack track;
    private final CounterCurve curve;
    private final PowerTrace power;
    private final Looks looks;
    private final DrawLimits limits;

    CounterInterval(CounterTrack track, CounterCurve curve, PowerTrace power, Looks looks, DrawLimits limits) {
        this.track = track;
        this.curve = curve;
        this.power = power;
        this.looks = looks;
        this.limits = limits;
    }

    EnergyInterval between(long from, long to) {
        double seconds = (to - from) / 1e9;
        double hole = looks.longestHole(from, to) / 1e9;
        StepHistory history = track.history;
        CounterCurve.Point begin = curve.at(from);
        CounterCurve.Point end = curve.at(to);
        String problem = problem(from, to, begin, end);
        if (problem != null) {
            double coverage = Math.max(0, 1 - looks.holeNanos(from, to) / (double) (to - from));
            return EnergyInterval.refused(problem, EnergySource.COUNTER, coverage, hole);
        }
        int last = Math.min(end.step() + 1, history.last());
        double bridged = history.bridgedVariance(begin.step(), last);
        double slack = history.bridgedSlack(begin.step(), last);
        double least = Math.max(0, end.least() - begin.most() - slack);
        double most = Math.min(end.most() - begin.least() + slack, limits.maxWatts() * seconds);
        most = Math.max(least, most);
        double joules = Math.max(least, Math.min(most, end.joules() - begin.joules()));
        // An unknown delay shifts both ends alike: what counts is by how much the load differs there.
        double late = isAvailable(track.maxDelaySeconds())
                ? track.maxDelaySeconds() / (track.maxDelaySeconds() > LONG_DELAY_SECONDS ? 2 : 4)
                : UNKNOWN_DELAY_SECONDS;
        double differing = square(end.watts() - begin.watts())
                + RESTLESS_PART * (square(begin.restless()) + square(end.restless()));
        double delayed = late * Math.sqrt(differing);
        double ends = square(earlyFactor(from) * begin.deviation()) + square(earlyFactor(to) * end.deviation())
                + square(delayed);
        double uncertainty = COVERING * Math.sqrt(ends + bridged);
        uncertainty = Math.min(uncertainty, Math.max(most - joules, joules - least));
        boolean tailByPower = (to - history.latest(history.last())) / 1e9 > CounterTrack.STALL_SECONDS;
        double estimated = bridged + (tailByPower ? square(end.deviation()) : 0);
        if (COVERING * Math.sqrt(estimated) > MAX_BRIDGED_ERROR * joules + 1) {
            return EnergyInterval.refused(trouble() + ", and power tells too little of that time",
                    EnergySource.COUNTER, 1, hole);
        }
        boolean byPower = tailByPower || history.bridgedJoules(begin.step(), last) > joules / 2;
        double mean = joules / seconds;
        return new EnergyInterval(joules, uncertainty, least, most, mean, Math.max(mean, peak(from, to)),
                byPower ? EnergySource.INTEGRATED : EnergySource.COUNTER, 1, hole, null);
    }

    private String problem(long from, long to, CounterCurve.Point begin, CounterCurve.Point end) {
        StepHistory history = track.history;
        if (!track.isDecided() && !power.isEmpty() && !track.isIdle(to)) {
            return "its energy counter is still being compared with its power";
        }
        if (!track.hasMoved() && !track.isIdle(to)) {
            return "its energy counter has not moved yet";
        }
        if (begin == null || end == null || looks.isEmpty()) {
            return "it begins before what is remembered";
        }
        if (track.hasMoved() && history.first() == 0 && from - history.latest(1) < 0) {
            return "it begins before its energy counter was seen to move";
        }
        if (looks.isInHole(from) || looks.isInHole(to)) {
            boolean ends = looks.isInHole(to);
            return "it gave nothing for " + tenths(looks.longestHole(from, to)) + " s around the "
                    + (ends ? "end" : "begin");
        }
        if (history.isBroken(begin.step(), Math.min(end.step() + 1, history.last()))) {
            return track.brokenReason();
        }
        double rest = (to - history.latest(history.last())) / 1e9;
        if (rest > CounterTrack.STALL_SECONDS && power.isEmpty()) {
            return "its energy counter stands still";
        }
        return null;
    }

    /** The highest power that the steps around two moments may be of, in watts. */
    double highestAtEnds(long from, long to) {
        return Math.max(curve.at(from).watts(), curve.at(to).watts());
    }

    /** Whether a counter of frequent steps was seen to move at that moment: by a step's energy at most it stood elsewhere. */
    boolean isSeenAt(long nanos) {
        StepHistory history = track.history;
        int last = history.lastBefore(nanos + NEAR_NANOS);
        return track.isFrequent(MAX_FREQUENT_STEP_SECONDS) && last > history.first()
                && nanos - history.latest(last) <= NEAR_NANOS;
    }

    private String trouble() {
        return track.lastTrouble() == null ? "its energy counter stands still" : track.lastTrouble();
    }

    private double earlyFactor(long nanos) {
        double passed = (track.secondsAt(nanos) - EARLY_SECONDS) / (SETTLED_SECONDS - EARLY_SECONDS);
        return MAX_EARLY_FACTOR - (MAX_EARLY_FACTOR - 1) * Math.max(0, Math.min(passed, 1));
    }

    private static double square(double x) {
        return x * x;
    }

    private static double tenths(long nanos) {
        return Math.round(nanos / 1e8) / 10.0;
    }

    /** The highest power told or, without power, the highest mean of a step of some length. */
    private double peak(long from, long to) {
        if (!power.isEmpty()) {
            return power.highest(from, to);
        }
        StepHistory history = track.history;
        double peak = 0;
        int base = history.lastBefore(from) + 1;
        for (int i = base + 1; i <= history.last() && history.earliest(i) - to < 0; i++) {
            double seconds = (history.latest(i) - history.latest(base)) / 1e9;
            if (seconds >= MIN_PEAK_SECONDS) {
                peak = Math.max(peak, (history.joules(i) - history.joules(base)) / seconds);
                base = i;
            }
        }
        return peak;
    }
}
