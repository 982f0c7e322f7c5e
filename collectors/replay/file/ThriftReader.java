package collectors.replay.file;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads Thrift's compact protocol as far as Parquet's metadata uses it: a struct becomes a map of its fields' numbers,
 * whole numbers are Long, texts byte[]. Facts: thrift-compact-protocol.md of Apache Thrift.
 */
final class ThriftReader {

    private static final int MAX_DEPTH = 16;
    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int BYTE = 3;
    private static final int I16 = 4;
    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int DOUBLE = 7;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int SET = 10;
    static final int STRUCT = 12;

    private final ByteBuffer in;

    ThriftReader(ByteBuffer in) {
        this.in = in;
    }

    /** Takes the fields of a struct one by one, without holding them all. */
    interface Fields {

        /** A field; for a list of structs, each of its elements in turn. */
        void take(int field, Object value) throws IOException;
    }

    /**
     * A struct.
     *
     * @throws IOException when there is none
     */
    Map<Integer, Object> struct() throws IOException {
        Map<Integer, Object> fields = new HashMap<>();
        try {
            readStruct(0, fields);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException("no metadata of Parquet", e);
        }
        return fields;
    }

    /** The fields of a struct. */
    void fields(Fields taker) throws IOException {
        try {
            int field = 0;
            for (int header = header(); header != 0; header = header()) {
                field = field(header, field);
                if ((header & 15) == LIST) {
                    int list = header();
                    for (int left = size(list); left > 0; left--) {
                        taker.take(field, value(elementType(list), 1));
                    }
                } else {
                    taker.take(field, value(header & 15, 1));
                }
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException("no metadata of Parquet", e);
        }
    }

    /** A whole number of a struct; 0 when it has none. */
    static long integer(Map<Integer, Object> struct, int field) {
        return struct.get(field) instanceof Long number ? number : 0;
    }

    /** A text of a struct; empty when it has none. */
    static String text(Map<Integer, Object> struct, int field) {
        return struct.get(field) instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "";
    }

    /** A struct of a struct; empty when it has none. */
    @SuppressWarnings("unchecked") // maps are made here only
    static Map<Integer, Object> struct(Object value) {
        return value instanceof Map<?, ?> map ? (Map<Integer, Object>) map : Map.of();
    }

    private void readStruct(int depth, Map<Integer, Object> fields) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("nested too deeply");
        }
        int field = 0;
        for (int header = header(); header != 0; header = header()) {
            field = field(header, field);
            fields.put(field, value(header & 15, depth + 1));
        }
    }

    private int field(int header, int before) {
        int step = header >> 4;
        return step == 0 ? (int) zigzag() : before + step;
    }

    private Object value(int type, int depth) {
        return switch (type) {
            case TRUE, FALSE -> type == TRUE;
            case BYTE -> (long) in.get();
            case I16, I32, I64 -> zigzag();
            case DOUBLE -> Double.longBitsToDouble(in.getLong());
            case BINARY -> {
                long length = varint();
                if (length < 0 || length > in.remaining()) {
                    throw new BufferUnderflowException();
                }
                byte[] bytes = new byte[(int) length];
                in.get(bytes);
                yield bytes;
            }
            case LIST, SET -> {
                int header = header();
                int size = size(header);
                if (size < 0 || size > in.remaining()) {
                    throw new BufferUnderflowException();
                }
                List<Object> list = new ArrayList<>();
                for (int i = 0; i < size; i++) {
                    list.add(value(elementType(header), depth + 1));
                }
                yield list;
            }
            case STRUCT -> {
                Map<Integer, Object> struct = new HashMap<>();
                readStruct(depth, struct);
                yield struct;
            }
            default -> throw new IllegalArgumentException("no type " + type);
        };
    }

    private int header() {
        return in.get() & 0xFF;
    }

    private int size(int listHeader) {
        int size = listHeader >> 4;
        return size == 15 ? (int) varint() : size;
    }

    private static int elementType(int listHeader) {
        return listHeader & 15;
    }

    private long zigzag() {
        long value = varint();
        return value >>> 1 ^ -(value & 1);
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number too long");
    }
}
