package collectors.meters;

/** How one meter is asked. Used by its meter's thread alone, except for {@link #toString}: where it is, for people. */
interface MeterSource extends AutoCloseable {

    /**
     * What a meter said at one time; every number may be {@link collectors.DeviceSample#UNAVAILABLE}.
     *
     * @param powerWatts    watts
     * @param counterJoules joules since some moment of the meter's own
     * @param limitWatts    watts that the machine is kept under
     */
    record Reading(double powerWatts, double counterJoules, double limitWatts) {
    }

    /**
     * Asks once, within a bounded time.
     *
     * @throws MeterException       when the meter gives no power now
     * @throws InterruptedException when the meter is to be closed
     */
    Reading read() throws MeterException, InterruptedException;

    /** Gives back what the meter keeps for us, such as a session, if that is quickly done. */
    @Override
    default void close() {
        // most keep nothing
    }
}
