package cli.options;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Comma-separated values, quoted as RFC 4180 tells. */
public final class Csv {

    private Csv() {
    }

    /** A line with its end; null is an empty cell. */
    public static String line(Object... cells) {
        return Arrays.stream(cells).map(cell -> cell == null ? "" : cell instanceof Number ? cell.toString()
                : cell(cell.toString())).collect(Collectors.joining(",", "", "\n"));
    }

    /** A text as a cell. One that a spreadsheet would run as a formula gets the apostrophe that keeps it a text. */
    public static String cell(String text) {
        String safe = text.isEmpty() || "=+-@\t\r".indexOf(text.charAt(0)) < 0 ? text : "'" + text;
        boolean plain = safe.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }
}
