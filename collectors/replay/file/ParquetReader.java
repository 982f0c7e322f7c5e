package collectors.replay.file;

import static collectors.DeviceSample.UNAVAILABLE;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The Parquet files that {@code record} writes; another program's are refused. */
final class ParquetReader extends TableReader {

    private final RandomAccessFile file;
    private final ParquetMetadata metadata;
    private final List<ParquetCells> columns;
    private final Object[] cells;
    private long rowsLeft;

    ParquetReader(Path path) throws IOException {
        file = new RandomAccessFile(path.toFile(), "r");
        try {
            metadata = ParquetMetadata.read(path, file);
            rowsLeft = IntStream.range(0, metadata.groups()).mapToLong(metadata::rows).sum();
            for (Map<?, ?> host : Json.objects(Json.object("{\"hosts\":" + metadata.hosts() + "}"), "hosts")) {
                RecordedHost described = JsonLinesReader.host(host);
                hosts.put(described.name(), described);
            }
        } catch (IllegalArgumentException e) {
            file.close();
            throw RecordingReader.notOurs(path, "its metadata is damaged");
        } catch (IOException e) {
            file.close();
            throw e;
        }
        columns = IntStream.range(0, metadata.types().size())
                .mapToObj(column -> new ParquetCells(file, metadata, column)).toList();
        cells = new Object[columns.size()];
    }

    @Override
    boolean advance() {
        if (rowsLeft == 0) {
            damage = metadata.isCut() ? "it was cut: what is missing is not known" : null;
            return false;
        }
        rowsLeft--;
        try {
            for (int i = 0; i < cells.length; i++) {
                cells[i] = columns.get(i).next();
            }
        } catch (IOException e) {
            damage = e.getMessage() == null ? "it ends in the midst of a row group" : e.getMessage();
            rowsLeft = 0;
            return false;
        }
        return true;
    }

    private Object cell(String column) {
        int index = metadata.column(column);
        return index < 0 ? null : cells[index];
    }

    @Override
    String text(String column) {
        return cell(column) instanceof String text ? text : "";
    }

    @Override
    double number(String column) {
        return cell(column) instanceof Number number ? number.doubleValue() : UNAVAILABLE;
    }

    @Override
    long unixNanos() {
        return cell("timestamp") instanceof Long nanos ? nanos : 0;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
