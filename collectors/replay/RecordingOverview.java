package collectors.replay;

import collectors.GpuInfo;
import collectors.replay.file.RecordedDevice;
import collectors.replay.file.RecordedHost;
import collectors.replay.file.RecordedReading;
import collectors.replay.file.RecordingReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the begin of a recording tells about all of it: the machine, its collectors in their order, and how far its
 * readings are apart. A collector may take its time to open, so that its devices are not in the first readings.
 */
final class RecordingOverview {

    private static final long SEEN_NANOS = 30_000_000_000L;
    private static final int MAX_READINGS = 2000;
    private static final long USUAL_INTERVAL_NANOS = 50_000_000L;

    private final Map<String, RecordedHost> hosts = new LinkedHashMap<>();
    private final Set<String> platforms = new LinkedHashSet<>();
    private final Map<String, RecordedDevice> devices = new LinkedHashMap<>();
    private final List<Long> gaps = new ArrayList<>();
    private RecordedReading first;
    private long lastNanos;

    private RecordingOverview() {
    }

    /**
     * Reads the begin of a recording.
     *
     * @param host the machine that is meant; empty when there is only one
     * @throws IOException with a line for people when that machine is not in it, or nothing can be replayed
     */
    static RecordingOverview of(RecordingReader reader, String file, String host) throws IOException {
        RecordingOverview overview = new RecordingOverview();
        int readings = 0;
        long beginNanos = 0;
        for (RecordedReading reading = reader.next(); reading != null && readings < MAX_READINGS
                && (readings == 0 || reading.unixNanos() - beginNanos < SEEN_NANOS); reading = reader.next()) {
            beginNanos = readings++ == 0 ? reading.unixNanos() : beginNanos;
            overview.hosts.put(reading.host().name(), reading.host());
            if (host.isEmpty() || reading.host().name().equals(host)) {
                overview.add(reading);
            }
        }
        String names = String.join(", ", overview.hosts.keySet());
        if (readings == 0) {
            throw new IOException("'" + file + "' holds no whole reading"
                    + (reader.damage() == null ? "" : ": " + reader.damage()));
        }
        if (!host.isEmpty() && overview.first == null) {
            throw new IOException("'" + file + "' has no machine '" + host + "'; it has " + names);
        }
        if (host.isEmpty() && overview.hosts.size() > 1) {
            throw new IOException("'" + file + "' has several machines (" + names + "): choose one with ,host=NAME");
        }
        if (overview.devices.isEmpty()) {
            throw new IOException("'" + file + "' has no devices: it was recorded where nothing was measured, "
                    + "or from a monitor too old");
        }
        return overview;
    }

    private void add(RecordedReading reading) {
        if (first == null) {
            first = reading;
            platforms.add(reading.platform());
        } else {
            gaps.add(reading.unixNanos() - lastNanos);
        }
        lastNanos = reading.unixNanos();
        for (RecordedDevice device : reading.devices()) {
            platforms.add(device.platform());
            devices.putIfAbsent(ReplayedDevice.key(device), device);
        }
    }

    /** The machine. */
    RecordedHost host() {
        return hosts.get(first.host().name());
    }

    /** The platforms of the collectors, the primary one's first. */
    List<String> platforms() {
        return List.copyOf(platforms);
    }

    /** The devices, in the order of the recording. */
    List<RecordedDevice> devices() {
        return List.copyOf(devices.values());
    }

    /** When it begins, Unix time in nanoseconds. */
    long beginUnixNanos() {
        return first.unixNanos();
    }

    /** Nanoseconds between two readings, as a rule. */
    long intervalNanos() {
        List<Long> sorted = gaps.stream().filter(gap -> gap > 0).sorted().toList();
        return sorted.isEmpty() ? USUAL_INTERVAL_NANOS : sorted.get(sorted.size() / 2);
    }

    /** The primary GPUs; made of the devices where the file does not describe them. */
    GpuInfo gpuInfo() {
        if (host().gpu() != null) {
            return host().gpu();
        }
        String platform = platforms().get(0);
        return GpuNames.of(platform, devices().stream().filter(device -> device.platform().equals(platform)).toList());
    }
}
