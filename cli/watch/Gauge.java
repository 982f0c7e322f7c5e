package cli.watch;

import java.util.Arrays;

/** Numbers as blocks of a terminal's characters. */
final class Gauge {

    private static final String HEIGHTS = "▁▂▃▄▅▆▇█";
    private static final String EIGHTHS = "▏▎▍▌▋▊▉█";

    private Gauge() {
    }

    /** The filled part of a bar for a share from 0 to 1, in eighths of a column. */
    static String bar(double share, int columns) {
        long eighths = Math.round(Math.max(0, Math.min(share, 1)) * columns * EIGHTHS.length());
        int whole = (int) (eighths / EIGHTHS.length());
        int rest = (int) (eighths % EIGHTHS.length());
        return "█".repeat(whole) + (rest == 0 ? "" : EIGHTHS.substring(rest - 1, rest));
    }

    /** A column for each value, from 0 to the highest of them; blank where a value is unavailable. */
    static String spark(double[] values) {
        double highest = Arrays.stream(values).max().orElse(0);
        StringBuilder spark = new StringBuilder();
        for (double value : values) {
            int height = highest <= 0 ? 0 : (int) Math.min(HEIGHTS.length() - 1, value / highest * HEIGHTS.length());
            spark.append(value < 0 ? ' ' : HEIGHTS.charAt(height));
        }
        return spark.toString();
    }

    /**
     * One of the rows of a chart that shows each value in a column; blank where a value is unavailable.
     *
     * @param scale the value at the chart's upper end
     * @param row   0 for the lowest one
     */
    static String row(double[] values, double scale, int row, int rows) {
        StringBuilder line = new StringBuilder();
        for (double value : values) {
            long filled = Math.round(value / scale * rows * HEIGHTS.length()) - (long) row * HEIGHTS.length();
            boolean floor = row == 0 && value >= 0; // what draws next to nothing is seen to be there
            int eighths = (int) Math.max(floor ? 1 : 0, Math.min(filled, HEIGHTS.length()));
            line.append(value < 0 || eighths == 0 ? ' ' : HEIGHTS.charAt(eighths - 1));
        }
        return line.toString();
    }
}
