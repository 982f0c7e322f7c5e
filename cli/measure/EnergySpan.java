package cli.measure;

import static collectors.DeviceSample.UNAVAILABLE;

/**
 * The energy of one source of power between two moments. Its joules are a counter's difference; where the counter stood
 * at either moment is told by the readings around it, in proportion to time. They are unavailable, rather than too low,
 * when the source gave nothing at either moment, or for too much of the time between.
 */
final class EnergySpan {

    /** The monitor itself carries a counter over a hole so long; a longer one may have cost joules. */
    private static final double MOST_MISSING_SECONDS = 0.25;
    private static final double MOST_MISSING_SHARE = 0.01;

    private final long beginNanos;
    private long lastNanos;
    private double lastJoules = UNAVAILABLE;
    private double beginJoules = UNAVAILABLE;
    private double endJoules = UNAVAILABLE;
    private double peakWatts = UNAVAILABLE;
    private double seconds;
    private double missingSeconds;
    private boolean begun;
    private boolean wentBack;

    /** A span that begins at that moment of {@link System#nanoTime}. */
    EnergySpan(long beginNanos) {
        this.beginNanos = beginNanos;
    }

    /**
     * Takes a reading in: the latest before the begin, those between, and the first one at or after the end.
     *
     * @param watts   the source's power, or -1
     * @param counter its joules since some moment, or -1
     * @param toNanos the reading's own moment, or the span's end if that comes before it
     */
    void add(long nanos, double watts, double counter, long toNanos) {
        if (nanos - beginNanos > 0) {
            within(nanos, watts, counter, toNanos);
        }
        if (counter >= 0) {
            lastNanos = nanos;
            lastJoules = counter;
        }
    }

    private void within(long nanos, double watts, double counter, long toNanos) {
        if (!begun && counter >= 0) {
            begun = true;
            beginJoules = counterAt(beginNanos, nanos, counter);
        }
        double before = seconds;
        seconds = (toNanos - beginNanos) / 1e9;
        peakWatts = Math.max(peakWatts, watts);
        endJoules = counterAt(toNanos, nanos, counter);
        if (endJoules < 0) {
            missingSeconds += seconds - before;
        }
        wentBack |= counter >= 0 && counter < lastJoules;
    }

    /** Where the counter stood at a moment between the latest reading with one and this one; -1 without either. */
    private double counterAt(long moment, long nanos, double counter) {
        if (moment == nanos) {
            return counter;
        }
        if (lastJoules < 0 || counter < 0) {
            return UNAVAILABLE;
        }
        return lastJoules + (counter - lastJoules) * (moment - lastNanos) / (nanos - lastNanos);
    }

    /** The span's length so far in seconds. */
    double seconds() {
        return seconds;
    }

    /** Joules of the span, or -1 when they are not known. */
    double joules() {
        return problem() == null ? endJoules - beginJoules : UNAVAILABLE;
    }

    /** Joules over time, in watts, or -1. */
    double meanWatts() {
        return joules() < 0 || seconds <= 0 ? UNAVAILABLE : joules() / seconds;
    }

    /** The highest power that a reading told, in watts, or -1. */
    double peakWatts() {
        return peakWatts;
    }

    /** Why the joules are not known; null when they are. */
    String problem() {
        if (wentBack) {
            return "its joules went back: the monitor was started anew meanwhile";
        }
        if (missingSeconds > Math.max(MOST_MISSING_SECONDS, MOST_MISSING_SHARE * seconds)) {
            return "it gave nothing for " + Math.round(100 * missingSeconds / seconds) + " % of the time";
        }
        if (beginJoules < 0 || endJoules < 0) {
            return "it gave no energy at the " + (beginJoules < 0 ? "begin" : "end");
        }
        return null;
    }
}
