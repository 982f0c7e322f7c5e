package cli.record;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes Thrift's compact protocol, as far as Parquet's metadata needs it. Fields have to come in the order of their
 * numbers. Facts: thrift-compact-protocol.md of Apache Thrift.
 */
final class ThriftCompact {

    static final int I32 = 5;
    static final int BINARY = 8;
    static final int STRUCT = 12;

    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int I64 = 6;
    private static final int LIST = 9;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Deque<Integer> outerFields = new ArrayDeque<>();
    private int lastField;

    /** The bytes written so far. */
    byte[] bytes() {
        return out.toByteArray();
    }

    void bool(int field, boolean value) {
        header(field, value ? TRUE : FALSE);
    }

    void i32(int field, int value) {
        header(field, I32);
        zigzag(value);
    }

    void i64(int field, long value) {
        header(field, I64);
        zigzag(value);
    }

    void text(int field, String value) {
        header(field, BINARY);
        text(value);
    }

    /** A list; its elements have to follow. */
    void list(int field, int elementType, int size) {
        header(field, LIST);
        if (size < 15) {
            out.write(size << 4 | elementType);
        } else {
            out.write(15 << 4 | elementType);
            varint(size);
        }
    }

    /** An i32 of a list. */
    void i32(int value) {
        zigzag(value);
    }

    /** A text of a list. */
    void text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        varint(bytes.length);
        out.writeBytes(bytes);
    }

    /** Begins a struct that is a field; {@link #end()} ends it. */
    void begin(int field) {
        header(field, STRUCT);
        begin();
    }

    /** Begins a struct of a list; {@link #end()} ends it. */
    void begin() {
        outerFields.push(lastField);
        lastField = 0;
    }

    void end() {
        stop();
        lastField = outerFields.pop();
    }

    /** Ends the outermost struct. */
    void stop() {
        out.write(0);
    }

    private void header(int field, int type) {
        int step = field - lastField;
        if (step <= 15) {
            out.write(step << 4 | type);
        } else {
            out.write(type);
            zigzag(field);
        }
        lastField = field;
    }

    private void zigzag(long value) {
        varint(value << 1 ^ value >> 63);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
