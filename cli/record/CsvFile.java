package cli.record;

import cli.options.Csv;
import cli.options.UtcTime;
import energy.TelemetryReading;
import java.io.IOException;
import java.util.stream.Collectors;

/**
 * A table as comma-separated values, quoted as in RFC 4180, in UTF-8. Each row has the time twice: as nanoseconds, and as
 * a date in UTC that spreadsheets recognize.
 */
final class CsvFile implements RecordFile, RecordTable.Cells {

    private final LineFile file;
    private final StringBuilder row = new StringBuilder(512);

    CsvFile(LineFile file) throws IOException {
        this.file = file;
        file.append("timestamp_nanos,time_utc," + RecordTable.COLUMNS.stream().skip(1).map(RecordTable.Column::name)
                .collect(Collectors.joining(",")));
        file.flush();
    }

    @Override
    public synchronized void append(String host, TelemetryReading reading) throws IOException {
        RecordTable.write(host, reading, this);
        row.setLength(row.length() - 1); // the file adds the last line's end
        String rows = row.toString();
        row.setLength(0);
        file.append(rows);
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

    @Override
    public void time(long unixNanos) {
        integer(unixNanos);
        row.append(UtcTime.spreadsheet(unixNanos)).append(',');
    }

    @Override
    public void integer(long value) {
        row.append(value).append(',');
    }

    @Override
    public void number(double value) {
        row.append(value).append(',');
    }

    @Override
    public void text(String value) {
        row.append(Csv.cell(value)).append(',');
    }

    @Override
    public void none() {
        row.append(',');
    }

    @Override
    public void endRow() {
        row.setCharAt(row.length() - 1, '\n');
    }
}
