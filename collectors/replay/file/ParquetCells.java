package collectors.replay.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * The cells of one column of a Parquet file, one after the other; holds one page of some seconds at a time. Reads what
 * {@code record} writes: data pages of version 1, PLAIN values, definition levels in runs, gzip. Facts: Encodings.md
 * and parquet.thrift of Apache parquet-format.
 */
final class ParquetCells {

    private static final int MAX_HEADER_BYTES = 256;
    private static final int MAX_PAGE_BYTES = 16 << 20;

    private final RandomAccessFile file;
    private final ParquetMetadata metadata;
    private final int column;
    private final int type;
    private int group = -1;
    private long groupCells;
    private long offset;

    private ByteBuffer levels = ByteBuffer.allocate(0);
    private ByteBuffer values = ByteBuffer.allocate(0);
    private long pageCells;
    private long runCells;
    private boolean runIsThere;

    ParquetCells(RandomAccessFile file, ParquetMetadata metadata, int column) {
        this.file = file;
        this.metadata = metadata;
        this.column = column;
        this.type = metadata.types().get(column);
    }

    /**
     * The next cell: a Long, a Double, a String, or null for an empty one.
     *
     * @throws IOException when what should be there is not
     */
    Object next() throws IOException {
        try {
            while (pageCells == 0) {
                nextPage();
            }
            if (runCells == 0) {
                nextRun();
            }
            pageCells--;
            runCells--;
            return runIsThere ? value() : null;
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("a page of the column " + column + " is damaged", e);
        }
    }

    private Object value() {
        return switch (type) {
            case ParquetMetadata.INT64 -> values.getLong();
            case ParquetMetadata.DOUBLE -> values.getDouble();
            case ParquetMetadata.BYTE_ARRAY -> {
                byte[] bytes = new byte[length(values.getInt(), values.remaining())];
                values.get(bytes);
                yield new String(bytes, StandardCharsets.UTF_8);
            }
            default -> throw new IllegalArgumentException("no type " + type);
        };
    }

    /** A run of equal levels: its length twice, as a varint, and the level in one byte. */
    private void nextRun() {
        long header = 0;
        for (int shift = 0, b = 0x80; (b & 0x80) != 0; shift += 7) {
            b = levels.get() & 0xFF;
            header |= (long) (b & 0x7F) << shift;
        }
        if ((header & 1) != 0 || header == 0) {
            throw new IllegalArgumentException("levels packed otherwise");
        }
        runCells = header >>> 1;
        runIsThere = levels.get() == 1;
    }

    private void nextPage() throws IOException {
        while (groupCells == 0) {
            group++;
            groupCells = metadata.rows(group);
            offset = metadata.chunk(group, column);
        }
        byte[] head = read(offset, (int) Math.min(MAX_HEADER_BYTES, file.length() - offset));
        ByteBuffer in = ByteBuffer.wrap(head);
        Map<Integer, Object> header = new ThriftReader(in).struct();
        int compressed = length(ThriftReader.integer(header, 3), MAX_PAGE_BYTES);
        int plain = length(ThriftReader.integer(header, 2), MAX_PAGE_BYTES);
        pageCells = ThriftReader.integer(ThriftReader.struct(header.get(5)), 1);
        byte[] page = inflate(read(offset + in.position(), compressed), plain);
        offset += in.position() + compressed;
        groupCells -= pageCells;
        ByteBuffer data = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
        int levelBytes = length(data.getInt(), data.remaining());
        levels = data.slice(data.position(), levelBytes);
        int begin = data.position() + levelBytes;
        values = data.slice(begin, page.length - begin).order(ByteOrder.LITTLE_ENDIAN);
        runCells = 0;
    }

    private static int length(long length, int most) {
        if (length < 0 || length > most) {
            throw new IllegalArgumentException("a length of " + length);
        }
        return (int) length;
    }

    private byte[] read(long from, int length) throws IOException {
        byte[] bytes = new byte[length(length, MAX_PAGE_BYTES)];
        file.seek(from);
        file.readFully(bytes);
        return bytes;
    }

    private static byte[] inflate(byte[] compressed, int length) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            byte[] plain = in.readNBytes(length);
            if (plain.length < length) {
                throw new IOException("a page is too short");
            }
            return plain;
        }
    }
}
