package collectors.replay.file;

import java.util.List;

/**
 * All that was read at a moment.
 *
 * @param unixNanos        the reading's timestamp, Unix time in nanoseconds
 * @param platform         the primary collector's
 * @param hostMemoryUsedMb the machine's own memory in use, MiB; unavailable where the file does not tell
 * @param devices          in the order of the reading
 */
public record RecordedReading(long unixNanos, RecordedHost host, String platform, double hostMemoryUsedMb,
                              List<RecordedDevice> devices) {
}
