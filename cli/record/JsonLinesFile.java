package cli.record;

import energy.TelemetryReading;
import java.io.IOException;
import java.nio.file.Path;
import telemetry.wire.ReadingJson;

/** One JSON object per line: a reading with all that it says, and the machine that it comes from. */
final class JsonLinesFile implements RecordFile {

    private final LineFile file;

    JsonLinesFile(Path path) throws IOException {
        file = new LineFile(path);
    }

    @Override
    public synchronized void append(String host, TelemetryReading reading) throws IOException {
        file.append(ReadingJson.json(host, reading));
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
