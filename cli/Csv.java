package cli;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Lines of comma-separated values after RFC 4180. */
final class Csv {

    private Csv() {
    }

    /** A line with its end; null is an empty cell. */
    static String line(Object... cells) {
        return Arrays.stream(cells).map(Csv::cell).collect(Collectors.joining(",", "", "\r\n"));
    }

    private static String cell(Object value) {
        String text = value == null ? "" : value.toString();
        if (!(value instanceof Number) && !text.isEmpty() && "=+-@\t".indexOf(text.charAt(0)) >= 0) {
            text = "'" + text; // else a spreadsheet takes it for a formula
        }
        boolean quoted = text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
