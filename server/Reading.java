package server;

/**
 * One sweep over the sensors, encoded once for all clients. Immutable.
 *
 * @param sequence  1 for the first reading since the monitor started
 * @param nanoTime  when the sweep was due, on the clock of {@link System#nanoTime}
 * @param message   a {@code TelemetryReading} as it goes over the wire, fields 1 to 17; not to be changed
 * @param details   the fields from 100 on, to be appended to the message; null when nobody asked for them
 */
public record Reading(long sequence, long nanoTime, byte[] message, byte[] details) {
}
