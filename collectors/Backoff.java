package collectors;

/** Growing pauses between tries of something that failed: 250 ms, doubled up to 4 s. */
public final class Backoff {

    private static final long FIRST_NANOS = 250_000_000L;
    private static final long LONGEST_NANOS = 4_000_000_000L;

    private long pauseNanos;
    private long nextTryNanos;

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
        pauseNanos = pauseNanos == 0 ? FIRST_NANOS : Math.min(2 * pauseNanos, LONGEST_NANOS);
        nextTryNanos = nowNanos + pauseNanos;
    }

    /** Notes a try that can't succeed for now whatever is done: the next one is after the longest pause. */
    public void failedForNow(long nowNanos) {
        pauseNanos = LONGEST_NANOS;
        nextTryNanos = nowNanos + LONGEST_NANOS;
    }

    /** Notes a try that succeeded. */
    public void succeeded() {
        pauseNanos = 0;
    }
}
