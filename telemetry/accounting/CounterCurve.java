package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import telemetry.accounting.steps.DrawLimits;
import telemetry.accounting.steps.PowerIntegral;
import telemetry.accounting.steps.PowerTrace;
import telemetry.accounting.steps.StepHistory;
import telemetry.accounting.steps.StepMoments;
import telemetry.accounting.steps.StepShape;

/**
 * Where a counter's energy stood at any moment, between its steps too: the likeliest value, how far that may be off,
 * and bounds that hold whenever the counter is right, because energy only grows and the device can draw only so much.
 */
final class CounterCurve {

    /** Steps around a moment that tell how restless the load is. */
    private static final int NEIGHBOURS = 4;
    /** Drivers whose delay is not known may publish so late. */
    private static final double UNKNOWN_DELAY_SECONDS = 0.03;
    /** Parts of a step's energy at stake by which the curve is off; calibrated on simulated loads. */
    private static final double SHAPE_BY_NEIGHBOURS = 0.18;
    private static final double SHAPE_BY_POWER = 0.12;
    private static final double SHAPE_BY_UNKNOWN_POWER = 0.2;
    /** The longer a step, the more may happen within it that no other step shows; per second. */
    private static final double SHAPE_HIDDEN_PER_SECOND = 0.04;
    /** Within a second or more most loads come and go: more of it hides little more. */
    private static final double MAX_SHAPE_HIDDEN = 0.13;
    private static final double HIDING_SQUARE_SECONDS = 0.3;
    private static final double SHAPE_HIDDEN_WITH_POWER = 0.02;
    /** The same where the looks make the steps long, which a restless load may meet at the same turn again and again. */
    private static final double MAX_UNSEEN = 0.3;
    private static final double UNSEEN_CUBE_SECONDS = 0.05;
    /** Of the looks around a step, in its length. */
    private static final double UNSEEN_PART = 0.6;
    /** So many standard deviations of a step's mean power are no sign of a load that switches. */
    private static final double SURE = 3;
    /** How much of the load's restlessness counts where the moment of a step is uncertain. */
    private static final double RESTLESS_PART = 0.4;
    /** A step that is later than that many steps after the last one is overdue: steps jitter, but not by so much. */
    private static final double MAX_CARRIED_STEPS = 1.25;
    private static final double TAIL = 0.4;

    private static final double MIN_POWER_SECONDS = 0.04;
    /** When the counter could not be read for so long, power knows better than its last steps. */
    private static final double MAX_HIDDEN_SECONDS = 0.3;

    private final CounterTrack track;
    private final StepHistory history;
    private final StepMoments moments;
    private final StepShape shape;
    private final ToldPower told;
    private final PowerTrace power;
    private final DrawLimits limits;

    CounterCurve(CounterTrack track, ToldPower told, DrawLimits limits) {
        this.track = track;
        this.history = track.history;
        this.moments = new StepMoments(history, track.rhythm, track.interval);
        this.told = told;
        this.power = told.trace();
        this.shape = new StepShape(history, moments, power);
        this.limits = limits;
    }

    /**
     * Where the energy stood.
     *
     * @param joules    since the first step
     * @param deviation standard deviation of that
     * @param least     it was not lower
     * @param most      it was not higher
     * @param watts     mean power of the step that the moment is in
     * @param restless  by how many watts the load changes from step to step around it, 0 where power tells its course
     * @param step      the step at or before the moment
     * @param begin     of that step, in nanoseconds
     * @param end       of that step; the moment itself behind the last step
     */
    record Point(double joules, double deviation, double least, double most, double watts, double restless,
            int step, long begin, long end) {
    }

    /** Where the energy stood at a moment; null before the first step. */
    Point at(long moment) {
        long nanos = delayed(moment);
        int sure = history.lastBefore(nanos);
        return at(nanos, sure, sure, true);
    }

    /**
     * The same without how far it may be off, for what is asked again and again about moments around the last step: at
     * these the same steps are taken into account, so that their moments are worked out once.
     */
    Point latelyAt(long moment) {
        long nanos = delayed(moment);
        int sure = history.lastBefore(nanos);
        return at(nanos, sure, Math.min(sure, history.last() - 1), false);
    }

    /** There is a step more, or something else is known of them. */
    void forget() {
        moments.forget();
    }

    /** What a step shows is older than the step by half of the longest delay, as far as is known. */
    private long delayed(long moment) {
        double delay = track.maxDelaySeconds();
        return isAvailable(delay) ? moment + (long) (delay / 2 * 1e9) : moment;
    }

    private Point at(long nanos, int sure, int from, boolean withError) {
        moments.locate(from - NEIGHBOURS, sure + NEIGHBOURS + 1);
        int step = Math.max(moments.first(), Math.min(sure, moments.last()));
        while (step < moments.last() && moments.nanos(step + 1) - nanos <= 0) {
            step++;
        }
        while (step > moments.first() && moments.nanos(step) - nanos > 0) {
            step--;
        }
        if (moments.nanos(step) - nanos > 0) {
            return before(nanos, step);
        }
        return step == moments.last() ? behind(nanos, step, withError) : within(nanos, step, withError);
    }

    /** Watts of the latest steps, over a time long enough for the steps' moments to be known; or unavailable. */
    double latestWatts() {
        int last = history.last();
        moments.locate(last - NEIGHBOURS, last);
        for (int i = last - 1; i >= moments.first(); i--) {
            double seconds = (moments.nanos(last) - moments.nanos(i)) / 1e9;
            if (history.link(i + 1) != StepHistory.Link.COUNTED) {
                break;
            }
            if (i > 0 && seconds >= MIN_POWER_SECONDS) {
                return (history.joules(last) - history.joules(i)) / seconds;
            }
        }
        return UNAVAILABLE;
    }

    private Point before(long nanos, int step) {
        double seconds = (moments.nanos(step) - nanos) / 1e9;
        if (seconds > Math.max(0.05, 2 * track.typicalGapSeconds())) {
            return null;
        }
        double slope = Math.max(0, shape.slope(step));
        double joules = history.joules(step) - slope * seconds;
        return new Point(joules, slope * (seconds + moments.deviation(step)), joules - limits.maxWatts() * seconds,
                history.joules(step), slope, 0, step, nanos, moments.nanos(step));
    }

    private Point within(long nanos, int step, boolean withError) {
        long begin = moments.nanos(step);
        long end = moments.nanos(step + 1);
        double seconds = (end - begin) / 1e9;
        double part = (nanos - begin) / (double) (end - begin);
        double energy = history.joules(step + 1) - history.joules(step);
        boolean isLong = seconds > 3 * Math.max(0.1, track.typicalGapSeconds())
                || history.link(step + 1) != StepHistory.Link.COUNTED;
        double averagingSeconds = told.averagingSeconds(begin, end);
        boolean instantPower = told.followsLoad(begin, end);
        double until;
        double unknown;
        double watts = energy / seconds;
        double restless = 0;
        PowerIntegral.Estimate byPower = isLong ? told.between(begin, end) : null;
        if (byPower != null && byPower.joules() > 0) {
            PowerIntegral.Estimate early = PowerIntegral.between(power, begin, nanos, averagingSeconds);
            until = Math.min(energy, energy * early.joules() / byPower.joules());
            unknown = Math.min(early.deviation(), energy / 3);
        } else {
            until = shape.joulesUntil(nanos, step, instantPower);
            restless = withError ? restlessness(step) : 0;
            double stake = 4 * part * (1 - part);
            unknown = isLong || !withError ? energy * Math.sqrt(part * (1 - part))
                    : stake * (seconds * shapeError(averagingSeconds, instantPower) * restless
                            + hiddenJoules(step, seconds, watts, instantPower));
            watts += RESTLESS_PART * restless;
        }
        double early = (1 - part) * moments.deviation(step) * watts;
        double late = part * moments.deviation(step + 1) * watts;
        double deviation = Math.sqrt(unknown * unknown + early * early + late * late);
        double joules = history.joules(step) + until;
        return bounded(nanos, joules, deviation, energy / seconds, restless, step, begin, end);
    }

    /** How much of a step's energy may come and go within it without a trace in other steps, and in looks. */
    private double hiddenJoules(int step, double seconds, double watts, boolean instantPower) {
        boolean isMomentary = told.isMomentary(moments.nanos(step), moments.nanos(step + 1));
        double hidden = watts * hiddenPart(seconds, instantPower || isMomentary);
        double unseen = instantPower || !isLongForLooks(step + 1, seconds) ? 0
                : unseenPart(seconds) * (isMomentary ? unseenWatts(step, watts) : watts);
        return seconds * Math.max(hidden, unseen);
    }

    /** Which part of a step's energy may come and go within it without a trace in other steps. */
    private static double hiddenPart(double seconds, boolean instantPower) {
        double squared = seconds * seconds;
        return instantPower ? SHAPE_HIDDEN_WITH_POWER * seconds
                : Math.max(SHAPE_HIDDEN_PER_SECOND * seconds,
                        MAX_SHAPE_HIDDEN * squared / (squared + HIDING_SQUARE_SECONDS));
    }

    /** Whether a step is as long as that because looks are far apart, not steps. */
    private boolean isLongForLooks(int step, double seconds) {
        double stated = track.stepSeconds();
        return (history.latest(step) - history.earliest(step)) / 1e9 > UNSEEN_PART * seconds
                || isAvailable(stated) && stated < seconds / 2 || track.interval.mostSeconds() < seconds / 2;
    }

    /**
     * How many watts may have come and gone between two looks: a load that switches differs, as it is told at the looks,
     * from the mean between them. Where it is not told, all of the mean may.
     */
    private double unseenWatts(int step, double mean) {
        double sum = 0;
        int steps = 0;
        for (int i = Math.max(moments.first(), step - NEIGHBOURS); i < Math.min(moments.last(), step + NEIGHBOURS); i++) {
            double slope = shape.slope(i);
            double highest = power.highest(moments.nanos(i), moments.nanos(i + 1));
            if (slope >= 0 && isAvailable(highest)) {
                double lowest = power.lowest(moments.nanos(i), moments.nanos(i + 1));
                double differing = Math.max(highest - slope, slope - lowest);
                double seconds = (moments.nanos(i + 1) - moments.nanos(i)) / 1e9;
                double noise = SURE * slope * Math.hypot(moments.deviation(i), moments.deviation(i + 1)) / seconds;
                sum += Math.max(0, differing * differing - noise * noise);
                steps++;
            }
        }
        return steps == 0 ? mean : Math.sqrt(sum / steps);
    }

    private static double unseenPart(double seconds) {
        double cubed = seconds * seconds * seconds;
        return MAX_UNSEEN * cubed / (cubed + UNSEEN_CUBE_SECONDS);
    }

    private static double shapeError(double averagingSeconds, boolean instantPower) {
        return !instantPower ? SHAPE_BY_NEIGHBOURS
                : isAvailable(averagingSeconds) ? SHAPE_BY_POWER : SHAPE_BY_UNKNOWN_POWER;
    }

    /** Behind the last step there is only power, or the hope that the load stays as it was. */
    private Point behind(long nanos, int step, boolean withError) {
        long begin = moments.nanos(step);
        double seconds = (nanos - begin) / 1e9;
        double slope = Math.max(0, shape.slope(step - 1));
        boolean hidden = !track.isPresent() && !power.isEmpty()
                && (nanos - track.lastLook()) / 1e9 > MAX_HIDDEN_SECONDS;
        boolean resting = hidden || seconds > 3 * Math.max(0.1, track.typicalGapSeconds());
        boolean powerTells = resting || told.followsLoad(begin, nanos);
        if (!withError && powerTells) {
            double joules = told.joules(begin, nanos);
            if (isAvailable(joules)) {
                return bounded(nanos, history.joules(step) + joules, 0, slope, 0, step, begin, nanos);
            }
        }
        PowerIntegral.Estimate byPower = withError && powerTells ? told.between(begin, nanos) : null;
        double joules;
        double unknown;
        double restless = 0;
        if (byPower != null) {
            joules = byPower.joules();
            unknown = byPower.deviation();
        } else if (hidden) { // a hole adds nothing until the counter comes back and tells what was used in it
            joules = power.joules(begin, nanos);
            unknown = joules;
        } else {
            joules = track.forecast.watts() * carriedSeconds(nanos, begin, step);
            restless = withError ? restlessness(step - 1) : 0;
            unknown = TAIL * seconds * (slope + restless);
        }
        double deviation = Math.hypot(unknown, moments.deviation(step) * slope);
        return bounded(nanos, history.joules(step) + joules, deviation, slope, restless, step, begin, nanos);
    }

    /**
     * For how long the load is taken to go on after the last step. A look at which the next step was overdue has told
     * that nothing was used. Where it is not known how far steps are apart, the counter is taken at its word.
     */
    private double carriedSeconds(long nanos, long begin, int step) {
        double unseen = Math.max(0, nanos - track.lastLook()) / 1e9;
        double apart = track.stepSeconds();
        if (!isAvailable(apart)) {
            return Math.min(unseen, Math.max(0, nanos - history.latest(step)) / 1e9);
        }
        double outstanding = MAX_CARRIED_STEPS * apart;
        boolean overdue = (track.lastLook() - begin) / 1e9 > outstanding;
        return Math.min((nanos - begin) / 1e9, overdue ? outstanding : outstanding + unseen);
    }

    private Point bounded(long nanos, double joules, double deviation, double watts, double restless,
            int step, long begin, long end) {
        boolean known = isAvailable(track.maxDelaySeconds());
        long before = known ? (long) (track.maxDelaySeconds() / 2 * 1e9) : 0;
        long delayNanos = known ? before : (long) (UNKNOWN_DELAY_SECONDS * 1e9);
        double most = Double.POSITIVE_INFINITY;
        double least = Double.NEGATIVE_INFINITY;
        for (int i = moments.first(); i <= moments.last(); i++) {
            double stood = history.joules(i);
            double sooner = (history.earliest(i) - delayNanos - nanos) / 1e9;
            double later = (nanos - before - history.latest(i)) / 1e9;
            most = Math.min(most, stood + limits.maxWatts() * Math.max(0, -sooner));
            least = Math.max(least, stood - limits.maxWatts() * Math.max(0, -later));
        }
        return new Point(Math.max(least, Math.min(most, joules)), deviation, least, most, watts, restless, step, begin,
                end);
    }

    /** By how many watts the load changes from step to step around one. */
    private double restlessness(int step) {
        double sum = 0;
        double weights = 0;
        for (int i = step - NEIGHBOURS; i < step + NEIGHBOURS; i++) {
            double slope = shape.slope(i);
            double next = shape.slope(i + 1);
            if (slope >= 0 && next >= 0) {
                double weight = i == step || i == step - 1 ? 1 : 0.2;
                sum += weight * (next - slope) * (next - slope);
                weights += weight;
            }
        }
        return weights > 0 ? Math.sqrt(sum / weights) : Math.max(0, shape.slope(step));
    }
}
