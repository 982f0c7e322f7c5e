package collectors.apple.powermetrics;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into property lists. A list ends with its closing tag, so that it need not wait for the next
 * one, or else with the NUL byte between two lists.
 */
final class PropertyListSplitter {

    /** Receives the lists. */
    interface Lists {

        /** A list, which may be malformed; the bytes are the receiver's. */
        void list(byte[] list);

        /** A list that was too long was skipped. */
        void tooLong();
    }

    private static final byte[] CLOSING_TAG = "</plist>".getBytes(StandardCharsets.US_ASCII);
    private static final int FIRST_BYTES = 1 << 16;
    private static final int MAX_REST_BYTES = 200;

    private final Lists lists;
    private final int maxBytes;
    private byte[] buffer = new byte[FIRST_BYTES];
    private int length;
    /** How much of the closing tag the latest bytes are. */
    private int matched;
    private boolean tooLong;

    /** A splitter that skips lists longer than the given number of bytes. */
    PropertyListSplitter(Lists lists, int maxBytes) {
        this.lists = lists;
        this.maxBytes = maxBytes;
    }

    /** Takes in the next bytes of the stream. */
    void add(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            byte next = bytes[i];
            if (next == 0) {
                finish();
            } else if (length > 0 || tooLong || next > ' ' || next < 0) {
                append(next);
            }
        }
    }

    /** The beginning of what came after the latest list, as text for people. */
    String rest() {
        return new String(buffer, 0, Math.min(length, MAX_REST_BYTES), StandardCharsets.UTF_8).strip();
    }

    private void append(byte next) {
        if (length == maxBytes && !tooLong) {
            tooLong = true;
            lists.tooLong();
        }
        if (!tooLong) {
            if (length == buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.min(2 * length, maxBytes));
            }
            buffer[length++] = next;
        }
        matched = next == CLOSING_TAG[matched] ? matched + 1 : next == CLOSING_TAG[0] ? 1 : 0;
        if (matched == CLOSING_TAG.length) {
            finish();
        }
    }

    private void finish() {
        byte[] list = length > 0 && !tooLong ? Arrays.copyOf(buffer, length) : null;
        length = 0;
        matched = 0;
        tooLong = false;
        if (list != null) {
            lists.list(list);
        }
    }
}
