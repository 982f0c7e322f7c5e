package collectors.gpu;

import collectors.Backoff;

/** A question that a sensor is asked again and again, and that rests for a while when it fails. */
final class SensorQuery {

    static final long EVERY_SWEEP = 0;
    /** For what changes slowly: NVML's utilization is a mean over at least 1/6 s (nvml.h, nvmlUtilization_t). */
    static final long FIVE_TIMES_A_SECOND = 200_000_000L;
    /** For what wants 100 ms between two questions, however late one is asked after its sweep began. */
    static final long SIX_TIMES_A_SECOND = 150_000_000L;
    /** For what hardly ever changes. */
    static final long EVERY_FIVE_SECONDS = 5_000_000_000L;

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
