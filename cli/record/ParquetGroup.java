package cli.record;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A row group: one chunk of pages for each column. */
final class ParquetGroup {

    private final List<byte[]> chunks;
    private final long[] uncompressedLengths;
    private final long rows;

    private ParquetGroup(List<byte[]> chunks, long[] uncompressedLengths, long rows) {
        this.chunks = chunks;
        this.uncompressedLengths = uncompressedLengths;
        this.rows = rows;
    }

    /** Where a group lies in the file: all that the footer tells of it. */
    record Place(long offset, long[] lengths, long[] uncompressedLengths, long rows) {

        long length() {
            return Arrays.stream(lengths).sum();
        }
    }

    /** A group of one page for each column. */
    static ParquetGroup of(List<ParquetColumn.Page> pages, long rows) {
        return new ParquetGroup(pages.stream().map(ParquetColumn.Page::bytes).toList(),
                pages.stream().mapToLong(ParquetColumn.Page::uncompressedLength).toArray(), rows);
    }

    /** All rows of some groups as one: a chunk is its pages in a row, so that nothing is compressed again. */
    static ParquetGroup merged(List<ParquetGroup> groups) {
        int columns = groups.get(0).chunks.size();
        List<byte[]> chunks = IntStream.range(0, columns).mapToObj(column -> {
            ByteArrayOutputStream chunk = new ByteArrayOutputStream();
            groups.forEach(group -> chunk.writeBytes(group.chunks.get(column)));
            return chunk.toByteArray();
        }).toList();
        long[] uncompressedLengths = IntStream.range(0, columns).mapToLong(
                column -> groups.stream().mapToLong(group -> group.uncompressedLengths[column]).sum()).toArray();
        return new ParquetGroup(chunks, uncompressedLengths, groups.stream().mapToLong(group -> group.rows).sum());
    }

    /** Bytes in the file. */
    long length() {
        return chunks.stream().mapToLong(chunk -> chunk.length).sum();
    }

    Place at(long offset) {
        return new Place(offset, chunks.stream().mapToLong(chunk -> chunk.length).toArray(), uncompressedLengths, rows);
    }

    void writeTo(ByteArrayOutputStream out) {
        chunks.forEach(out::writeBytes);
    }
}
