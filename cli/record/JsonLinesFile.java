package cli.record;

import cli.options.UtcTime;
import energy.TelemetryReading;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import telemetry.wire.ReadingJson;

/**
 * One JSON object per line. A machine's first reading follows an object of the type "host" that holds what does not
 * change; a reading itself names its machine only where the file has several.
 */
final class JsonLinesFile implements RecordFile {

    private static final Set<String> TOLD_ONCE = Set.of("system_info", "gpu_info");

    private final LineFile file;
    private final boolean severalHosts;
    private final RecordedHosts hosts = new RecordedHosts();

    JsonLinesFile(LineFile file, boolean severalHosts) {
        this.file = file;
        this.severalHosts = severalHosts;
    }

    @Override
    public synchronized void append(String host, TelemetryReading reading) throws IOException {
        if (hosts.add(host, reading)) {
            file.append(hosts.json(host).toString());
        }
        Map<String, String> leading = new LinkedHashMap<>();
        leading.put("type", "reading");
        leading.put("time_utc", UtcTime.iso(reading.getTimestampNanos()));
        if (severalHosts) {
            leading.put("host", host);
        }
        file.append(ReadingJson.json(leading, reading, TOLD_ONCE));
        file.flush();
    }

    @Override
    public synchronized void flush() throws IOException {
        file.flush();
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
