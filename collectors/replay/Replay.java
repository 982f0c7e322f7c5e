package collectors.replay;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.GpuInfo;
import collectors.TelemetryCollector;
import collectors.host.Host;
import collectors.replay.file.RecordingReader;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A recording that stands in for the sensors of a machine: all of its collectors, and the machine itself. Its time
 * begins when the first one is asked for the first time.
 *
 * @param collectors the primary one first, open
 * @param host       the machine that was recorded
 */
public record Replay(List<TelemetryCollector> collectors, Host host) {

    /**
     * Opens a recording.
     *
     * @throws CollectorUnavailableException when it cannot be replayed
     */
    public static Replay open(ReplayRequest request, CollectorContext context) throws CollectorUnavailableException {
        return open(request, context.intervalMillis(), System::nanoTime);
    }

    /**
     * A replay with a clock of its own.
     *
     * @param intervalMillis between two looks
     */
    public static Replay open(ReplayRequest request, long intervalMillis, LongSupplier nanoTime)
            throws CollectorUnavailableException {
        try {
            return open(request, overview(request), intervalMillis, nanoTime);
        } catch (IOException e) {
            throw new CollectorUnavailableException(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private static RecordingOverview overview(ReplayRequest request) throws IOException {
        try (RecordingReader reader = RecordingReader.open(request.file())) {
            return RecordingOverview.of(reader, request.file().toString(), request.host());
        }
    }

    private static Replay open(ReplayRequest request, RecordingOverview overview, long intervalMillis,
                               LongSupplier nanoTime) throws IOException {
        Playback playback = new Playback(request, overview, TimeUnit.MILLISECONDS.toNanos(intervalMillis));
        Host host = new ReplayHost(playback, overview.host());
        String source = "a recording of " + (host.info().hostName().isEmpty() ? "a machine" : host.info().hostName())
                + " from " + Instant.ofEpochSecond(0, overview.beginUnixNanos()).truncatedTo(ChronoUnit.SECONDS)
                + ", " + request.file();
        List<TelemetryCollector> collectors = new ArrayList<>();
        for (String platform : overview.platforms()) {
            boolean primary = collectors.isEmpty();
            collectors.add(new ReplayCollector(playback, platform, primary ? overview.gpuInfo() : GpuInfo.NONE,
                    source, primary, nanoTime));
        }
        return new Replay(collectors, host);
    }
}
