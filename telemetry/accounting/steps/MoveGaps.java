package telemetry.accounting.steps;

/** The times from move to move of a counter, and which of them are rests: longer than usual. */
public final class MoveGaps {

    /** A counter that has not moved for so long rests, whatever its steps: none is published less often. */
    public static final double STALL_SECONDS = 5;
    private static final double MIN_REST_SECONDS = 0.4;
    private static final int REST_GAPS = 4;
    /** After so many rests one after the other, all of them counted, they are the counter's usual steps. */
    private static final int MAX_RESTS = 3;
    /** A counter that moves less often than at every look steps no more often than it is seen to move. */
    private static final double SLOW_CADENCES = 1.5;
    private static final double SHARE = 0.1;

    private double typical;
    private int rests;

    /** Whether so long a gap is a rest; the cadence of the looks is in nanoseconds. */
    public boolean isRest(double seconds, double cadence) {
        return seconds > STALL_SECONDS || typical > 0 && seconds > MIN_REST_SECONDS
                && seconds > REST_GAPS * Math.max(typical, cadence / 1e9);
    }

    /**
     * Takes in a gap that ended with a move.
     *
     * @param missed whether the counter did not count meanwhile
     * @return whether the gap is out of the counter's rhythm
     */
    public boolean add(double seconds, boolean rest, boolean missed) {
        rests = rest && !missed ? rests + 1 : 0;
        if (!rest) {
            typical = typical == 0 ? seconds : typical + SHARE * (Math.min(seconds, 3 * typical) - typical);
        } else if (rests >= MAX_RESTS) {
            typical = seconds;
        }
        return rest && rests < MAX_RESTS;
    }

    /** Whether the counter moves less often than it is looked at. */
    public boolean isSlow(double cadence) {
        return typical * 1e9 > SLOW_CADENCES * cadence;
    }

    /** Seconds from move to move as they were seen lately; 0 before. */
    public double typicalSeconds() {
        return typical;
    }
}
