package cli.record;

import cli.options.Version;
import java.util.List;

/** The metadata at the end of a Parquet file. Facts and names: parquet.thrift of Apache parquet-format. */
final class ParquetFooter {

    /** Encodings. */
    static final int PLAIN = 0;
    static final int RLE = 3;

    private static final int FORMAT_VERSION = 1;
    private static final int INT64 = 2;
    private static final int DOUBLE = 5;
    private static final int BYTE_ARRAY = 6;
    private static final int OPTIONAL = 1;
    private static final int CONVERTED_UTF8 = 0;
    private static final int CODEC_GZIP = 2;

    /** The name of the metadata that describes the machines. */
    private static final String HOSTS_KEY = "energy_monitor_hosts";

    private ParquetFooter() {
    }

    /**
     * FileMetaData of a file with those row groups.
     *
     * @param hosts the machines as JSON, for the file's own metadata
     */
    static byte[] bytes(List<RecordTable.Column> columns, List<ParquetGroup.Place> groups, String hosts) {
        ThriftCompact out = new ThriftCompact();
        out.i32(1, FORMAT_VERSION);
        out.list(2, ThriftCompact.STRUCT, columns.size() + 1);
        out.begin();
        out.text(4, "readings");
        out.i32(5, columns.size());
        out.end();
        columns.forEach(column -> schemaElement(out, column));
        out.i64(3, groups.stream().mapToLong(ParquetGroup.Place::rows).sum());
        out.list(4, ThriftCompact.STRUCT, groups.size());
        groups.forEach(group -> rowGroup(out, columns, group));
        out.list(5, ThriftCompact.STRUCT, 1);
        out.begin(); // KeyValue
        out.text(1, HOSTS_KEY);
        out.text(2, hosts);
        out.end();
        out.text(6, "energy-monitor version " + Version.NUMBER);
        out.stop();
        return out.bytes();
    }

    private static void schemaElement(ThriftCompact out, RecordTable.Column column) {
        out.begin();
        out.i32(1, physicalType(column));
        out.i32(3, OPTIONAL);
        out.text(4, column.name());
        if (column.type() == RecordTable.Type.TEXT) {
            out.i32(6, CONVERTED_UTF8);
            out.begin(10); // LogicalType
            out.begin(1); // STRING
            out.end();
            out.end();
        } else if (column.type() == RecordTable.Type.TIME) {
            out.begin(10); // LogicalType
            out.begin(8); // TIMESTAMP
            out.bool(1, true); // in UTC
            out.begin(2);
            out.begin(3); // NANOS
            out.end();
            out.end();
            out.end();
            out.end();
        }
        out.end();
    }

    private static void rowGroup(ThriftCompact out, List<RecordTable.Column> columns, ParquetGroup.Place group) {
        out.begin();
        out.list(1, ThriftCompact.STRUCT, columns.size());
        long offset = group.offset();
        long uncompressed = 0;
        for (int i = 0; i < columns.size(); i++) {
            out.begin(); // ColumnChunk
            out.i64(2, 0); // its metadata stands here only
            out.begin(3); // ColumnMetaData
            out.i32(1, physicalType(columns.get(i)));
            out.list(2, ThriftCompact.I32, 2);
            out.i32(PLAIN);
            out.i32(RLE);
            out.list(3, ThriftCompact.BINARY, 1);
            out.text(columns.get(i).name());
            out.i32(4, CODEC_GZIP);
            out.i64(5, group.rows());
            out.i64(6, group.uncompressedLengths()[i]);
            out.i64(7, group.lengths()[i]);
            out.i64(9, offset);
            out.end();
            out.end();
            offset += group.lengths()[i];
            uncompressed += group.uncompressedLengths()[i];
        }
        out.i64(2, uncompressed);
        out.i64(3, group.rows());
        out.i64(5, group.offset());
        out.i64(6, group.length());
        out.end();
    }

    private static int physicalType(RecordTable.Column column) {
        return switch (column.type()) {
            case TIME, INTEGER -> INT64;
            case NUMBER -> DOUBLE;
            case TEXT -> BYTE_ARRAY;
        };
    }
}
