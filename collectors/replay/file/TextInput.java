package collectors.replay.file;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** The whole lines of a text file in UTF-8, compressed by gzip or not. Holds one line at a time. */
final class TextInput implements Closeable {

    /** No reading is longer; what is has no lines. */
    private static final int MAX_LINE_BYTES = 4 << 20;
    private static final int BUFFER_BYTES = 32 << 10;
    private static final int GZIP_MAGIC = 0x1F8B;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int end;
    private boolean cut;

    TextInput(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
        raw.mark(2);
        boolean gzip = (raw.read() << 8 | raw.read()) == GZIP_MAGIC;
        raw.reset();
        try {
            in = gzip ? new GZIPInputStream(raw, BUFFER_BYTES) : raw;
        } catch (IOException e) {
            raw.close();
            throw RecordingReader.notOurs(file, "its gzip header is damaged");
        }
    }

    /** The next line without its end; null when there is no whole one any more. */
    String line() throws IOException {
        ByteArrayOutputStream line = null;
        while (true) {
            if (at == end && !fill()) {
                cut |= line != null;
                return null;
            }
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            boolean whole = at < end;
            if (whole && line == null) {
                return text(buffer, from, at++ - from);
            }
            line = line == null ? new ByteArrayOutputStream(2 * BUFFER_BYTES) : line;
            line.write(buffer, from, at - from);
            if (whole) {
                at++;
                return text(line.toByteArray(), 0, line.size());
            }
            if (line.size() > MAX_LINE_BYTES) {
                cut = true;
                return null;
            }
        }
    }

    /** Whether the file ends in the midst of a line, or of what was compressed. */
    boolean isCut() {
        return cut;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = 0;
        try {
            end = Math.max(0, in.read(buffer));
        } catch (EOFException | ZipException e) {
            cut = true;
        }
        return end > 0;
    }

    private static String text(byte[] bytes, int from, int length) {
        int without = length > 0 && bytes[from + length - 1] == '\r' ? length - 1 : length;
        return new String(bytes, from, without, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
