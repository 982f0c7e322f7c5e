package cli;

import energy.DeviceReading;
import energy.TelemetryReading;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A recording as Apache Parquet, with a row for each device and one for the total. The little of the format that it
 * takes is written here: the libraries for it bring Hadoop along.
 *
 * <p>A Parquet file can be read only with its footer, which comes last. So each row group is written to a copy, with
 * the footer, which then takes the file's place: at any moment there is a whole file. The longer the file, the longer a row
 * group, so that copying costs about a megabyte a second at most.
 */
final class ParquetFile implements RecordFile {

    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int FORMAT_VERSION = 1;
    private static final int MOST_ROWS = 100_000;
    private static final long LEAST_SECONDS = 10;
    private static final double MEGABYTE = 1e6;

    private final Path file;
    private final Path copy;
    private final int mostRows;
    private final List<ParquetColumn> columns = RecordColumn.ALL.stream().map(ParquetColumn::new).toList();
    private final List<byte[]> rowGroups = new ArrayList<>();
    private long dataBytes = MAGIC.length;
    private long rows;
    private int pendingRows;
    private long writtenNanos = System.nanoTime();

    /** Creates a file without rows. */
    ParquetFile(Path file) throws IOException {
        this(file, MOST_ROWS);
    }

    /** A file whose row groups have no more than that many rows and those of one reading. */
    ParquetFile(Path file, int mostRows) throws IOException {
        this.file = file;
        this.mostRows = mostRows;
        this.copy = file.resolveSibling(file.getFileName() + ".part");
        try (FileChannel channel = open()) {
            write(channel, MAGIC, footer());
        }
        moveIntoPlace();
    }

    @Override
    public void append(String host, TelemetryReading reading) throws IOException {
        append(new RecordColumn.Row(host, reading, null));
        for (DeviceReading device : reading.getDevicesList()) {
            append(new RecordColumn.Row(host, reading, device));
        }
        if (pendingRows >= mostRows) {
            writeRowGroup();
        }
    }

    private void append(RecordColumn.Row row) throws IOException {
        for (int i = 0; i < columns.size(); i++) {
            columns.get(i).add(RecordColumn.ALL.get(i).value().apply(row));
        }
        pendingRows++;
    }

    @Override
    public void flush() throws IOException {
        double seconds = Math.max(LEAST_SECONDS, dataBytes / MEGABYTE);
        if (System.nanoTime() - writtenNanos > seconds * 1e9) {
            writeRowGroup();
        }
    }

    @Override
    public void close() throws IOException {
        writeRowGroup();
    }

    private void writeRowGroup() throws IOException {
        writtenNanos = System.nanoTime();
        if (pendingRows == 0) {
            return;
        }
        ByteArrayOutputStream group = new ByteArrayOutputStream();
        ThriftWriter metadata = new ThriftWriter().structs(1, columns.size());
        for (ParquetColumn column : columns) {
            metadata.element(column.writePage(dataBytes + group.size(), group));
        }
        rowGroups.add(metadata.i64(2, group.size()).i64(3, pendingRows).end().bytes());
        rows += pendingRows;
        pendingRows = 0;
        try (FileChannel old = FileChannel.open(file, StandardOpenOption.READ); FileChannel channel = open()) {
            for (long copied = 0; copied < dataBytes; ) {
                copied += old.transferTo(copied, dataBytes - copied, channel);
            }
            write(channel, group.toByteArray(), footer());
        }
        moveIntoPlace();
        dataBytes += group.size();
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(copy, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
    }

    private void moveIntoPlace() throws IOException {
        Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The {@code FileMetaData}, its length and the magic number. */
    private byte[] footer() {
        byte[] root = new ThriftWriter().text(4, "reading").i32(5, columns.size()).end().bytes();
        ThriftWriter metadata = new ThriftWriter().i32(1, FORMAT_VERSION).structs(2, 1 + columns.size()).element(root);
        columns.forEach(column -> metadata.element(column.schema()));
        metadata.i64(3, rows).structs(4, rowGroups.size());
        rowGroups.forEach(metadata::element);
        byte[] bytes = metadata.text(6, "energy-monitor " + Version.NUMBER).end().bytes();
        return ByteBuffer.allocate(bytes.length + Integer.BYTES + MAGIC.length).order(ByteOrder.LITTLE_ENDIAN)
                .put(bytes).putInt(bytes.length).put(MAGIC).array();
    }

    private static void write(FileChannel channel, byte[]... parts) throws IOException {
        for (byte[] part : parts) {
            for (ByteBuffer bytes = ByteBuffer.wrap(part); bytes.hasRemaining(); ) {
                channel.write(bytes);
            }
        }
    }
}
