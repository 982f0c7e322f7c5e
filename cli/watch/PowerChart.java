package cli.watch;

import cli.watch.StyledLine.Style;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The total's power of the latest seconds as a chart of several lines, with its scale; a column is a second. */
final class PowerChart {

    /** A title and so many lines: one that is flatter shows no more than the line that {@link Gauge#spark} draws. */
    static final int MIN_LINES = 5;
    private static final int MAX_LINES = 20;
    private static final int MIN_COLUMNS = 20;
    /** A chart that rises to one of these, times a power of ten, has a scale that is easily read. */
    private static final double[] ROUND = {1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10};

    private PowerChart() {
    }

    /**
     * The lines of the chart; none where there is too little room, or nothing to show.
     *
     * @param limit what all devices may draw in watts, which gives the lines their colours; -1 where it is unknown
     */
    static List<String> lines(WatchModel model, double limit, int width, int height, boolean coloured) {
        int labels = 2 + DeviceColumn.watts(roundUp(Math.max(1, model.totalPeakWatts()))).length();
        double[] watts = model.totalHistory(Math.max(0, Math.min(WatchModel.HISTORY_SECONDS, width - labels)));
        double[] known = Arrays.stream(watts).filter(value -> value >= 0).toArray();
        if (height < MIN_LINES || watts.length < MIN_COLUMNS || known.length == 0) {
            return List.of();
        }
        double highest = Arrays.stream(known).max().orElseThrow();
        double lowest = Arrays.stream(known).min().orElseThrow();
        double scale = roundUp(Math.max(1, highest));
        int rows = Math.min(height, MAX_LINES) - 1;
        List<String> lines = new ArrayList<>();
        lines.add(new StyledLine(width, coloured)
                .add("total power, last " + watts.length + " s", Style.DIM)
                .addWhole("; means of a second: " + DeviceColumn.watts(lowest) + " to "
                        + DeviceColumn.watts(highest), Style.DIM).toString());
        for (int row = rows - 1; row >= 0; row--) {
            String label = row == rows - 1 ? DeviceColumn.watts(scale) : row == 0 ? "0 W" : "";
            Style style = limit > 0 ? Style.ofLoad(scale * (row + 0.5) / rows / limit) : Style.CYAN;
            lines.add(new StyledLine(width, coloured).add(Text.padLeft(label, labels - 2) + " │", Style.DIM)
                    .add(Gauge.row(watts, scale, row, rows), style).toString());
        }
        return lines;
    }

    private static double roundUp(double watts) {
        double power = Math.pow(10, Math.floor(Math.log10(watts)));
        return Arrays.stream(ROUND).map(round -> round * power).filter(round -> round >= watts * (1 - 1e-9))
                .findFirst().orElse(10 * power);
    }
}
