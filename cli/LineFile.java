package cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of lines that are handed to the system many at a time, so that a kill leaves whole lines. */
final class LineFile implements Closeable {

    private static final int MOST_PENDING = 1 << 18;

    private final FileChannel channel;
    private final StringBuilder pending = new StringBuilder();

    LineFile(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
    }

    /** Appends whole lines, with their ends. */
    void append(String lines) throws IOException {
        pending.append(lines);
        if (pending.length() > MOST_PENDING) {
            flush();
        }
    }

    void flush() throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(pending.toString());
        pending.setLength(0);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            flush();
        }
    }
}
