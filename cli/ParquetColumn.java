package cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/**
 * The values of one column of a row group: optional, in one gzipped data page of version 1 with the encoding PLAIN.
 * Numbers of enums are those of parquet.thrift (apache/parquet-format).
 */
final class ParquetColumn {

    private static final int INT64 = 2;
    private static final int DOUBLE = 5;
    private static final int BYTE_ARRAY = 6;
    private static final int OPTIONAL = 1;
    private static final int UTF8 = 0;
    private static final int PLAIN = 0;
    private static final int RLE = 3;
    private static final int GZIP = 2;
    private static final int DATA_PAGE = 0;

    private final RecordColumn column;
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteArrayOutputStream values = new ByteArrayOutputStream();
    private final ByteArrayOutputStream levels = new ByteArrayOutputStream();
    private int count;
    private boolean runIsPresent;
    private int run;

    ParquetColumn(RecordColumn column) {
        this.column = column;
    }

    /** The column's {@code SchemaElement}. */
    byte[] schema() {
        ThriftWriter schema = new ThriftWriter().i32(1, type()).i32(3, OPTIONAL).text(4, column.name());
        if (column.type() == RecordColumn.Type.TEXT) {
            schema.i32(6, UTF8).struct(10, new ThriftWriter().struct(1, empty()).end());
        } else if (column.type() == RecordColumn.Type.TIME) {
            ThriftWriter nanoseconds = new ThriftWriter().struct(3, empty()).end();
            ThriftWriter timestamp = new ThriftWriter().isTrue(1).struct(2, nanoseconds).end();
            schema.struct(10, new ThriftWriter().struct(8, timestamp).end());
        }
        return schema.end().bytes();
    }

    void add(Object value) throws IOException {
        count++;
        boolean present = value != null;
        if (present != runIsPresent) {
            endRun();
            runIsPresent = present;
        }
        run++;
        if (value instanceof String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            values.write(number.clear().putInt(bytes.length).array(), 0, Integer.BYTES);
            values.writeBytes(bytes);
        } else if (value instanceof Double real) {
            values.writeBytes(number.clear().putDouble(real).array());
        } else if (present) {
            values.writeBytes(number.clear().putLong((long) value).array());
        }
    }

    /**
     * Appends the page to a file and begins anew.
     *
     * @param offset where in the file the page comes to stand
     * @return the {@code ColumnChunk}
     */
    byte[] writePage(long offset, ByteArrayOutputStream file) throws IOException {
        endRun();
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        page.write(number.clear().putInt(levels.size()).array(), 0, Integer.BYTES);
        levels.writeTo(page);
        values.writeTo(page);
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
            page.writeTo(zip);
        }
        ThriftWriter pageHeader = new ThriftWriter().i32(1, count).i32(2, PLAIN).i32(3, RLE).i32(4, RLE).end();
        byte[] header = new ThriftWriter().i32(1, DATA_PAGE).i32(2, page.size()).i32(3, zipped.size())
                .struct(5, pageHeader).end().bytes();
        file.writeBytes(header);
        zipped.writeTo(file);
        ThriftWriter metadata = new ThriftWriter().i32(1, type()).i32s(2, PLAIN, RLE).texts(3, column.name())
                .i32(4, GZIP).i64(5, count).i64(6, header.length + (long) page.size())
                .i64(7, header.length + (long) zipped.size()).i64(9, offset).end();
        values.reset();
        levels.reset();
        count = 0;
        return new ThriftWriter().i64(2, offset).struct(3, metadata).end().bytes();
    }

    /** Definition levels are runs: their length times two, then the level in a byte. */
    private void endRun() {
        if (run == 0) {
            return;
        }
        int left = run << 1;
        while ((left & ~0x7F) != 0) {
            levels.write(left & 0x7F | 0x80);
            left >>>= 7;
        }
        levels.write(left);
        levels.write(runIsPresent ? 1 : 0);
        run = 0;
    }

    private int type() {
        return switch (column.type()) {
            case TIME, INTEGER -> INT64;
            case NUMBER -> DOUBLE;
            case TEXT -> BYTE_ARRAY;
        };
    }

    private static ThriftWriter empty() {
        return new ThriftWriter().end();
    }
}
