package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;

/**
 * The power of a device that only counts energy: joules between two changes of its counter over the time between
 * them. Counters move in steps, 1 ms to 2 s apart; the difference from sample to sample would alternate between
 * nothing and too much.
 */
final class CounterPower {

    /** The moment of a change is known to a sample or a step: over a shorter time that would matter. */
    private static final double LEAST_SECONDS = 0.04;

    private double watts = UNAVAILABLE;
    private double lastJoules = UNAVAILABLE;
    private long changedNanos;
    private boolean hasChanged;
    private double baseJoules;
    private long baseNanos;

    /** Takes in the joules counted so far at the given {@link System#nanoTime}. */
    void add(double joules, long nowNanos) {
        if (lastJoules == UNAVAILABLE) {
            lastJoules = joules;
            changedNanos = nowNanos;
        } else if (joules != lastJoules) {
            change(joules, nowNanos);
        } else if (seconds(changedNanos, nowNanos) >= EnergyMeter.STALL_SECONDS) {
            hasChanged = false;
            watts = UNAVAILABLE;
        }
    }

    /** Begins anew: the counter was reset, or was not to be had for a while. */
    void restart() {
        watts = UNAVAILABLE;
        lastJoules = UNAVAILABLE;
        hasChanged = false;
    }

    /** Watts; unavailable before the second change, and when there was none for long. */
    double watts() {
        return watts;
    }

    private void change(double joules, long nowNanos) {
        double seconds = seconds(baseNanos, nowNanos);
        if (hasChanged && seconds >= LEAST_SECONDS) {
            watts = (joules - baseJoules) / seconds;
        }
        if (!hasChanged || seconds >= LEAST_SECONDS) {
            hasChanged = true;
            baseJoules = joules;
            baseNanos = nowNanos;
        }
        lastJoules = joules;
        changedNanos = nowNanos;
    }

    private static double seconds(long fromNanos, long toNanos) {
        return (toNanos - fromNanos) / 1e9;
    }
}
