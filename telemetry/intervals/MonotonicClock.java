package telemetry.intervals;

import java.time.Instant;

/**
 * Unix time that runs evenly: read once, then carried on by {@link System#nanoTime}. A step of the machine's clock moves
 * no mark that was set before it.
 */
public final class MonotonicClock {

    private final long unixMinusNanoTime;

    /** A clock that agrees with the machine's now. */
    public MonotonicClock() {
        Instant now = Instant.now();
        unixMinusNanoTime = now.getEpochSecond() * 1_000_000_000L + now.getNano() - System.nanoTime();
    }

    /** Unix time in nanoseconds. */
    public long unixNanos() {
        return System.nanoTime() + unixMinusNanoTime;
    }

    /** The Unix time, in nanoseconds, of a {@link System#nanoTime}. */
    public long unixNanos(long nanoTime) {
        return nanoTime + unixMinusNanoTime;
    }

    /** The {@link System#nanoTime} of a Unix time. */
    public long nanoTime(long unixNanos) {
        return unixNanos - unixMinusNanoTime;
    }
}
