package telemetry.sampling;

import java.util.concurrent.atomic.AtomicLong;

/** Whether somebody listens to the readings, or asks for the energy of intervals and may do so again. */
final class Demand {

    /** So long after the start, and after a stream's end, somebody may still come. */
    private static final long STAY_NANOS = 3_000_000_000L;
    /** So long after a mark, or a question for the energy of an interval, another one may come. */
    private static final long QUESTION_NANOS = 60_000_000_000L;

    /** Until when somebody is taken to listen although nobody has subscribed. */
    private final AtomicLong listenedUntilNanos;
    private volatile long questionedUntilNanos;

    Demand(long nowNanos) {
        listenedUntilNanos = new AtomicLong(nowNanos + STAY_NANOS);
        questionedUntilNanos = nowNanos;
    }

    /** Somebody asks for the energy of an interval; says whether it is the first one for a while. */
    boolean question(long nowNanos) {
        long until = nowNanos + QUESTION_NANOS;
        questionedUntilNanos = until;
        return until - listenedUntilNanos.getAndAccumulate(until, Math::max) > QUESTION_NANOS / 2;
    }

    /** Whether somebody has asked for the energy of an interval of late. */
    boolean isQuestioned(long nowNanos) {
        return nowNanos - questionedUntilNanos < 0;
    }

    /** Whether anybody listens, or may be about to. */
    boolean isListenedTo(long nowNanos, int subscribers) {
        if (subscribers > 0) {
            listenedUntilNanos.accumulateAndGet(nowNanos + STAY_NANOS, Math::max);
        }
        return nowNanos - listenedUntilNanos.get() < 0;
    }
}
