package collectors.replay.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the metadata of a Parquet file tells: its columns, where their chunks lie, and the machines. Facts and names:
 * parquet.thrift of Apache parquet-format.
 */
final class ParquetMetadata {

    static final int INT64 = 2;
    static final int DOUBLE = 5;
    static final int BYTE_ARRAY = 6;

    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int TRAILER_BYTES = Integer.BYTES + 4;
    private static final int MAX_FOOTER_BYTES = 16 << 20;
    private static final int CODEC_GZIP = 2;
    private static final String HOSTS_KEY = "energy_monitor_hosts";
    /** So far from the end of a file that was cut a whole footer is looked for: row groups are some MiB long. */
    private static final long MAX_SEARCHED_BYTES = 64L << 20;
    private static final int SEARCHED_PIECE = 1 << 20;

    private final Map<String, Integer> columns = new HashMap<>();
    private final List<Integer> types = new ArrayList<>();
    /** For each row group the place of each column's chunk. */
    private final List<long[]> chunks = new ArrayList<>();
    private final List<Long> rows = new ArrayList<>();
    private String hosts = "[]";
    private boolean cut;

    private ParquetMetadata() {
    }

    static boolean isParquet(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] begin = new byte[MAGIC.length];
            return in.length() >= MAGIC.length && in.read(begin) == begin.length && Arrays.equals(begin, MAGIC);
        }
    }

    /**
     * Reads a file's metadata: that at its end or, if it was cut, the last that is whole.
     *
     * @throws IOException when there is none, or it is not that of a recording
     */
    static ParquetMetadata read(Path file, RandomAccessFile in) throws IOException {
        ParquetMetadata atEnd = endingAt(in, in.length());
        ParquetMetadata metadata = atEnd == null ? lastWhole(in) : atEnd;
        if (metadata == null) {
            throw new IOException("'" + file + "' was cut, and no table of contents is left in it: copy it again");
        }
        if (!metadata.columns.containsKey("timestamp") || !metadata.columns.containsKey("device_id")) {
            throw RecordingReader.notOurs(file, "it has other columns");
        }
        metadata.cut = atEnd == null;
        return metadata;
    }

    private static ParquetMetadata lastWhole(RandomAccessFile in) throws IOException {
        byte[] piece = new byte[SEARCHED_PIECE + MAGIC.length];
        long stop = Math.max(0, in.length() - MAX_SEARCHED_BYTES);
        for (long end = in.length(); end > stop; end -= SEARCHED_PIECE) {
            long begin = Math.max(stop, end - SEARCHED_PIECE);
            int length = (int) Math.min(end - begin + MAGIC.length, in.length() - begin);
            in.seek(begin);
            in.readFully(piece, 0, length);
            for (int i = length - MAGIC.length; i >= 0; i--) {
                if (Arrays.equals(piece, i, i + MAGIC.length, MAGIC, 0, MAGIC.length)) {
                    ParquetMetadata metadata = endingAt(in, begin + i + MAGIC.length);
                    if (metadata != null) {
                        return metadata;
                    }
                }
            }
        }
        return null;
    }

    /** The metadata whose magic number ends there; null when there is none. */
    private static ParquetMetadata endingAt(RandomAccessFile in, long end) throws IOException {
        if (end < MAGIC.length + TRAILER_BYTES) {
            return null;
        }
        byte[] trailer = new byte[TRAILER_BYTES];
        in.seek(end - TRAILER_BYTES);
        in.readFully(trailer);
        int length = ByteBuffer.wrap(trailer).order(ByteOrder.LITTLE_ENDIAN).getInt();
        boolean magic = Arrays.equals(trailer, Integer.BYTES, TRAILER_BYTES, MAGIC, 0, MAGIC.length);
        if (!magic || length <= 0 || length > MAX_FOOTER_BYTES || length > end - TRAILER_BYTES - MAGIC.length) {
            return null;
        }
        byte[] footer = new byte[length];
        in.seek(end - TRAILER_BYTES - length);
        in.readFully(footer);
        ParquetMetadata metadata = new ParquetMetadata();
        try {
            new ThriftReader(ByteBuffer.wrap(footer).order(ByteOrder.LITTLE_ENDIAN)).fields(metadata::take);
        } catch (IOException e) {
            return null;
        }
        return metadata;
    }

    private void take(int field, Object value) throws IOException {
        Map<Integer, Object> struct = ThriftReader.struct(value);
        switch (field) {
            case 2 -> { // SchemaElement; the first one is the root
                if (struct.containsKey(1)) {
                    columns.put(ThriftReader.text(struct, 4), types.size());
                    types.add((int) ThriftReader.integer(struct, 1));
                }
            }
            case 4 -> takeGroup(struct);
            case 5 -> {
                if (ThriftReader.text(struct, 1).equals(HOSTS_KEY)) {
                    hosts = ThriftReader.text(struct, 2);
                }
            }
            default -> {
                // nothing that a reader needs
            }
        }
    }

    private void takeGroup(Map<Integer, Object> group) throws IOException {
        if (!(group.get(1) instanceof List<?> list) || list.size() != types.size()) {
            throw new IOException("no row group");
        }
        long[] places = new long[list.size()];
        for (int i = 0; i < places.length; i++) {
            Map<Integer, Object> column = ThriftReader.struct(ThriftReader.struct(list.get(i)).get(3));
            if (ThriftReader.integer(column, 4) != CODEC_GZIP || column.containsKey(11)) { // a dictionary
                throw new IOException("written by another program");
            }
            places[i] = ThriftReader.integer(column, 9);
        }
        chunks.add(places);
        rows.add(ThriftReader.integer(group, 3));
    }

    /** The place of a column among the others; -1 when there is none of that name. */
    int column(String name) {
        return columns.getOrDefault(name, -1);
    }

    /** The physical type of each column. */
    List<Integer> types() {
        return types;
    }

    /** How many row groups there are. */
    int groups() {
        return chunks.size();
    }

    long rows(int group) {
        return rows.get(group);
    }

    /** Where the chunk of a column begins. */
    long chunk(int group, int column) {
        return chunks.get(group)[column];
    }

    /** The machines as a JSON array. */
    String hosts() {
        return hosts;
    }

    /** Whether the file has lost its end. */
    boolean isCut() {
        return cut;
    }
}
