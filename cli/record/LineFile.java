package cli.record;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

/**
 * A text file, or stdout, that grows by whole lines, many at once. Compressed, what is written at once is a gzip member
 * of its own: readers take the members for one stream, and a kill leaves only whole ones.
 */
final class LineFile implements Closeable {

    private static final String STDOUT = "stdout";
    private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Up to 64 KiB the JDK hands the system in one piece. */
    private static final int MAX_WAITING_BYTES = 32 << 10;
    /** Small members compress badly. */
    private static final long MAX_GZIP_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MAX_GZIP_WAITING_BYTES = 256 << 10;

    /** Where bytes go to; null for stdout. */
    private final RandomAccessFile file;
    private final OutputStream stream;
    private final String name;
    private final boolean gzip;
    private final long maxWaitNanos;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    private long length;
    private long writtenNanos;
    private boolean failed;

    /** A file that begins empty. */
    LineFile(Path path, boolean gzip) throws IOException {
        file = new RandomAccessFile(path.toFile(), "rw");
        if (file.length() > 0) { // what is no plain file cannot be cut
            file.setLength(0);
        }
        stream = null;
        name = path.toString();
        this.gzip = gzip;
        maxWaitNanos = gzip ? MAX_GZIP_WAIT_NANOS : MAX_WAIT_NANOS;
        writtenNanos = System.nanoTime() - maxWaitNanos;
    }

    /** Stdout, to which each line goes at once: somebody may be looking. */
    LineFile() {
        file = null;
        stream = new FileOutputStream(FileDescriptor.out);
        name = STDOUT;
        gzip = false;
        maxWaitNanos = 0;
    }

    /** Appends a line; its end is added. */
    void append(String line) throws IOException {
        if (failed) {
            throw new IOException(name + " takes no more since writing to it has failed");
        }
        waiting.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        waiting.write('\n');
        if (waiting.size() >= (gzip ? MAX_GZIP_WAITING_BYTES : MAX_WAITING_BYTES)) {
            write();
        }
    }

    /** Writes what has waited long enough. */
    void flush() throws IOException {
        if (System.nanoTime() - writtenNanos >= maxWaitNanos) {
            write();
        }
    }

    @Override
    public void close() throws IOException {
        try (RandomAccessFile closing = file) {
            write();
        }
    }

    /** One call of the system for all lines: only a kill in the midst of it can cut one. */
    private void write() throws IOException {
        if (waiting.size() == 0 || failed) {
            return;
        }
        byte[] bytes = gzip ? member(waiting) : waiting.toByteArray();
        waiting.reset();
        try {
            if (file == null) {
                stream.write(bytes);
            } else {
                file.write(bytes);
            }
        } catch (IOException e) {
            failed = true;
            IOException failure = file == null && isClosedPipe(e) ? new StdoutClosedException(e) : failure(name, e);
            if (file != null) {
                cut(failure);
            }
            throw failure;
        }
        length += bytes.length;
        writtenNanos = System.nanoTime();
    }

    /** A full disk is no reader that has had enough. Windows: ERROR_NO_DATA and ERROR_BROKEN_PIPE. */
    private static boolean isClosedPipe(IOException failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("pipe");
    }

    private void cut(IOException failure) {
        try {
            file.setLength(length);
        } catch (IOException notCut) {
            failure.addSuppressed(notCut);
        }
    }

    private static byte[] member(ByteArrayOutputStream lines) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            lines.writeTo(out);
        }
        return bytes.toByteArray();
    }

    /** What to say when a recording cannot be written any further. */
    static IOException failure(String file, IOException cause) {
        return new IOException(file + " cannot be written to: " + cause.getMessage()
                + "; what was written before can be read", cause);
    }

    /** Whoever reads from stdout has had enough, as {@code head} after some lines. */
    static final class StdoutClosedException extends IOException {

        private static final long serialVersionUID = 1;

        StdoutClosedException(IOException cause) {
            super("stdout is closed", cause);
        }
    }
}
