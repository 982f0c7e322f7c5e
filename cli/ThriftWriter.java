package cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes structs in Thrift's compact protocol (doc/specs/thrift-compact-protocol.md), as far as Parquet needs it. */
final class ThriftWriter {

    private static final int TRUE = 1;
    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int STRUCT = 12;
    private static final int MOST_SHORT_LIST = 14;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int lastField;

    byte[] bytes() {
        return out.toByteArray();
    }

    ThriftWriter i32(int field, int value) {
        header(field, I32);
        varint(zigzag(value));
        return this;
    }

    ThriftWriter i64(int field, long value) {
        header(field, I64);
        varint(zigzag(value));
        return this;
    }

    ThriftWriter isTrue(int field) {
        header(field, TRUE);
        return this;
    }

    ThriftWriter text(int field, String value) {
        header(field, BINARY);
        element(value);
        return this;
    }

    /** A struct, given whole with its {@link #end}. */
    ThriftWriter struct(int field, ThriftWriter struct) {
        header(field, STRUCT);
        out.writeBytes(struct.bytes());
        return this;
    }

    /** The begin of a list of structs, each to be appended with {@link #element(byte[])}. */
    ThriftWriter structs(int field, int size) {
        return list(field, size, STRUCT);
    }

    /** A list of texts. */
    ThriftWriter texts(int field, String... values) {
        list(field, values.length, BINARY);
        for (String value : values) {
            element(value);
        }
        return this;
    }

    /** A list of numbers. */
    ThriftWriter i32s(int field, int... values) {
        list(field, values.length, I32);
        for (int value : values) {
            varint(zigzag(value));
        }
        return this;
    }

    ThriftWriter element(byte[] struct) {
        out.writeBytes(struct);
        return this;
    }

    /** Ends the struct. */
    ThriftWriter end() {
        out.write(0);
        return this;
    }

    private void element(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        varint(bytes.length);
        out.writeBytes(bytes);
    }

    private ThriftWriter list(int field, int size, int type) {
        header(field, LIST);
        if (size <= MOST_SHORT_LIST) {
            out.write(size << 4 | type);
        } else {
            out.write(0xF0 | type);
            varint(size);
        }
        return this;
    }

    /** Fields come in ascending order, less than 16 apart. */
    private void header(int field, int type) {
        out.write(field - lastField << 4 | type);
        lastField = field;
    }

    private static long zigzag(long value) {
        return value << 1 ^ value >> 63;
    }

    private void varint(long value) {
        long left = value;
        while ((left & ~0x7FL) != 0) {
            out.write((int) (left & 0x7F | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
    }
}
