package collectors;

/** Growing pauses between attempts at something that fails: 250 ms at first, doubled up to 4 s by default. */
public final class Backoff {

    private static final long FIRST_NANOS = 250_000_000L;
    private static final long MAX_NANOS = 4_000_000_000L;

    private final long firstNanos;
    private final long maxNanos;
    private long pauseNanos;
    private long nextTryNanos;

    /** The usual pauses. */
    public Backoff() {
        this(FIRST_NANOS, MAX_NANOS);
    }

    /** Pauses from the first to the longest. */
    public Backoff(long firstNanos, long maxNanos) {
        this.firstNanos = firstNanos;
        this.maxNanos = maxNanos;
    }

    /** Whether the next try may be made at the given {@link System#nanoTime}. */
    public boolean mayTry(long nowNanos) {
        return pauseNanos == 0 || nowNanos - nextTryNanos >= 0;
    }

    /** Nanoseconds from then until the next try may be made; 0 when it may be made at once. */
    public long nanosUntilTry(long nowNanos) {
        return pauseNanos == 0 ? 0 : Math.max(0, nextTryNanos - nowNanos);
    }

    /** Whether the latest try failed. */
    public boolean isFailing() {
        return pauseNanos != 0;
    }

    /** Notes a try that failed. */
    public void failed(long nowNanos) {
        pauseNanos = pauseNanos == 0 ? firstNanos : Math.min(2 * pauseNanos, maxNanos);
        nextTryNanos = nowNanos + pauseNanos;
    }

    /** Notes a try that failed for a reason that will last: the next one comes after the longest pause. */
    public void failedForNow(long nowNanos) {
        pauseNanos = maxNanos;
        nextTryNanos = nowNanos + maxNanos;
    }

    /** Notes a try that succeeded. */
    public void succeeded() {
        pauseNanos = 0;
    }
}
