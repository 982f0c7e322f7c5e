package cli;

import energy.TelemetryReading;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

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
     * Begins a new file, of the format that its name's ending tells.
     *
     * @param force whether a file that is there is replaced
     * @throws UserError when the ending is unknown, or the file must not or cannot be made
     */
    static RecordFile create(Path file, boolean force) throws UserError, IOException {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        boolean csv = name.endsWith(".csv");
        boolean jsonLines = name.endsWith(".jsonl") || name.endsWith(".ndjson");
        if (!csv && !jsonLines && !name.endsWith(".parquet")) {
            throw new UserError(file + " has none of the endings that tell the format: give one with .csv, .jsonl or "
                    + ".parquet");
        }
        try {
            if (!force || !Files.exists(file)) {
                Files.createFile(file);
            }
            return csv ? new CsvFile(file) : jsonLines ? new JsonLinesFile(file) : new ParquetFile(file);
        } catch (FileAlreadyExistsException e) {
            throw new UserError(file + " is there already: give another name, or --force to replace it");
        } catch (NoSuchFileException e) {
            throw new UserError(file + " cannot be made: its folder is not there");
        } catch (AccessDeniedException e) {
            throw new UserError(file + " cannot be made: this user may not write there");
        } catch (FileNotFoundException e) {
            throw new UserError(e.getMessage() + ": it cannot be written to");
        }
    }
}
