package collectors.meters;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import collectors.Units;

/**
 * Lets an energy counter through only while it moves at every look. Many meters count in tenths of a kilowatt-hour or
 * publish once a minute: such a counter says nothing about a run of seconds, and power tells more.
 */
final class FineCounter {

    private static final int MIN_MOVES = 4;
    /** Looks further apart say nothing about a counter's steps. */
    private static final double MAX_LOOK_SECONDS = 2.5;
    private static final double MAX_REST_SECONDS = 4;

    private double last = UNAVAILABLE;
    private long lastNanos;
    private long movedNanos;
    private int moves;
    private boolean coarse;

    /** The counter's joules, or unavailable while they are not known to be fine. */
    double take(double joules, long nanos) {
        if (coarse || !isAvailable(joules)) {
            return UNAVAILABLE;
        }
        boolean wasFine = moves >= MIN_MOVES;
        if (isAvailable(last) && joules != last && seconds(lastNanos, nanos) <= MAX_LOOK_SECONDS) {
            moves++;
            movedNanos = nanos;
        } else if (!wasFine) {
            moves = 0;
        } else if (seconds(movedNanos, nanos) > MAX_REST_SECONDS) {
            coarse = true; // for good: a counter that comes and goes is worse than none
        }
        last = joules;
        lastNanos = nanos;
        return !coarse && moves >= MIN_MOVES ? joules : UNAVAILABLE;
    }

    private static double seconds(long from, long to) {
        return (to - from) / Units.NANOS_PER_SECOND;
    }
}
