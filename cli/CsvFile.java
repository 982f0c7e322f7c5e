package cli;

import energy.DeviceReading;
import energy.TelemetryReading;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/** A recording as comma-separated values, with a row for each device and one for the total; times are ISO 8601. */
final class CsvFile implements RecordFile {

    private final LineFile lines;

    CsvFile(Path file) throws IOException {
        lines = new LineFile(file);
        lines.append(Csv.line(RecordColumn.ALL.stream().map(RecordColumn::name).toArray()));
        lines.flush();
    }

    @Override
    public void append(String host, TelemetryReading reading) throws IOException {
        append(new RecordColumn.Row(host, reading, null));
        for (DeviceReading device : reading.getDevicesList()) {
            append(new RecordColumn.Row(host, reading, device));
        }
    }

    private void append(RecordColumn.Row row) throws IOException {
        lines.append(Csv.line(RecordColumn.ALL.stream().map(column -> cell(column, row)).toArray()));
    }

    private static Object cell(RecordColumn column, RecordColumn.Row row) {
        Object value = column.value().apply(row);
        return column.type() == RecordColumn.Type.TIME ? Instant.ofEpochSecond(0, (long) value) : value;
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
