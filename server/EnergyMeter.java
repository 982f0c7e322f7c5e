package server;

import static collectors.DeviceSample.isAvailable;

import collectors.DeviceSample;

/**
 * The joules that one device has used since the monitor first saw it.
 *
 * <p>A hardware counter wins: its differences are added up. Without one, power is integrated by trapezoid over the
 * monotonic clock. The sum never decreases, and what cannot be true is left out rather than guessed.
 */
public final class EnergyMeter {

    /** Where the joules come from. */
    public enum Source { UNAVAILABLE, COUNTER, INTEGRATED }

    /** No device draws more, a whole server included; a counter that says so is lying or was reset. */
    static final double MOST_WATTS = 20_000;

    /** Counters are published in batches, up to 2.2 s apart: the first change may contain what came before us. */
    private static final double LONGEST_BATCH_SECONDS = 2.5;
    /** Later changes: how far the moment of a change can lie from the moment that we saw it. */
    private static final double JITTER_SECONDS = 0.25;

    /** A counter that has not moved for so long, while so much was drawn, has stopped counting. */
    static final double STALL_SECONDS = 5;
    private static final double STALL_JOULES = 2;
    /** A counter whose changes cannot be true so often, with none between them that can, counts something else. */
    private static final int MOST_REJECTED = 3;

    private final double gapSeconds;

    private double joules;
    /** What is told: never less than it was. */
    private double shownJoules;
    private Source source = Source.UNAVAILABLE;
    private boolean answering;

    private double lastCounter;
    private long counterChangedNanos;
    private boolean counterHasChanged;
    private boolean counterStalled;
    /** Whether the counter has ever moved as it should; until then its power is integrated beside it. */
    private boolean counterProven;
    private int rejected;
    /** Integrated since the counter last changed: what is missing if it turns out to have stopped. */
    private double pendingJoules;

    private double lastPower = DeviceSample.UNAVAILABLE;
    private long lastPowerNanos;
    private final CounterPower counterPower = new CounterPower();
    private double powerWatts = DeviceSample.UNAVAILABLE;

    private long gaps;
    private long resets;

    /** A meter for samples that many milliseconds apart; power is not integrated over a hole much longer than that. */
    public EnergyMeter(long intervalMillis) {
        this.gapSeconds = Math.max(0.25, 5 * intervalMillis / 1e3);
    }

    /** Takes in what the device said at the given {@link System#nanoTime}. */
    public void add(DeviceSample sample, long nowNanos) {
        double step = integrate(sample.powerWatts, nowNanos);
        boolean counted = !counterStalled && isAvailable(sample.energyCounterJoules);
        if (source == Source.COUNTER) {
            pendingJoules += step;
            if (counted) {
                count(sample, nowNanos);
            }
            giveUpStalledCounter(counted, nowNanos);
        } else {
            joules += step;
            if (counted) {
                source = Source.COUNTER;
                startCounting(sample.energyCounterJoules, nowNanos);
                pendingJoules = 0;
            } else if (isAvailable(sample.powerWatts)) {
                source = Source.INTEGRATED;
            }
        }
        boolean onTrial = source == Source.COUNTER && !counterProven;
        shownJoules = Math.max(shownJoules, onTrial ? joules + pendingJoules : joules);
        boolean counterAlive = counted && seconds(counterChangedNanos, nowNanos) < STALL_SECONDS;
        answering = isAvailable(sample.powerWatts) || counterAlive;
        double derived = derivedPower(counted, nowNanos);
        powerWatts = isAvailable(sample.powerWatts) ? sample.powerWatts : derived;
    }

    /** The device could not be asked at all this time. */
    public void addNothing() {
        answering = false;
        powerWatts = DeviceSample.UNAVAILABLE;
        counterPower.restart();
    }

    /** Watts now: what the device said or else, if it has an energy counter, what that one tells. */
    public double powerWatts() {
        return powerWatts;
    }

    /** Joules since the first sample; 0 while {@link #source} is unavailable. */
    public double joules() {
        return shownJoules;
    }

    /** Where {@link #joules} come from. */
    public Source source() {
        return source;
    }

    /** Whether the device gave power, or a counter that still moves, at the latest sample. */
    public boolean isAnswering() {
        return answering;
    }

    /** How often power was missing for too long to be integrated over. */
    public long gaps() {
        return gaps;
    }

    /** How often the counter went back or jumped, so that a new baseline was taken. */
    public long resets() {
        return resets;
    }

    /** The joules between the last known power and this one. */
    private double integrate(double powerWatts, long nowNanos) {
        if (!isAvailable(powerWatts)) {
            return 0;
        }
        double step = 0;
        if (isAvailable(lastPower)) {
            double seconds = seconds(lastPowerNanos, nowNanos);
            if (seconds <= gapSeconds) {
                step = (lastPower + powerWatts) / 2 * seconds;
            } else {
                gaps++;
            }
        }
        lastPower = powerWatts;
        lastPowerNanos = nowNanos;
        return step;
    }

    private double derivedPower(boolean counted, long nowNanos) {
        if (counted && source == Source.COUNTER) {
            counterPower.add(joules, nowNanos);
        } else {
            counterPower.restart();
        }
        return counterPower.watts();
    }

    private void startCounting(double counter, long nowNanos) {
        lastCounter = counter;
        counterChangedNanos = nowNanos;
        counterHasChanged = false;
    }

    private void count(DeviceSample sample, long nowNanos) {
        double counter = sample.energyCounterJoules;
        if (counter == lastCounter) {
            return;
        }
        double difference = counter - lastCounter;
        if (difference < 0 && isAvailable(sample.energyCounterRangeJoules)) {
            difference += sample.energyCounterRangeJoules;
        }
        double slack = counterHasChanged ? JITTER_SECONDS : LONGEST_BATCH_SECONDS;
        double most = mostWatts(sample) * (seconds(counterChangedNanos, nowNanos) + slack);
        if (difference < 0 || difference > most) {
            resets++;
            rejected++;
            startCounting(counter, nowNanos);
            counterPower.restart();
            return;
        }
        joules += difference;
        startCounting(counter, nowNanos);
        pendingJoules = 0;
        counterHasChanged = true;
        counterProven = true;
        rejected = 0;
    }

    /** A device may exceed its limit for moments; thrice the limit no device does. */
    private static double mostWatts(DeviceSample sample) {
        return isAvailable(sample.powerLimitWatts) && sample.powerLimitWatts > 0
                ? Math.min(MOST_WATTS, 3 * sample.powerLimitWatts) : MOST_WATTS;
    }

    /**
     * Falls back to integration. For good, when the counter stands still or makes no sense: one that started again
     * would count twice what was integrated. For as long as it is not to be had, otherwise.
     */
    private void giveUpStalledCounter(boolean counted, long nowNanos) {
        boolean stalled = pendingJoules > STALL_JOULES && seconds(counterChangedNanos, nowNanos) > STALL_SECONDS;
        boolean senseless = rejected >= MOST_REJECTED;
        if (stalled || senseless) {
            joules += pendingJoules;
            pendingJoules = 0;
            counterStalled = counted;
            source = Source.INTEGRATED;
        }
    }

    private static double seconds(long fromNanos, long toNanos) {
        return (toNanos - fromNanos) / 1e9;
    }
}
