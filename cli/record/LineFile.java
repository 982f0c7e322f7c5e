package cli.record;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A text file that grows by whole lines, many at once, each within a second. */
final class LineFile {

    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Up to 64 KiB the JDK hands the system in one piece. */
    private static final int MOST_BYTES = 32 << 10;

    private final Path path;
    private final RandomAccessFile file;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    private long length;
    private long writtenNanos = System.nanoTime() - WAIT_NANOS;
    private boolean failed;

    LineFile(Path path) throws IOException {
        this.path = path;
        file = new RandomAccessFile(path.toFile(), "rw");
        if (file.length() > 0) { // what is no plain file cannot be cut
            file.setLength(0);
        }
    }

    /** Appends a line; its end is added. */
    void append(String line) throws IOException {
        if (failed) {
            throw new IOException(path + " takes no more since writing to it has failed");
        }
        waiting.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        waiting.write('\n');
        if (waiting.size() >= MOST_BYTES) {
            write();
        }
    }

    void flush() throws IOException {
        if (System.nanoTime() - writtenNanos >= WAIT_NANOS) {
            write();
        }
    }

    void close() throws IOException {
        try (file) {
            write();
        }
    }

    /** One call of the system for all lines: only a kill in the midst of it can cut one. */
    private void write() throws IOException {
        if (waiting.size() == 0) {
            return;
        }
        byte[] lines = waiting.toByteArray();
        waiting.reset();
        try {
            file.write(lines);
        } catch (IOException e) {
            failed = true;
            IOException failure = RecordFailure.of(path, e);
            try {
                file.setLength(length);
            } catch (IOException notCut) {
                failure.addSuppressed(notCut);
            }
            throw failure;
        }
        length += lines.length;
        writtenNanos = System.nanoTime();
    }
}
