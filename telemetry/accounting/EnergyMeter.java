package telemetry.accounting;

import static collectors.DeviceSample.isAvailable;

import collectors.DeviceKind;
import collectors.DeviceSample;
import java.util.EnumSet;
import java.util.Set;

/**
 * The joules that one device has used since the monitor first saw it.
 *
 * <p>A hardware counter wins: its differences are added up. Without one, power is integrated by trapezoid over the
 * monotonic clock, and bridges the times in which the counter is missing or stands still: once it moves again it knows
 * better, so that nothing is added twice. The sum never decreases, and what cannot be true is left out rather than
 * guessed.
 */
public final class EnergyMeter {

    /** Where the joules come from. */
    public enum Source { UNAVAILABLE, COUNTER, INTEGRATED }

    /** No device draws more, a whole server included; a counter that says so is lying or was reset. */
    static final double MOST_WATTS = 20_000;
    /** Nor does a CPU package, or the memory at it; their counters' ranges are small, and a wrap is soon made up. */
    private static final double MOST_WATTS_OF_A_CPU = 2_000;
    private static final Set<DeviceKind> OF_A_CPU = EnumSet.of(DeviceKind.CPU_PACKAGE, DeviceKind.CPU_CORES,
            DeviceKind.CPU_UNCORE, DeviceKind.DRAM);

    /** Counters are published in batches, up to 2.2 s apart: the first change may contain what came before us. */
    private static final double LONGEST_BATCH_SECONDS = 2.5;
    /** Later changes: how far the moment of a change can lie from the moment that we saw it. */
    private static final double JITTER_SECONDS = 0.25;

    /** A counter that has not moved for so long, while so much was drawn, has stopped counting. */
    static final double STALL_SECONDS = 5;
    private static final double STALL_JOULES = 2;
    /** A counter that moves on after such a time, by less than this part of what was drawn, did not count it. */
    private static final double LEAST_PART = 0.5;

    private final double gapSeconds;

    /** What is shown. It may be ahead of what is known while a counter is missing, but never goes back. */
    private double joules;
    /** What the counter, or power where there is none, has told. */
    private double knownJoules;
    private Source source = Source.UNAVAILABLE;
    private boolean answering;

    private boolean counting;
    private double lastCounter;
    private long baselineNanos;
    private boolean movedSinceBaseline;
    /** Whether the counter ever moved; until then power is shown beside it. */
    private boolean hasMoved;
    /** When the counter moved as a counter does. */
    private long countedNanos;
    /** Integrated since then: what the counter has not told yet. */
    private double pendingJoules;
    /** The counter is missing or stands still while power is drawn; until it moves again, power goes on. */
    private boolean bridging;
    private boolean counterAway;
    private final CounterTrial trial = new CounterTrial();

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
        boolean counted = !trial.isRefused() && isAvailable(sample.energyCounterJoules);
        boolean counterWasAway = counted && counterAway;
        counterAway = !counted;
        if (trial.isOpen() && (counterWasAway || seconds(lastPowerNanos, nowNanos) > gapSeconds)) {
            trial.interrupt();
        }
        double step = integrate(sample.powerWatts, nowNanos);
        if (counting) {
            pendingJoules += step;
            trial.integrate(step);
            if (counted) {
                beginTrial(sample);
                count(sample, nowNanos);
            }
        } else {
            knownJoules += step;
            if (counted) {
                startCounting(sample, nowNanos);
            }
        }
        counted &= counting;
        boolean stalled = pendingJoules > STALL_JOULES && seconds(countedNanos, nowNanos) > STALL_SECONDS;
        bridging = counting && (bridging || !counted || stalled);
        show(counted, isAvailable(sample.powerWatts));
        boolean counterAlive = counted && seconds(countedNanos, nowNanos) < STALL_SECONDS;
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
        return joules;
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

    /** Power goes on from what the counter told last while that one is missing or stands still. */
    private void show(boolean counted, boolean hasPower) {
        if (counted && !bridging) {
            source = Source.COUNTER;
        } else if (hasPower) {
            source = Source.INTEGRATED;
        }
        double told = knownJoules + (bridging || !hasMoved ? pendingJoules : 0);
        joules = Math.max(joules, Math.min(told, trial.mostJoules()));
    }

    private double derivedPower(boolean counted, long nowNanos) {
        if (counted) {
            counterPower.add(knownJoules, nowNanos);
        } else {
            counterPower.restart();
        }
        return counterPower.watts();
    }

    private void startCounting(DeviceSample sample, long nowNanos) {
        counting = true;
        takeBaseline(sample.energyCounterJoules, nowNanos);
        countedNanos = nowNanos;
        beginTrial(sample);
    }

    /** Power to compare with may come later than the counter. */
    private void beginTrial(DeviceSample sample) {
        if (!trial.isBegun() && isAvailable(sample.powerWatts)) {
            trial.begin(knownJoules + pendingJoules);
        }
    }

    private void takeBaseline(double counter, long nowNanos) {
        lastCounter = counter;
        baselineNanos = nowNanos;
        movedSinceBaseline = false;
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
        double slack = movedSinceBaseline ? JITTER_SECONDS : LONGEST_BATCH_SECONDS;
        double most = mostWatts(sample) * (seconds(baselineNanos, nowNanos) + slack);
        if (difference < 0 || difference > most) {
            resets++;
            if (bridging) {
                keepPending();
            }
            takeBaseline(counter, nowNanos);
            counterPower.restart();
            return;
        }
        boolean missed = bridging && difference < LEAST_PART * pendingJoules
                && seconds(countedNanos, nowNanos) > STALL_SECONDS;
        if (missed) {
            keepPending();
            counterPower.restart();
        } else {
            knownJoules += difference;
            pendingJoules = 0;
        }
        takeBaseline(counter, nowNanos);
        movedSinceBaseline = true;
        hasMoved = true;
        countedNanos = nowNanos;
        bridging = false;
        trial.count(difference, nowNanos);
        if (trial.isRefused()) {
            counting = false;
            knownJoules = trial.integratedJoules();
            counterPower.restart();
        }
    }

    /** The counter will not tell what power has told meanwhile. */
    private void keepPending() {
        knownJoules += pendingJoules;
        pendingJoules = 0;
    }

    /** A device may exceed its limit for moments; thrice the limit no device does. */
    private static double mostWatts(DeviceSample sample) {
        return isAvailable(sample.powerLimitWatts) && sample.powerLimitWatts > 0
                ? Math.min(MOST_WATTS, 3 * sample.powerLimitWatts)
                : OF_A_CPU.contains(sample.kind) ? MOST_WATTS_OF_A_CPU : MOST_WATTS;
    }

    private static double seconds(long fromNanos, long toNanos) {
        return (toNanos - fromNanos) / 1e9;
    }
}
