package telemetry.sampling;

/**
 * The deadlines of the readings, numbered. A change of pace begins a new row of deadlines and goes on with the numbers.
 *
 * @param originNanos   the first deadline, on the clock of {@link System#nanoTime}
 * @param originTick    its number
 * @param intervalNanos the time between two deadlines
 * @param listenedTo    whether somebody listens
 */
record Pace(long originNanos, long originTick, long intervalNanos, boolean listenedTo) {

    long deadline(long tick) {
        return originNanos + (tick - originTick) * intervalNanos;
    }

    /** The latest tick whose deadline is not in the future; the given one if that is later. */
    long latest(long tick, long nowNanos) {
        return Math.max(tick, originTick + Math.floorDiv(nowNanos - originNanos, intervalNanos));
    }

    /** The first tick after the given one whose deadline has not passed: a missed one is left out, not made up for. */
    long next(long tick, long nowNanos) {
        long late = nowNanos - deadline(tick + 1);
        return tick + 1 + (late <= 0 ? 0 : (late + intervalNanos - 1) / intervalNanos);
    }
}
