package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import collectors.DeviceSample;
import telemetry.accounting.steps.CounterComparison;
import telemetry.accounting.steps.DrawLimits;
import telemetry.accounting.steps.Looks;
import telemetry.accounting.steps.PowerTrace;

/**
 * The energy of one device over the last ten minutes. One thread adds what the device said; any thread may ask what it
 * used between two moments of {@link System#nanoTime}.
 *
 * <p>A counter that can be believed wins; power bridges what it does not tell, and stands in where there is none.
 */
public final class EnergyTimeline {

    /** A source that has been silent for so long will not tell any more about the time before. */
    private static final double SILENT_SECONDS = 5;
    /** One that says at every look that it gives nothing, as a lost device does, is not waited for so long. */
    private static final double LOST_SECONDS = 1;
    /** The mean of a time is that of its joules when no more than so many seconds' worth of them may lie elsewhere. */
    private static final double MAX_SHIFT_SECONDS = 0.2;
    /** Fewer joules are not worth a gap. */
    private static final double MIN_SHIFTED_JOULES = 1;
    private static final long MIN_HELD_NANOS = 250_000_000L;
    private static final double MAX_HELD_LOOKS = 1.5;

    /** The live stream is carried on so many looks' time after the last one. */
    private static final double MAX_CARRIED_LOOKS = 1.5;

    private final DrawLimits limits = new DrawLimits();
    private final ToldPower told = new ToldPower();
    private final PowerTrace power = told.trace();
    private final Looks looks = new Looks();
    private final Looks powerLooks = new Looks();
    private CounterTrack track;
    private CounterCurve curve;
    private CounterInterval interval;
    private final LiveEnergy live = new LiveEnergy();

    private boolean begun;
    private boolean silent;
    private long silentSinceNanos;
    private long nowNanos;
    private double ownPowerWatts = UNAVAILABLE;
    private double derivedWatts = UNAVAILABLE;

    /** Takes in what the device said; the call that read it was made and answered at those moments. */
    public synchronized void add(DeviceSample sample, long askedNanos, long answeredNanos) {
        long asked = sample.askedNanos != 0 ? sample.askedNanos : askedNanos;
        long answered = sample.answeredNanos != 0 ? sample.answeredNanos : answeredNanos;
        if (begun && answered - nowNanos <= 0) {
            return;
        }
        if (!begun) {
            begun = true;
            track = new CounterTrack(told, limits, asked);
            curve = new CounterCurve(track, told, limits);
            interval = new CounterInterval(track, curve, power, looks, limits);
        }
        nowNanos = answered;
        limits.learn(sample);
        long middle = asked + (answered - asked) / 2;
        boolean instant = isAvailable(sample.instantPowerWatts);
        double watts = limits.plausible(instant ? sample.instantPowerWatts : sample.powerWatts);
        ownPowerWatts = isAvailable(sample.powerWatts) ? limits.plausible(sample.powerWatts) : watts;
        if (isAvailable(watts)) {
            power.setMaxDelay(sample.powerDelaySeconds);
            long moment = middle - power.ageNanos();
            told.add(moment, watts, instant ? 0 : sample.powerAveragingSeconds, powerLooks.add(moment));
        } else {
            powerLooks.addNothing(middle - power.ageNanos());
        }
        int before = track.history.last();
        boolean hadCounter = !track.history.isEmpty();
        track.look(sample, asked, answered, looks.cadenceNanos());
        curve.forget();
        if (!hadCounter && !track.history.isEmpty()) {
            joulesAt(middle);
            live.beginCounter();
        }
        if (track.history.last() > before) {
            told.compare(track.history);
        }
        if (isAvailable(watts) || track.isPresent()) {
            looks.add(answered);
        }
        derivedWatts = isAvailable(ownPowerWatts) ? UNAVAILABLE : derivedPower();
        setSilent(!isAvailable(watts) && !track.isPresent());
        joulesAt(middle);
    }

    /** Seconds between two of its answers, as they were lately; 0 before. */
    public synchronized double cadenceSeconds() {
        return looks.cadenceNanos() / 1e9;
    }

    /** The device is to be asked at that interval from now on; a time without an answer is a hole when it is much longer. */
    public synchronized void askEvery(long intervalNanos) {
        looks.meanEvery(intervalNanos);
        powerLooks.meanEvery(intervalNanos);
    }

    /** The device could not be asked at all this time. */
    public synchronized void addNothing(long nanos) {
        nowNanos = begun ? Math.max(nowNanos, nanos) : nanos;
        ownPowerWatts = UNAVAILABLE;
        derivedWatts = UNAVAILABLE;
        setSilent(true);
        powerLooks.addNothing(nanos - power.ageNanos());
        if (track != null) {
            track.absent();
        }
    }

    private void setSilent(boolean nothingGiven) {
        silentSinceNanos = nothingGiven && silent ? silentSinceNanos : nowNanos;
        silent = nothingGiven;
    }

    /** What the device used between two moments, as far as it is known now. */
    public synchronized EnergyInterval between(long fromNanos, long toNanos) {
        if (toNanos - fromNanos <= 0) {
            return EnergyInterval.unavailable("it ends before it begins");
        }
        if (!begun || looks.isEmpty()) {
            return EnergyInterval.unavailable("it gives neither energy nor power");
        }
        if (isCounting()) {
            return interval.between(fromNanos, toNanos);
        }
        double averaging = told.averagingSeconds(fromNanos, toNanos);
        if (Double.isNaN(averaging)) {
            return EnergyInterval.unavailable("its power was told in two ways that do not add up: as it is and as a mean");
        }
        return PowerInterval.between(power, powerLooks, limits.maxWatts(), fromNanos, toNanos, averaging);
    }

    /**
     * The mean power between two moments, watts: of the joules where these are known and surely of that time, or else as
     * the device told it. Unavailable when it told nothing for a part of that time, or was asked too seldom to know which
     * joules are of that time.
     */
    public synchronized double meanWatts(long fromNanos, long toNanos) {
        EnergyInterval energy = between(fromNanos, toNanos);
        if (energy.isValid() && isOfThatTime(energy, fromNanos, toNanos)) {
            return energy.meanWatts();
        }
        double seconds = (toNanos - fromNanos) / 1e9;
        if (!begun || power.isEmpty() || energy.isValid() && isCounting() && !isCoarse(seconds)) {
            return UNAVAILABLE;
        }
        // A sensor that tells power late may not have told that time's yet: then what it told meanwhile is all there is.
        long late = power.nanos(power.last()) - toNanos < 0 ? power.ageNanos() : 0;
        long from = fromNanos - late;
        long to = toNanos - late;
        boolean isTold = power.isToldAt(from, heldNanos()) && power.isToldAt(to, heldNanos())
                && power.holeSeconds(from, to) == 0;
        return isTold ? (power.total(to) - power.total(from)) / seconds : UNAVAILABLE;
    }

    /** Whether the counter by itself, however often it is asked, moves too seldom for such a time. */
    private boolean isCoarse(double seconds) {
        double gap = track.typicalGapSeconds();
        return gap > seconds / 2 && looks.cadenceNanos() / 1e9 < 0.6 * gap;
    }

    /** Whether little of the energy may have been used before or behind: it is known well enough where the ends lie. */
    private boolean isOfThatTime(EnergyInterval energy, long fromNanos, long toNanos) {
        double watts = energy.meanWatts();
        if (isCounting()) {
            if (interval.isSeenAt(fromNanos) && interval.isSeenAt(toNanos)) {
                return true;
            }
            watts = Math.max(watts, interval.highestAtEnds(fromNanos, toNanos));
        }
        return energy.uncertaintyJoules() <= MAX_SHIFT_SECONDS * watts + MIN_SHIFTED_JOULES;
    }

    /** So long after power was told it is not too old to be shown. */
    private long heldNanos() {
        return (long) Math.max(MIN_HELD_NANOS, MAX_HELD_LOOKS * powerLooks.cadenceNanos());
    }

    /** Whether it has told anything at that moment or later. */
    public synchronized boolean hasToldSince(long nanos) {
        return begun && !looks.isEmpty() && looks.last() - nanos >= 0;
    }

    /**
     * Adds the highest power that it told in each slot of the time from a moment on to that slot's sum; says whether it
     * tells power.
     */
    public synchronized boolean addHighest(long fromNanos, long slotNanos, double[] sums) {
        if (power.isEmpty()) {
            return false;
        }
        power.addHighest(fromNanos, slotNanos, sums);
        return true;
    }

    private boolean isCounting() {
        return track != null && !track.isRefused() && !track.history.isEmpty()
                && (track.hasMoved() || !track.isStalled(nowNanos));
    }

    /** Whether all that will ever be known about that moment is known. */
    public synchronized boolean isSettled(long nanos) {
        if (!begun) {
            return false;
        }
        if ((nowNanos - nanos - power.delayNanos()) / 1e9 > SILENT_SECONDS || silent && isLost(nanos)) {
            return true;
        }
        if (isCounting()) {
            return track.history.earliest(track.history.last()) - nanos >= 0;
        }
        double averaging = told.newestAveragingSeconds();
        double needed = isAvailable(averaging) ? averaging : power.ageNanos() / 1e9;
        return !power.isEmpty() && power.nanos(power.last()) - nanos >= (long) (needed * 1e9);
    }

    /** Whether it has given nothing, before that moment and since, for so long that it will not tell about it. */
    private boolean isLost(long nanos) {
        return (nowNanos - nanos) / 1e9 > LOST_SECONDS && (nowNanos - silentSinceNanos) / 1e9 > LOST_SECONDS;
    }

    /** Whether measuring can begin: the counter is believed and moved, or there is none and power is told. */
    public synchronized boolean isReady() {
        if (!begun) {
            return false;
        }
        boolean powered = !power.isEmpty() && power.last() > power.first();
        if (track.history.isEmpty() || track.isRefused()) {
            return powered;
        }
        return track.isDecided() && track.hasMoved()
                || powered && (track.isStalled(nowNanos) || track.isIdle(nowNanos));
    }

    /** Joules since the first sample, as near to the truth at that moment as the past allows; never falls. */
    public synchronized double joulesAt(long nanos) {
        if (!begun || looks.isEmpty()) {
            return 0;
        }
        // When the source falls silent the joules keep their value.
        long ahead = silent ? 0 : (long) (MAX_CARRIED_LOOKS * looks.cadenceNanos());
        long moment = nanos - looks.last() > ahead ? looks.last() + ahead : nanos;
        boolean counted = isCounting() && (track.isDecided() || power.isEmpty());
        if (!counted) {
            // A sensor that tells power late is shown as late: carried on, each change of power would be a jump.
            return power.isEmpty() ? live.shown() : live.byPower(power.total(moment - power.ageNanos()));
        }
        CounterCurve.Point point = curve.latelyAt(moment);
        return point == null ? live.shown() : live.byCounter(Math.max(0, point.joules()));
    }

    private double derivedPower() {
        if (!isCounting() || !track.isAlive(nowNanos)) {
            return UNAVAILABLE;
        }
        return curve.latestWatts();
    }

    /** Watts now: what the device says, or what its counter's steps tell; unavailable when it is silent. */
    public synchronized double powerWatts() {
        return isAvailable(ownPowerWatts) ? ownPowerWatts : derivedWatts;
    }

    /** Whether the device gave power, or a counter that still moves, at the latest sample. */
    public synchronized boolean isAnswering() {
        return isAvailable(ownPowerWatts) || track != null && track.isAlive(nowNanos);
    }

    /** Where joules come from now. */
    public synchronized EnergySource source() {
        if (track == null) {
            return EnergySource.UNAVAILABLE;
        }
        boolean counts = isCounting() && !track.isStalled(nowNanos) && (track.isPresent() || power.isEmpty());
        return counts ? EnergySource.COUNTER : power.isEmpty() ? EnergySource.UNAVAILABLE : EnergySource.INTEGRATED;
    }

    /**
     * What is wrong with the device's energy and stays so, in one line; null when nothing is. A reset, or anything else
     * that passes, concerns the intervals that contain it.
     */
    public synchronized String problem() {
        if (track == null) {
            return null;
        }
        if (track.isRefused()) {
            double factor = track.factor();
            return factor == CounterComparison.JUMPING ? "its energy counter only jumps: power is integrated instead"
                    : "its energy counter disagrees with its power (" + Math.round(factor > 1 ? factor : 1 / factor)
                    + " times too " + (factor > 1 ? "fast" : "slow") + "): power is integrated instead";
        }
        return track.isStalled(nowNanos) || track.isMute(nowNanos) ? "its energy counter stands still" : null;
    }
}
