package collectors.host;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.Units;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The machine's memory from /proc/meminfo, as proc(5) describes it. The file is kept open and read again and again: the
 * kernel writes its text anew whenever a read begins at its start. For one thread.
 */
public final class HostMemory {

    /** The lines that count are the first and the third one. */
    private static final int TEXT_BYTES = 512;
    private static final String TOTAL = "MemTotal:";
    private static final String AVAILABLE = "MemAvailable:";
    private static final String UNIT = " kB";
    private static final int MAX_DIGITS = 15;

    private final Path meminfo;
    private final ByteBuffer text = ByteBuffer.allocateDirect(TEXT_BYTES);
    private FileChannel channel;

    public HostMemory(Path meminfo) {
        this.meminfo = meminfo;
    }

    /** MiB; unavailable when unknown. */
    public double totalMib() {
        return read() ? mib(TOTAL) : UNAVAILABLE;
    }

    /** MiB without what could be freed; unavailable when unknown. */
    public double usedMib() {
        if (!read()) {
            return UNAVAILABLE;
        }
        double total = mib(TOTAL);
        double available = mib(AVAILABLE);
        return total < 0 || available < 0 ? UNAVAILABLE : total - available;
    }

    private boolean read() {
        try {
            if (channel == null) {
                channel = FileChannel.open(meminfo, StandardOpenOption.READ);
            }
            text.clear();
            channel.read(text, 0);
            text.flip();
            return true;
        } catch (IOException e) {
            close();
            return false;
        }
    }

    private void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // it could not be read either, and is opened anew
        }
        channel = null;
    }

    /** The number of a line {@code key <number> kB}; unavailable when there is none. */
    private double mib(String key) {
        for (int line = 0; line < text.limit(); line = next(line)) {
            if (matches(line, key)) {
                return mib(line + key.length());
            }
        }
        return UNAVAILABLE;
    }

    private double mib(int from) {
        int at = from;
        while (at < text.limit() && text.get(at) == ' ') {
            at++;
        }
        int begin = at;
        long number = 0;
        for (; at < text.limit() && at - begin <= MAX_DIGITS && text.get(at) >= '0' && text.get(at) <= '9'; at++) {
            number = number * 10 + text.get(at) - '0';
        }
        boolean isNumber = at > begin && at - begin <= MAX_DIGITS && matches(at, UNIT);
        return isNumber ? number / Units.KIB_PER_MIB : UNAVAILABLE;
    }

    private int next(int line) {
        int at = line;
        while (at < text.limit() && text.get(at) != '\n') {
            at++;
        }
        return at + 1;
    }

    private boolean matches(int at, String expected) {
        if (text.limit() - at < expected.length()) {
            return false;
        }
        for (int i = 0; i < expected.length(); i++) {
            if (text.get(at + i) != expected.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
