package collectors.replay.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a recording of {@code record} from its begin to its end, a reading at a time, in bounded memory. */
public interface RecordingReader extends Closeable {

    /**
     * The next reading; null at the end, or where the file cannot be read any further.
     *
     * @throws IOException when the file cannot be read from its disk any more
     */
    RecordedReading next() throws IOException;

    /** Why there is nothing to read behind the last reading although there should be; null when the file is whole. */
    String damage();

    /**
     * Opens a file. Its content says what it is, so that it may have any name.
     *
     * @throws IOException with a line for people when it is no recording, or cannot be read
     */
    static RecordingReader open(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException("there is no file '" + file + "'" + (file.toString().contains(",")
                    ? "; what may follow a file is ,speed=N or ,loop or ,host=NAME" : ""));
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException("'" + file + "' is no plain file");
        }
        if (!Files.isReadable(file)) {
            throw new IOException("'" + file + "' may not be read by this user");
        }
        if (ParquetMetadata.isParquet(file)) {
            return new ParquetReader(file);
        }
        TextInput text = new TextInput(file);
        try {
            String first = text.line();
            if (first != null && first.startsWith("{")) {
                return new JsonLinesReader(file, text, first);
            }
            if (first != null && first.startsWith(CsvReader.BEGIN)) {
                return new CsvReader(text, first);
            }
            throw notOurs(file, first == null ? "there is no whole line in it" : "");
        } catch (IOException e) {
            text.close();
            throw e;
        }
    }

    /** A file that was not written by {@code record}. */
    static IOException notOurs(Path file, String why) {
        return new IOException("'" + file + "' is no recording made by record" + (why.isEmpty() ? "" : ": " + why));
    }
}
