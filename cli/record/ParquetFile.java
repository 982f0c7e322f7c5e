package cli.record;

import energy.TelemetryReading;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A table in Parquet. Readers find the footer from the file's end, so the end is never without one: a new row group and
 * its footer get their last bytes first, and those lead to the footer before until all is there. Some seconds of rows
 * make a group; from time to time the latest groups are merged into one, so that the footer stays short.
 */
class ParquetFile implements RecordFile, RecordTable.Cells {

    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    /** The footer's length and the magic number. */
    private static final int TRAILER_BYTES = Integer.BYTES + MAGIC.length;
    private static final long GROUP_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MAX_GROUP_ROWS = 32 << 10;
    private static final int MAX_RECENT_GROUPS = 32;
    private static final int MAX_RECENT_BYTES = 4 << 20;
    /** A footer of so many bytes, written with every group, makes groups twice as rare. */
    private static final double RARER_FOOTER_BYTES = 256 << 10;

    private final Path path;
    private final long groupNanos;
    private final RandomAccessFile file;
    private final List<ParquetColumn> columns =
            Stream.generate(ParquetColumn::new).limit(RecordTable.COLUMNS.size()).toList();
    private final RecordedHosts hosts = new RecordedHosts();
    private int column;
    private int rows;
    private long groupBegan;
    private boolean failed;

    /** Groups that stay where they are, and where the last of them ends. */
    private final List<ParquetGroup.Place> settled = new ArrayList<>();
    private long settledEnd = MAGIC.length;
    /** Groups behind those, to be merged. */
    private final List<ParquetGroup> recent = new ArrayList<>();
    private final List<ParquetGroup.Place> recentPlaces = new ArrayList<>();
    private long footerOffset;
    private long end;

    ParquetFile(Path path) throws IOException {
        this(path, GROUP_NANOS);
    }

    ParquetFile(Path path, long groupNanos) throws IOException {
        this.path = path;
        this.groupNanos = groupNanos;
        file = new RandomAccessFile(path.toFile(), "rw");
        if (file.length() > 0) { // what is no plain file cannot be cut
            file.setLength(0);
        }
        ByteArrayOutputStream empty = new ByteArrayOutputStream();
        empty.writeBytes(MAGIC);
        byte[] footer = ParquetFooter.bytes(RecordTable.COLUMNS, List.of(), hosts.json());
        empty.writeBytes(padding(empty.size() + footer.length));
        footerOffset = empty.size();
        empty.writeBytes(footer);
        empty.writeBytes(trailer(footer.length));
        try {
            put(0, empty.toByteArray());
        } catch (IOException e) {
            file.close();
            throw LineFile.failure(path.toString(), e);
        }
        end = empty.size();
    }

    @Override
    public synchronized void append(String host, TelemetryReading reading) throws IOException {
        if (failed) {
            throw new IOException(path + " takes no more since writing to it has failed");
        }
        hosts.add(host, reading);
        RecordTable.write(host, reading, this);
        flush();
    }

    @Override
    public synchronized void flush() throws IOException {
        if (failed) {
            return;
        }
        double nanos = groupNanos * (1 + (end - footerOffset) / RARER_FOOTER_BYTES);
        if (rows >= MAX_GROUP_ROWS || rows > 0 && System.nanoTime() - groupBegan >= nanos) {
            write(recent.size() + 1 >= MAX_RECENT_GROUPS
                    || recent.stream().mapToLong(ParquetGroup::length).sum() >= MAX_RECENT_BYTES);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        try (file) {
            if (!failed) {
                write(true);
            }
        }
    }

    private void write(boolean merges) throws IOException {
        try {
            if (rows > 0) {
                appendGroup();
            }
            if (merges && !recent.isEmpty()) {
                merge();
            }
        } catch (IOException e) {
            failed = true;
            IOException failure = LineFile.failure(path.toString(), e);
            try {
                truncate(end);
            } catch (IOException notCut) {
                failure.addSuppressed(notCut);
            }
            throw failure;
        }
    }

    private void appendGroup() throws IOException {
        ParquetGroup group = ParquetGroup.of(columns.stream().map(ParquetColumn::page).toList(), rows);
        rows = 0;
        Tail tail = tail(end, group, recentPlaces);
        extend(end, tail);
        recent.add(group);
        recentPlaces.add(tail.place);
    }

    /**
     * Makes one settled group of the recent ones, in the place of all that lies behind the settled groups. Until it is
     * there, a second one further behind is what the file ends with.
     */
    private void merge() throws IOException {
        ParquetGroup merged = ParquetGroup.merged(recent);
        Tail tail = tail(settledEnd, merged, List.of());
        long behind = Math.max(end, settledEnd + tail.bytes.length);
        extend(behind, tail(behind, merged, List.of()));
        put(settledEnd, tail.bytes);
        truncate(settledEnd + tail.bytes.length);
        end = settledEnd + tail.bytes.length;
        footerOffset = end - TRAILER_BYTES - tail.footerLength;
        settled.add(tail.place);
        settledEnd = tail.place.offset() + tail.place.length();
        recent.clear();
        recentPlaces.clear();
    }

    /** What the file is to end with: a group, the footer and the trailer. */
    private record Tail(byte[] bytes, ParquetGroup.Place place, int footerLength) {
    }

    /** A tail that starts at an offset, with a footer of the settled groups, those given and the tail's own. */
    private Tail tail(long offset, ParquetGroup group, List<ParquetGroup.Place> between) {
        ParquetGroup.Place place = group.at(offset);
        List<ParquetGroup.Place> groups = new ArrayList<>(settled);
        groups.addAll(between);
        groups.add(place);
        byte[] footer = ParquetFooter.bytes(RecordTable.COLUMNS, groups, hosts.json());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        group.writeTo(out);
        out.writeBytes(padding(offset + out.size() + footer.length));
        out.writeBytes(footer);
        out.writeBytes(trailer(footer.length));
        return new Tail(out.toByteArray(), place, footer.length);
    }

    /** Writes a tail behind the file's end, at or after it, so that each step leaves a file that can be read. */
    private void extend(long offset, Tail tail) throws IOException {
        long trailerOffset = offset + tail.bytes.length - TRAILER_BYTES;
        put(trailerOffset, trailer(Math.toIntExact(trailerOffset - footerOffset)));
        put(offset, Arrays.copyOf(tail.bytes, tail.bytes.length - TRAILER_BYTES));
        put(trailerOffset, trailer(tail.footerLength));
        footerOffset = trailerOffset - tail.footerLength;
        end = trailerOffset + TRAILER_BYTES;
    }

    private static byte[] trailer(int footerLength) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(TRAILER_BYTES);
        ParquetColumn.int32(out, footerLength);
        out.writeBytes(MAGIC);
        return out.toByteArray();
    }

    /**
     * Goes before a footer that would end at an offset, so that the trailer does not lie across two pages of memory:
     * what is written to one is there whole or not at all.
     */
    private static byte[] padding(long offset) {
        return new byte[(int) (-offset & TRAILER_BYTES - 1)];
    }

    /** Writes to a place of the file. */
    void put(long offset, byte[] bytes) throws IOException {
        file.seek(offset);
        file.write(bytes);
    }

    /** Cuts the file. */
    void truncate(long length) throws IOException {
        file.setLength(length);
    }

    @Override
    public void time(long unixNanos) {
        integer(unixNanos);
    }

    @Override
    public void integer(long value) {
        columns.get(column++).integer(value);
    }

    @Override
    public void number(double value) {
        columns.get(column++).number(value);
    }

    @Override
    public void text(String value) {
        columns.get(column++).text(value);
    }

    @Override
    public void none() {
        columns.get(column++).none();
    }

    @Override
    public void endRow() {
        column = 0;
        if (rows++ == 0) {
            groupBegan = System.nanoTime();
        }
    }
}
