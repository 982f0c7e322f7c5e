package collectors.replay.file;

import collectors.GpuInfo;
import collectors.host.HostInfo;

/**
 * A machine that was recorded.
 *
 * @param name   as the file's column of hosts has it; empty when it has none
 * @param system what the file tells of the machine; null when that is nothing
 * @param gpu    the primary GPUs in the words that clients know; null when the file does not tell
 */
public record RecordedHost(String name, HostInfo system, GpuInfo gpu) {
}
