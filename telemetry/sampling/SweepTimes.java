package telemetry.sampling;

import static collectors.DeviceSample.UNAVAILABLE;

import java.util.Arrays;

/** How long the latest sweeps took. */
final class SweepTimes {

    private static final int LATEST = 256;

    private final double[] millis = new double[LATEST];
    private long count;
    private double worstMillis = UNAVAILABLE;

    synchronized void add(double sweepMillis) {
        millis[(int) (count++ % LATEST)] = sweepMillis;
        worstMillis = Math.max(worstMillis, sweepMillis);
    }

    /** Milliseconds, of the latest 256; unavailable before the first. */
    synchronized double medianMillis() {
        if (count == 0) {
            return UNAVAILABLE;
        }
        double[] sorted = Arrays.copyOf(millis, (int) Math.min(count, LATEST));
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Milliseconds, since the start; unavailable before the first. */
    synchronized double worstMillis() {
        return worstMillis;
    }
}
