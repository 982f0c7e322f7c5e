package cli;

import com.google.gson.JsonPrimitive;
import energy.TelemetryReading;
import java.io.IOException;
import java.nio.file.Path;
import server.ReadingJson;

/** A recording with a JSON object on each line: the reading as energy.proto has it, and the host's name before it. */
final class JsonLinesFile implements RecordFile {

    private final LineFile lines;

    JsonLinesFile(Path file) throws IOException {
        lines = new LineFile(file);
    }

    @Override
    public void append(String host, TelemetryReading reading) throws IOException {
        String json = ReadingJson.json(reading);
        lines.append("{\"host\":" + new JsonPrimitive(host) + "," + json.substring(1) + "\n");
    }

    @Override
    public void flush() throws IOException {
        lines.flush();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
