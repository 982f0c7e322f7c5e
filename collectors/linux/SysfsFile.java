package collectors.linux;

import collectors.Backoff;
import collectors.DeviceSample;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of the kernel's that holds one whole number or word, kept open and read again and again: the kernel writes the
 * text anew whenever a read begins at its start (Documentation/filesystems/sysfs). A file that fails is opened again
 * after a growing pause.
 */
public final class SysfsFile implements AutoCloseable {

    /** Stands for a number that the file did not give; no sensor's value is so low. */
    static final long UNAVAILABLE = Long.MIN_VALUE;

    private static final int MAX_DIGITS = 18;

    private final Path path;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64);
    private final Backoff opening = new Backoff();
    private FileChannel channel;
    private String problem;
    private boolean unreadable;

    public SysfsFile(Path path) {
        this.path = path;
    }

    /** The number, or {@link #UNAVAILABLE}; then {@link #problem} says why. */
    public long read() {
        if (!refill()) {
            return UNAVAILABLE;
        }
        long number = parse(buffer);
        problem = number != UNAVAILABLE ? null : path + (buffer.limit() == 0 ? " is empty" : " holds no number");
        return number;
    }

    /** Whether the file can be read and begins with a text. */
    boolean startsWith(String text) {
        if (!refill() || buffer.limit() < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (buffer.get(i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The number divided by one of {@link collectors.Units}, or {@link DeviceSample#UNAVAILABLE}. */
    public double read(double divisor) {
        long number = read();
        return number == UNAVAILABLE ? DeviceSample.UNAVAILABLE : number / divisor;
    }

    /** Why the latest read gave no number; null when it gave one. */
    String problem() {
        return problem;
    }

    /** Whether the latest read failed although the file is there, as for a user who may not read it. */
    public boolean isUnreadable() {
        return unreadable;
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            problem = reason(e);
        }
        channel = null;
    }

    /** A file's text without the end of its line, or null when it cannot be read: for what is read once. */
    public static String text(Path path) {
        try {
            return Files.readString(path).strip();
        } catch (IOException e) {
            return null;
        }
    }

    private boolean refill() {
        if (channel == null && !opening.mayTry(System.nanoTime())) {
            return false;
        }
        try {
            if (channel == null) {
                channel = FileChannel.open(path, StandardOpenOption.READ);
            }
            buffer.clear();
            channel.read(buffer, 0);
            buffer.flip();
            opening.succeeded();
            unreadable = false;
            return true;
        } catch (IOException e) {
            problem = reason(e);
            unreadable = !(e instanceof NoSuchFileException);
            close();
            opening.failed(System.nanoTime());
            return false;
        }
    }

    /** The decimal number that a text consists of, blanks and the end of the line after it apart. */
    static long parse(ByteBuffer text) {
        int at = 0;
        boolean negative = text.limit() > 0 && text.get(0) == '-';
        if (negative) {
            at++;
        }
        long number = 0;
        int digits = 0;
        for (; at < text.limit() && text.get(at) >= '0' && text.get(at) <= '9' && digits <= MAX_DIGITS; at++) {
            number = number * 10 + text.get(at) - '0';
            digits++;
        }
        for (; at < text.limit(); at++) {
            if (text.get(at) != '\n' && text.get(at) != ' ') {
                return UNAVAILABLE;
            }
        }
        return digits == 0 || digits > MAX_DIGITS ? UNAVAILABLE : negative ? -number : number;
    }

    private String reason(IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return path + " may not be read by this user";
        }
        if (failure instanceof NoSuchFileException) {
            return path + " is not there";
        }
        return path + ": " + failure.getMessage();
    }
}
