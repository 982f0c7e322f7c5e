package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import collectors.DeviceSample;

/**
 * The energy of one device over the last ten minutes. One thread adds what the device said; any thread may ask what it
 * used between two moments of {@link System#nanoTime}.
 */
public final class EnergyTimeline {

    private long lastNanos;
    private long firstNanos;
    private double joules = UNAVAILABLE;
    private double lastCounter = UNAVAILABLE;
    private double powerWatts = UNAVAILABLE;
    private EnergySource source = EnergySource.UNAVAILABLE;

    /** Takes in what the device said; the call that read it was made and answered at those moments. */
    public synchronized void add(DeviceSample sample, long askedNanos, long answeredNanos) {
        long nanos = askedNanos + (answeredNanos - askedNanos) / 2;
        double counter = sample.energyCounterJoules;
        if (isAvailable(counter)) {
            joules = isAvailable(lastCounter) ? joules + Math.max(0, counter - lastCounter) : 0;
            source = EnergySource.COUNTER;
        } else if (isAvailable(sample.powerWatts)) {
            joules = isAvailable(powerWatts) ? joules + powerWatts * (nanos - lastNanos) / 1e9 : Math.max(0, joules);
            source = EnergySource.INTEGRATED;
        }
        firstNanos = firstNanos == 0 ? nanos : firstNanos;
        lastNanos = nanos;
        lastCounter = counter;
        powerWatts = sample.powerWatts;
    }

    /** The device could not be asked at all this time. */
    public synchronized void addNothing(long nowNanos) {
        powerWatts = UNAVAILABLE;
    }

    /** What the device used between two moments, as far as it is known now. */
    public synchronized EnergyInterval between(long fromNanos, long toNanos) {
        double seconds = (toNanos - fromNanos) / 1e9;
        if (source == EnergySource.UNAVAILABLE || lastNanos <= firstNanos) {
            return EnergyInterval.unavailable("it gives neither energy nor power");
        }
        double mean = joules / ((lastNanos - firstNanos) / 1e9);
        double used = mean * seconds;
        return new EnergyInterval(used, used / 2, 0, 2 * used, mean, mean, source, 1, 0, null);
    }

    /** Whether all that will ever be known about that moment is known. */
    public synchronized boolean isSettled(long nanos) {
        return lastNanos - nanos > 0;
    }

    /** Whether measuring can begin: the counter is believed and moved, or there is none and power is told. */
    public synchronized boolean isReady() {
        return source != EnergySource.UNAVAILABLE && joules > 0;
    }

    /** Joules since the first sample, as near to the truth at that moment as the past allows; never falls. */
    public synchronized double joulesAt(long nanos) {
        return joules;
    }

    /** Watts now: what the device says, or what its counter's steps tell; unavailable when it is silent. */
    public synchronized double powerWatts() {
        return powerWatts;
    }

    /** Whether the device gave power, or a counter that still moves, at the latest sample. */
    public synchronized boolean isAnswering() {
        return isAvailable(powerWatts) || isAvailable(lastCounter);
    }

    /** Where joules come from now. */
    public synchronized EnergySource source() {
        return source;
    }

    /** What is wrong with the device's energy, in one line; null when nothing is. */
    public String problem() {
        return null;
    }

    /** When looking at the counter would teach most, or {@link Long#MAX_VALUE}. */
    public long nextLookNanos(long afterNanos) {
        return Long.MAX_VALUE;
    }
}
