package cli;

import energy.TelemetryReading;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** A file that readings are appended to. Whatever was flushed can be read, even if this process is killed. */
interface RecordFile extends Closeable {

    /** The endings of the files that can be written. */
    String ENDINGS = ".csv, .jsonl, .ndjson or .parquet";

    /**
     * Creates a file of the kind that its name ends with; one that is there is replaced.
     *
     * @throws UserError   when no kind has that ending
     * @throws IOException when it cannot be created
     */
    static RecordFile create(Path file) throws UserError, IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv")) {
            return new CsvFile(file);
        }
        if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            return new JsonLinesFile(file);
        }
        if (name.endsWith(".parquet")) {
            return new ParquetFile(file);
        }
        throw new UserError(file + " ends with no kind of file that can be written: let it end with " + ENDINGS);
    }

    /** Takes a reading of the machine with that name. */
    void append(String host, TelemetryReading reading) throws IOException;

    /** Writes what was appended, unless that is better done later; called about once a second. */
    void flush() throws IOException;
}
