package cli.record;

import cli.options.FileProblem;
import cli.options.UserError;
import energy.TelemetryReading;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * A file that readings are appended to. It can be read at any time, also after its writer was killed: what was
 * written is whole. Any thread may use it. After an IOException it takes no more, and what was written stays.
 */
interface RecordFile extends Closeable {

    /**
     * Appends a reading; it reaches the file within a second or, in a Parquet file, within some.
     *
     * @param host the machine that the reading comes from
     */
    void append(String host, TelemetryReading reading) throws IOException;

    /** Writes what has waited long enough. To be called every second or so, for when no reading comes for long. */
    void flush() throws IOException;

    /** Writes all that waits, and closes. */
    @Override
    void close() throws IOException;

    /**
     * Begins a new file.
     *
     * @param file its name's ending tells the {@link Format}
     * @param force whether a file that is there is replaced
     * @throws UserError when the file must not or cannot be made
     * @throws IllegalArgumentException when the ending tells no format
     */
    static RecordFile create(Path file, boolean force) throws UserError, IOException {
        Format format = Format.of(file).orElseThrow(() -> new IllegalArgumentException(file + " tells no format"));
        try {
            if (force) {
                FileProblem.requireWritable(file);
            } else {
                Files.createFile(file);
            }
        } catch (FileAlreadyExistsException e) {
            throw new UserError("'" + file + "' is there already: give another name, or --force to replace it");
        } catch (IOException e) {
            throw FileProblem.of(file, e);
        }
        return switch (format) {
            case CSV -> new CsvFile(file);
            case JSON_LINES -> new JsonLinesFile(file);
            case PARQUET -> new ParquetFile(file);
        };
    }

    /** How readings are written. */
    enum Format {
        CSV, JSON_LINES, PARQUET;

        /** The format that a name's ending tells. */
        static Optional<Format> of(Path file) {
            String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
            if (name.endsWith(".csv")) {
                return Optional.of(CSV);
            }
            if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
                return Optional.of(JSON_LINES);
            }
            return name.endsWith(".parquet") ? Optional.of(PARQUET) : Optional.empty();
        }
    }
}
