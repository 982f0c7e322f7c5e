package collectors.replay.file;

import static collectors.DeviceSample.UNAVAILABLE;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Comma-separated values, quoted as RFC 4180 tells. The file describes no machine but by its name. */
final class CsvReader extends TableReader {

    /** How the first line begins. */
    static final String BEGIN = "timestamp_nanos,time_utc,";

    private static final int MAX_ROW_CHARACTERS = 1 << 20;
    /** A text that a spreadsheet would run as a formula was written with an apostrophe before it. */
    private static final String FORMULA = "=+-@\t\r";

    private final TextInput text;
    private final Map<String, Integer> columns = new HashMap<>();
    private List<String> cells = List.of();
    private long lines = 1;

    CsvReader(TextInput text, String first) {
        this.text = text;
        for (String name : first.split(",")) {
            columns.put(name, columns.size());
        }
    }

    @Override
    boolean advance() throws IOException {
        String row = text.line();
        lines++;
        while (row != null && row.chars().filter(c -> c == '"').count() % 2 == 1) {
            String more = text.line(); // a cell goes on behind the line's end
            lines++;
            row = more == null || row.length() > MAX_ROW_CHARACTERS ? null : row + '\n' + more;
            damage = row == null ? "it ends in the midst of line " + lines : null;
        }
        if (row == null) {
            damage = text.isCut() ? "it ends in the midst of line " + lines : damage;
            return false;
        }
        cells = split(row);
        if (cells.size() != columns.size() || !isWhole(cells.get(0))) {
            damage = "line " + lines + " cannot be read";
            return false;
        }
        return true;
    }

    private static boolean isWhole(String cell) {
        return !cell.isEmpty() && cell.length() < 20 && cell.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static List<String> split(String row) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < row.length(); i++) {
            char c = row.charAt(i);
            if (c == '"' && quoted && i + 1 < row.length() && row.charAt(i + 1) == '"') {
                cell.append(row.charAt(i++));
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString());
        return cells;
    }

    private String cell(String column) {
        Integer index = columns.get(column);
        return index == null ? "" : cells.get(index);
    }

    @Override
    String text(String column) {
        String cell = cell(column);
        boolean shielded = cell.length() > 1 && cell.charAt(0) == '\'' && FORMULA.indexOf(cell.charAt(1)) >= 0;
        return shielded ? cell.substring(1) : cell;
    }

    @Override
    double number(String column) {
        String cell = cell(column);
        try {
            return cell.isEmpty() ? UNAVAILABLE : Double.parseDouble(cell);
        } catch (NumberFormatException e) {
            return UNAVAILABLE;
        }
    }

    @Override
    long unixNanos() {
        return Long.parseLong(cells.get(0));
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
