package server;

/**
 * One sweep over the sensors, encoded once for all clients. Immutable.
 *
 * @param sequence  1 for the first reading since the monitor started
 * @param unixNanos when the sensors were read
 * @param message   a {@code TelemetryReading} as it goes over the wire; not to be changed
 */
public record Reading(long sequence, long unixNanos, byte[] message) {
}
