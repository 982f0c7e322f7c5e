package collectors.gpu;

import collectors.Backoff;

/** A question that a sensor is asked again and again, and that rests for a while when it fails. */
public final class SensorQuery {

    /** Periods: at every sweep, for what changes slowly, for what hardly ever changes. */
    static final long OFTEN = 0;
    public static final long NOW_AND_THEN = 100_000_000L;
    static final long SELDOM = 5_000_000_000L;

    private final long periodNanos;
    private final Backoff backoff = new Backoff();
    private boolean asked;
    private long askedNanos;
    private int code;

    SensorQuery(long periodNanos) {
        this.periodNanos = periodNanos;
    }

    boolean isDue(long now) {
        return !asked || (backoff.isFailing() ? backoff.mayTry(now) : now - askedNanos >= periodNanos);
    }

    /** Makes it due, as if it had never failed. */
    void forget() {
        asked = false;
        backoff.succeeded();
    }

    /**
     * Records the outcome.
     *
     * @param hopeless whether a failure will last, whatever is done
     * @return whether there is an answer
     */
    boolean answered(int code, boolean hopeless, long now) {
        this.code = code;
        asked = true;
        askedNanos = now;
        if (code == GpuSource.SUCCESS) {
            backoff.succeeded();
        } else if (hopeless) {
            backoff.failedForNow(now);
        } else {
            backoff.failed(now);
        }
        return code == GpuSource.SUCCESS;
    }

    /** The code of the latest outcome. */
    int code() {
        return code;
    }
}
