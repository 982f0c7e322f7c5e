package cli.readings;

import cli.options.UserError;
import energy.DescribeResponse;
import energy.EnergyResponse;
import energy.TelemetryReading;

/** Readings with their devices, and the energy of intervals: of this machine's sensors, or of a running monitor. */
public interface Telemetry extends AutoCloseable {

    /** Receives readings, one at a time, in a thread of the telemetry's. */
    interface Listener {

        /**
         * One reading.
         *
         * @param nanoTime when it was made, or arrived from a running monitor, on the clock of {@link System#nanoTime}
         */
        void take(TelemetryReading reading, long nanoTime);

        /** The stream ended although nobody closed it: the monitor stopped, or the connection was lost. */
        void lost(String reason);
    }

    /** What is measured here; waits for sensors that are slow to open. */
    DescribeResponse describe() throws UserError, InterruptedException;

    /**
     * The present on the clock of whoever samples: Unix time, nanoseconds.
     *
     * @throws UserError when the monitor does not answer, or is too old to know marks
     */
    long mark() throws UserError, InterruptedException;

    /**
     * What every device used between two marks. Waits a few seconds at most for what makes the answer exact.
     *
     * @throws UserError when there is no answer, such as for a time that is no longer remembered
     */
    EnergyResponse energy(long fromNanos, long toNanos) throws UserError, InterruptedException;

    /**
     * Hands every reading from now on to a listener. May be called again after the stream was lost.
     * While it lasts, the sensors are sampled at their full pace.
     *
     * @param intervalMillis milliseconds between two readings, or 0 for every reading
     */
    void stream(long intervalMillis, Listener listener);

    /** Ends the streams and releases the sensors or the connection. */
    @Override
    void close();
}
