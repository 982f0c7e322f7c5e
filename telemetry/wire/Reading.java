package telemetry.wire;

/**
 * One sweep over the sensors, encoded once for all clients. Immutable.
 *
 * @param sequence     1 for the first reading since the monitor started
 * @param dueNanos     when the sweep was due, on the clock of {@link System#nanoTime}
 * @param sampledNanos when the sensors were asked, on the same clock
 * @param message      a {@code TelemetryReading} as it goes over the wire, fields 1 to 17; not to be changed
 * @param details      the fields from 100 on, to be appended to the message; null when nobody asked for them
 */
public record Reading(long sequence, long dueNanos, long sampledNanos, byte[] message, byte[] details) {
}
