package collectors;

/** Growing pauses between tries of something that failed: at first 250 ms, doubled up to 4 s, unless told otherwise. */
public final class Backoff {

    private static final long FIRST_NANOS = 250_000_000L;
    private static final long LONGEST_NANOS = 4_000_000_000L;

    private final long firstNanos;
    private final long longestNanos;
    private long pauseNanos;
    private long nextTryNanos;

    /** The usual pauses. */
    public Backoff() {
        this(FIRST_NANOS, LONGEST_NANOS);
    }

    /** Pauses from the first to the longest. */
    public Backoff(long firstNanos, long longestNanos) {
        this.firstNanos = firstNanos;
        this.longestNanos = longestNanos;
    }

    /** Whether the next try may be made at the given {@link System#nanoTime}. */
    public boolean mayTry(long nowNanos) {
        return pauseNanos == 0 || nowNanos - nextTryNanos >= 0;
    }

    /** Whether the latest try failed. */
    public boolean isFailing() {
        return pauseNanos != 0;
    }

    /** Notes a try that failed. */
    public void failed(long nowNanos) {
        pauseNanos = pauseNanos == 0 ? firstNanos : Math.min(2 * pauseNanos, longestNanos);
        nextTryNanos = nowNanos + pauseNanos;
    }

    /** Notes a try that can't succeed for now whatever is done: the next one is after the longest pause. */
    public void failedForNow(long nowNanos) {
        pauseNanos = longestNanos;
        nextTryNanos = nowNanos + longestNanos;
    }

    /** Notes a try that succeeded. */
    public void succeeded() {
        pauseNanos = 0;
    }
}
