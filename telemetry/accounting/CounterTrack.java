package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import collectors.DeviceSample;
import telemetry.accounting.steps.CounterComparison;
import telemetry.accounting.steps.DrawLimits;
import telemetry.accounting.steps.EnergyCounter;
import telemetry.accounting.steps.LoadForecast;
import telemetry.accounting.steps.MoveGaps;
import telemetry.accounting.steps.PowerIntegral;
import telemetry.accounting.steps.PowerTrace;
import telemetry.accounting.steps.RhythmSearch;
import telemetry.accounting.steps.StampClock;
import telemetry.accounting.steps.StepHistory;
import telemetry.accounting.steps.StepInterval;
import telemetry.accounting.steps.StepRhythm;

/** Follows one device's energy counter from look to look: where it stood when, and whether it can be believed. */
final class CounterTrack {

    /** A counter that has not moved for so long, while so much was drawn, has stopped counting. */
    static final double STALL_SECONDS = MoveGaps.STALL_SECONDS;
    private static final double STALL_JOULES = 2;
    /** A counter that moves on after such a rest by less than this part of what was drawn did not count it. */
    private static final double MIN_COUNTED_PART = 0.5;
    /** Counters are published in batches, up to 2.2 s apart. */
    private static final long MAX_BATCH_NANOS = 2_500_000_000L;
    /** 20 kW for six years; 2^63 µJ, 0xFFFFFFFF kJ and the like are beyond. */
    private static final double MAX_COUNTER_JOULES = 4.0e12;
    /** Without power, the mean before carries the energy over so short a time when a counter is reset. */
    private static final double MAX_CARRIED_SECONDS = 0.5;

    private final EnergyCounter counter = new EnergyCounter();
    private final CounterComparison comparison = new CounterComparison();
    private final StampClock stamps = new StampClock();
    private final ToldPower told;
    private final PowerTrace power;
    private final DrawLimits limits;
    final StepHistory history = new StepHistory();
    private final MoveGaps gaps = new MoveGaps();
    final StepRhythm rhythm = new StepRhythm();
    private final RhythmSearch search = new RhythmSearch();
    final StepInterval interval = new StepInterval();
    final LoadForecast forecast = new LoadForecast();

    private final long base;
    private long lookAsked;
    private long movedNanos;
    private double maxDelaySeconds = UNAVAILABLE;
    private double statedStepSeconds = UNAVAILABLE;
    private boolean hasMoved;
    private boolean present;
    private long missedNanos;
    private String lastTrouble;
    private String brokenReason;

    CounterTrack(ToldPower told, DrawLimits limits, long base) {
        this.told = told;
        this.power = told.trace();
        this.limits = limits;
        this.base = base;
    }

    /** Takes in a look; the looks' cadence is in nanoseconds. */
    void look(DeviceSample sample, long asked, long answered, double cadence) {
        double raw = sample.energyCounterJoules;
        present = isAvailable(raw) && raw <= MAX_COUNTER_JOULES && !isRefused();
        if (!present) {
            return;
        }
        if (sample.energyCounterBelieved) {
            comparison.believe();
        }
        maxDelaySeconds = sample.energyCounterDelaySeconds;
        statedStepSeconds = sample.energyCounterStepSeconds;
        double rest = (answered - movedNanos) / 1e9;
        PowerIntegral.Estimate byPower = history.isEmpty() || counter.isStill(raw) ? null
                : byPower(middle(likelyEarliestStep(answered, cadence), answered));
        EnergyCounter.Outcome outcome = counter.take(raw, rest, sample.energyCounterRangeJoules, limits.maxWatts(),
                byPower == null ? UNAVAILABLE : byPower.joules());
        if (lookAsked != 0) {
            interval.add((asked - lookAsked) / 1e9, outcome != EnergyCounter.Outcome.STILL);
        }
        switch (outcome) {
            case FIRST -> {
                missedNanos = sample.energyMissedNanos;
                history.add(answered - batchNanos(sample), answered, 0);
                movedNanos = answered;
            }
            case STILL -> stamps.still(sample.energyCounterNanos);
            case MOVED -> moved(sample, asked, answered, cadence, byPower);
            default -> {
                lost(outcome, asked, answered);
                comparison.jump(byPower != null);
            }
        }
        lookAsked = asked;
        search(middle(asked, answered), outcome != EnergyCounter.Outcome.STILL);
    }

    private void search(long nanos, boolean moved) {
        search.add((nanos - base) / 1e9, moved);
        if (rhythm.isSearching() && search.isDue() && search.find()) {
            rhythm.found(search.phase(), search.phaseError(), search.period(), search.periodError());
        }
    }

    /** Since when the step that a look has seen may have come. */
    private long earliestStep(long asked, long lookBefore) {
        return isAvailable(statedStepSeconds) ? Math.max(lookBefore, asked - (long) (statedStepSeconds * 1e9))
                : lookBefore;
    }

    /** Since when it is likely to have come. */
    private long likelyEarliestStep(long answered, double cadence) {
        return gaps.isSlow(cadence) ? lookAsked : Math.max(lookAsked, answered - (long) (interval.mostSeconds() * 1e9));
    }

    private static long middle(long a, long b) {
        return a + (b - a) / 2;
    }

    private static long batchNanos(DeviceSample sample) {
        return isAvailable(sample.energyCounterStepSeconds) ? (long) (sample.energyCounterStepSeconds * 1e9)
                : MAX_BATCH_NANOS;
    }

    private void moved(DeviceSample sample, long asked, long answered, double cadence,
            PowerIntegral.Estimate byPower) {
        long earliest = earliestStep(asked, lookAsked);
        long latest = answered;
        stamps.step(sample.energyCounterNanos, earliest, latest);
        if (stamps.isProved()) {
            earliest = Math.max(earliest, stamps.earliest());
            latest = Math.min(latest, stamps.latest());
        }
        double rest = (answered - movedNanos) / 1e9;
        double difference = counter.differenceJoules();
        boolean rested = gaps.isRest(rest, cadence);
        boolean uncounted = sample.energyMissedNanos > missedNanos;
        missedNanos = sample.energyMissedNanos;
        double drawn = byPower != null ? byPower.joules() : leastByPower(answered);
        boolean missed = rested && drawn > STALL_JOULES && difference < MIN_COUNTED_PART * drawn;
        double joules = history.joules(history.last());
        if (uncounted || missed) {
            append(earliest, latest, joules);
            bridge(byPower, uncounted ? "it was not counted for a while"
                    : "its energy counter stood still for " + Math.round(rest) + " s");
            if (missed && !uncounted) {
                rhythm.interrupt();
            }
        } else {
            int before = history.last();
            append(earliest, latest, joules + difference);
            double between = (moment(before + 1) - moment(before)) / 1e9;
            if (hasMoved && !rested) {
                forecast.step(difference / Math.max(between, 0.3 * rest));
            }
            comparison.move(difference, byPower == null ? -1 : byPower.joules(), rest);
            if (power.isEmpty()) {
                comparison.cannotCompare();
            }
        }
        if ((hasMoved || rested) && gaps.add(rest, rested, missed)) {
            rhythm.interrupt();
        }
        hasMoved = true;
        movedNanos = answered;
    }

    private void append(long earliest, long latest, double joules) {
        if (interval.isKnown()) {
            rhythm.add((earliest - base) / 1e9, (latest - base) / 1e9, interval.seconds());
        }
        history.add(earliest, latest, joules);
        if (rhythm.hasPrior()) {
            history.foreseen(rhythm.priorMean() - (latest - base) / 1e9, rhythm.priorVariance());
        }
    }

    /** The counter was reset, or wrapped an unknown number of times: power knows what it does not tell. */
    private void lost(EnergyCounter.Outcome outcome, long asked, long answered) {
        double rest = (answered - movedNanos) / 1e9;
        PowerIntegral.Estimate carried = carried(rest);
        append(earliestStep(asked, lookAsked), answered, history.joules(history.last()));
        int last = history.last();
        PowerIntegral.Estimate byPower = told.between(moment(last - 1), moment(last));
        bridge(byPower == null ? carried : byPower, outcome == EnergyCounter.Outcome.AMBIGUOUS
                ? "its energy counter may have wrapped more than once" : "its energy counter was reset");
        movedNanos = answered;
    }

    /** When a step came, as near as was known at once. */
    private long moment(int step) {
        if (!history.wasForeseen(step)) {
            long apart = (long) (interval.mostSeconds() * 1e9);
            return middle(Math.max(history.earliest(step), history.latest(step) - apart), history.latest(step));
        }
        long foreseen = history.latest(step) + (long) (history.priorSeconds(step) * 1e9);
        return Math.max(history.earliest(step), Math.min(history.latest(step), foreseen));
    }

    /** The energy before the newest step is by power, or unknown where that tells nothing. */
    private void bridge(PowerIntegral.Estimate byPower, String trouble) {
        lastTrouble = trouble;
        if (byPower == null) {
            history.broken();
            brokenReason = trouble;
        } else {
            history.bridged(byPower.joules(), square(byPower.deviation()), byPower.joules());
        }
    }

    /** What was used since the last step, by power; null when power was not told for too much of that time. */
    private PowerIntegral.Estimate byPower(long to) {
        int last = history.last();
        long from = moment(last);
        if (last == history.first() && !hasMoved) {
            from = history.latest(last);
        }
        return told.between(from, to);
    }

    /** What power tells at least of the time since the last step, where it was not told all the time. */
    private double leastByPower(long to) {
        return power.isEmpty() ? 0 : power.joules(Math.max(movedNanos, power.nanos(power.first())),
                Math.min(to, power.nanos(power.last())));
    }

    private PowerIntegral.Estimate carried(double seconds) {
        int last = history.last();
        if (seconds > MAX_CARRIED_SECONDS || last - history.first() < 2) {
            return null;
        }
        double joules = forecast.watts() * seconds;
        return new PowerIntegral.Estimate(joules, joules / 3);
    }

    /** The device could not be asked. */
    void absent() {
        present = false;
    }

    boolean isPresent() {
        return present;
    }

    boolean isRefused() {
        return comparison.verdict() == CounterComparison.Verdict.REFUSED;
    }

    /** Whether the counter is believed, refused, or plainly does not count. */
    boolean isDecided() {
        return comparison.verdict() != CounterComparison.Verdict.OPEN;
    }

    boolean hasMoved() {
        return hasMoved;
    }

    /** How many times too fast a refused counter runs. */
    double factor() {
        return comparison.factor();
    }

    /** Whether the counter stands still although the device draws power. */
    boolean isStalled(long now) {
        return restJoules(now) > STALL_JOULES;
    }

    /** Whether the counter can be read and rests, and nothing else tells whether power is drawn. */
    boolean isMute(long now) {
        return present && hasMoved && power.isEmpty() && !isAlive(now);
    }

    /** Whether the counter rests because the device draws nothing. */
    boolean isIdle(long now) {
        double joules = restJoules(now);
        return isAvailable(joules) && joules <= STALL_JOULES;
    }

    /** What was used by power since a counter moved that has rested for long; unavailable for others. */
    private double restJoules(long now) {
        boolean rests = !history.isEmpty() && (now - movedNanos) / 1e9 > STALL_SECONDS;
        return rests && !power.isEmpty() ? power.joules(movedNanos, now) : UNAVAILABLE;
    }

    /** Whether the counter moved lately, or may well rest. */
    boolean isAlive(long now) {
        return present && (now - movedNanos) / 1e9 < STALL_SECONDS;
    }

    /** Seconds from move to move as they were seen lately. */
    double typicalGapSeconds() {
        return gaps.typicalSeconds();
    }

    /** How long after a step the next one comes at most, in seconds; unavailable while that is not known. */
    double stepSeconds() {
        if (isAvailable(statedStepSeconds)) {
            return statedStepSeconds;
        }
        return rhythm.isKnown() ? rhythm.periodSeconds() : interval.isKnown() ? gaps.typicalSeconds() : UNAVAILABLE;
    }

    /** Whether its steps are known to be no further apart, however far apart the looks are now. */
    boolean isFrequent(double seconds) {
        return isAvailable(statedStepSeconds) ? statedStepSeconds <= seconds
                : interval.isLearnt() && interval.seconds() <= seconds;
    }

    /** When the counter was read last. */
    long lastLook() {
        return lookAsked;
    }

    /** Seconds since the counter was first asked. */
    double secondsAt(long nanos) {
        return (nanos - base) / 1e9;
    }

    /** How late the counter may be published at most, in seconds; unavailable when the source does not say. */
    double maxDelaySeconds() {
        return maxDelaySeconds;
    }

    /** What last went wrong with the counter; null when nothing did. */
    String lastTrouble() {
        return lastTrouble;
    }

    /** Why energy is unknown somewhere. */
    String brokenReason() {
        return brokenReason;
    }

    private static double square(double x) {
        return x * x;
    }
}
