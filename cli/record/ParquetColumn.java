package cli.record;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/**
 * The cells of one column that wait to become a page: a data page of version 1, its values PLAIN, which of them are
 * there as definition levels in runs. Facts: Encodings.md and parquet.thrift of Apache parquet-format.
 */
final class ParquetColumn {

    private static final int DATA_PAGE = 0;

    private final ByteArrayOutputStream values = new ByteArrayOutputStream();
    private final ByteArrayOutputStream levels = new ByteArrayOutputStream();
    private int cells;
    private boolean runIsThere;
    private int runLength;

    /** A page with its header, and how long header and page were without compression. */
    record Page(byte[] bytes, long uncompressedLength) {
    }

    void number(double value) {
        integer(Double.doubleToLongBits(value));
    }

    void integer(long value) {
        level(true);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            values.write((int) (value >>> shift));
        }
    }

    void text(String value) {
        level(true);
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        int32(values, bytes.length);
        values.writeBytes(bytes);
    }

    void none() {
        level(false);
    }

    /** Makes a page of what waits. */
    Page page() {
        endRun();
        ByteArrayOutputStream data = new ByteArrayOutputStream(levels.size() + values.size() + Integer.BYTES);
        int32(data, levels.size());
        data.writeBytes(levels.toByteArray());
        data.writeBytes(values.toByteArray());
        byte[] compressed = gzip(data.toByteArray());

        ThriftCompact header = new ThriftCompact(); // PageHeader
        header.i32(1, DATA_PAGE);
        header.i32(2, data.size());
        header.i32(3, compressed.length);
        header.begin(5); // DataPageHeader
        header.i32(1, cells);
        header.i32(2, ParquetFooter.PLAIN);
        header.i32(3, ParquetFooter.RLE);
        header.i32(4, ParquetFooter.RLE);
        header.end();
        header.stop();
        byte[] headerBytes = header.bytes();

        byte[] page = new byte[headerBytes.length + compressed.length];
        System.arraycopy(headerBytes, 0, page, 0, headerBytes.length);
        System.arraycopy(compressed, 0, page, headerBytes.length, compressed.length);
        long uncompressedLength = headerBytes.length + (long) data.size();
        values.reset();
        levels.reset();
        cells = 0;
        return new Page(page, uncompressedLength);
    }

    private void level(boolean isThere) {
        if (isThere != runIsThere) {
            endRun();
            runIsThere = isThere;
        }
        runLength++;
        cells++;
    }

    /** A run of equal levels: its length twice, as a varint, and the level in one byte. */
    private void endRun() {
        if (runLength == 0) {
            return;
        }
        int rest = runLength << 1;
        while (rest > 0x7F) {
            levels.write(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        levels.write(rest);
        levels.write(runIsThere ? 1 : 0);
        runLength = 0;
    }

    private static byte[] gzip(byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(data.length / 4 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory takes everything
        }
        return out.toByteArray();
    }

    static void int32(ByteArrayOutputStream out, int value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.write(value >>> shift);
        }
    }
}
