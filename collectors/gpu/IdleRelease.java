package collectors.gpu;

/**
 * When to close a library that keeps GPUs from being suspended, and when to open it again. It is closed after a minute
 * in which no GPU did anything and nobody listened. A GPU that then falls asleep is left alone until something else wakes it; for one that
 * stays awake all the same, the library is opened again, and the next try comes later.
 */
final class IdleRelease {

    static final long MIN_IDLE_NANOS = 60_000_000_000L;
    static final long MAX_IDLE_NANOS = 3_600_000_000_000L;
    /** A GPU was suspended 6 s after the last program had closed the driver. */
    static final long SETTLING_NANOS = 10_000_000_000L;

    private long idleLimitNanos = MIN_IDLE_NANOS;
    private boolean idle;
    private long idleSinceNanos;
    private boolean released;
    private long releasedNanos;
    private boolean slept;

    /** @param released whether the library is closed at first, because all GPUs sleep */
    IdleRelease(boolean released) {
        this.released = released;
        slept = released;
    }

    boolean isReleased() {
        return released;
    }

    /** Closes, if it is time to, and says so. */
    boolean release(long now, boolean allIdle) {
        if (!allIdle) {
            idle = false;
            return false;
        }
        if (!idle) {
            idle = true;
            idleSinceNanos = now;
        }
        if (now - idleSinceNanos < idleLimitNanos) {
            return false;
        }
        idle = false;
        released = true;
        releasedNanos = now;
        slept = false;
        return true;
    }

    /**
     * Opens again, if it is time to, and says so.
     *
     * @param wanted whether somebody listens, who is not to wait for a GPU to settle
     */
    boolean reopen(long now, boolean anyAwake, boolean wanted) {
        if (!anyAwake) {
            slept = true;
            return false;
        }
        if (!slept && !wanted && now - releasedNanos < SETTLING_NANOS) {
            return false;
        }
        idleLimitNanos = slept ? MIN_IDLE_NANOS : Math.min(2 * idleLimitNanos, MAX_IDLE_NANOS);
        released = false;
        return true;
    }
}
