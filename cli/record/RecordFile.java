package cli.record;

import cli.options.FileProblem;
import cli.options.UserError;
import energy.TelemetryReading;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * A file that readings are appended to. It can be read at any time, also after its writer was killed: what was
 * written is whole. Any thread may use it. After an IOException it takes no more, and what was written stays.
 */
interface RecordFile extends Closeable {

    /** Of CSV and JSON Lines that are compressed; Parquet is compressed by itself. */
    String GZIP_ENDING = ".gz";

    /**
     * Appends a reading; it reaches the file within a second, or within some where it is compressed.
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
     * @param file         the ending of its name says which {@link Format}
     * @param force        whether an existing file is replaced
     * @param severalHosts whether readings of several machines go into it
     * @throws UserError                when the file must not or cannot be made
     * @throws IllegalArgumentException when the ending names no format
     */
    static RecordFile create(Path file, boolean force, boolean severalHosts) throws UserError, IOException {
        Format format = Format.of(file).orElseThrow(() -> new IllegalArgumentException(file + " names no format"));
        try {
            if (force) {
                FileProblem.requireWritable(file);
            } else {
                Files.createFile(file);
            }
        } catch (FileAlreadyExistsException e) {
            throw exists(file);
        } catch (IOException e) {
            throw FileProblem.of(file, e);
        }
        boolean gzip = file.toString().toLowerCase(Locale.ROOT).endsWith(GZIP_ENDING);
        return switch (format) {
            case CSV -> new CsvFile(new LineFile(file, gzip));
            case JSON_LINES -> new JsonLinesFile(new LineFile(file, gzip), severalHosts);
            case PARQUET -> new ParquetFile(file);
        };
    }

    /**
     * Looks whether a new file can be made, without making it: what is slow comes between this and {@link #create}.
     *
     * @throws UserError when it must not or cannot
     */
    static void requireCreatable(Path file, boolean force) throws UserError {
        if (!force && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(file);
        }
        FileProblem.requireWritableFolder(file);
    }

    private static UserError exists(Path file) {
        return new UserError("'" + file + "' is there already: give another name, or --force to replace it");
    }

    /** Readings on stdout, as text. */
    static RecordFile stdout(Format format, boolean severalHosts) throws IOException {
        return format == Format.CSV ? new CsvFile(new LineFile()) : new JsonLinesFile(new LineFile(), severalHosts);
    }

    /** How readings are written. */
    enum Format {
        CSV, JSON_LINES, PARQUET;

        /** The format that the ending of a name stands for. */
        static Optional<Format> of(Path file) {
            String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
            boolean gzip = name.endsWith(GZIP_ENDING);
            String plain = gzip ? name.substring(0, name.length() - GZIP_ENDING.length()) : name;
            if (plain.endsWith(".csv")) {
                return Optional.of(CSV);
            }
            if (plain.endsWith(".jsonl") || plain.endsWith(".ndjson")) {
                return Optional.of(JSON_LINES);
            }
            return plain.endsWith(".parquet") && !gzip ? Optional.of(PARQUET) : Optional.empty();
        }
    }
}
