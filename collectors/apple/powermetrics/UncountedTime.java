package collectors.apple.powermetrics;

import java.util.concurrent.TimeUnit;

/**
 * The time that no property list covers: between the end of one powermetrics and the first list of the next, and that
 * of lists which could not be read. Each list says how long it covers; its end is taken to be when it arrived.
 */
final class UncountedTime {

    /** Lists come late and early by some milliseconds: only what adds up to more than this is missing for sure. */
    private static final long TOLERANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private boolean begun;
    private long coveredUntilNanos;
    private long pendingNanos;
    private long totalNanos;

    /**
     * Takes in a list.
     *
     * @return the nanoseconds that are now known to be covered by no list; mostly 0
     */
    long add(long arrivedNanos, long lengthNanos) {
        if (begun) {
            pendingNanos = Math.max(0, pendingNanos + arrivedNanos - lengthNanos - coveredUntilNanos);
        }
        begun = true;
        coveredUntilNanos = arrivedNanos;
        if (pendingNanos <= TOLERANCE_NANOS) {
            return 0;
        }
        long missing = pendingNanos;
        totalNanos += missing;
        pendingNanos = 0;
        return missing;
    }

    /** Nanoseconds since the first list. */
    long totalNanos() {
        return totalNanos;
    }
}
