package telemetry.accounting.steps;

/**
 * Finds out whether a counter's own timestamp tells the moment of its step, and what that moment is on our clock. Each
 * step's timestamp is off from our clock by an amount that two looks bracket; when the clocks run alike, all brackets
 * have a part in common, which soon is narrow.
 */
public final class StampClock {

    /** No two clocks of one machine drift apart faster. */
    private static final double MAX_DRIFT = 1e-4;
    private static final int MIN_STEPS = 8;
    private static final int MAX_CONTRADICTIONS = 3;

    private long offsetLow;
    private long offsetHigh;
    private long lastStep;
    private long lastStamp;
    private int steps;
    private int contradictions;

    /** Takes in a look at which the value stood still. A timestamp that moves then is that of the asking. */
    public void still(long stamp) {
        if (stamp != 0 && lastStamp != 0 && stamp != lastStamp) {
            contradictions++;
        }
        lastStamp = stamp;
    }

    /** Takes in a step with that timestamp, which came between two moments of our clock. */
    public void step(long stamp, long earliest, long latest) {
        boolean usable = stamp != 0 && stamp != lastStamp;
        lastStamp = stamp;
        if (!usable || contradictions > MAX_CONTRADICTIONS) {
            steps = 0;
            return;
        }
        long low = earliest - stamp;
        long high = latest - stamp;
        if (steps > 0) {
            long drift = (long) (MAX_DRIFT * (latest - lastStep));
            long commonLow = Math.max(low, offsetLow - drift);
            long commonHigh = Math.min(high, offsetHigh + drift);
            if (commonLow <= commonHigh) {
                low = commonLow;
                high = commonHigh;
            } else {
                contradictions++;
                steps = 0;
            }
        }
        offsetLow = low;
        offsetHigh = high;
        lastStep = latest;
        steps++;
    }

    /** Whether the timestamps have proved to be the steps'. */
    public boolean isProved() {
        return steps >= MIN_STEPS && contradictions <= MAX_CONTRADICTIONS;
    }

    /** The step with the timestamp that was added last came at that moment or later. */
    public long earliest() {
        return lastStamp + offsetLow;
    }

    /** The step with the timestamp that was added last came at that moment or before. */
    public long latest() {
        return lastStamp + offsetHigh;
    }
}
