package cli.readings;

import cli.options.UserError;
import energy.DescribeResponse;
import energy.TelemetryReading;

/** Readings with their devices, and what is measured: of this machine's sensors, or of a monitor that runs. */
public interface Telemetry extends AutoCloseable {

    /** Takes the readings, from one thread of the telemetry's. */
    interface Listener {

        /**
         * One reading.
         *
         * @param nanoTime when it was made, or arrived from a running monitor, on the clock of {@link System#nanoTime}
         */
        void take(TelemetryReading reading, long nanoTime);

        /** The stream has ended against our will: the monitor ended, or the connection was lost. */
        void lost(String reason);
    }

    /** What is measured here, waiting for sensors that are slow to open. */
    DescribeResponse describe() throws UserError, InterruptedException;

    /**
     * Hands every reading from now on to a listener. May be called again after the stream was lost.
     *
     * @param intervalMillis milliseconds between two readings, or 0 for every reading
     */
    void stream(long intervalMillis, Listener listener);

    /** Ends the streams and gives the sensors or the connection back. */
    @Override
    void close();
}
