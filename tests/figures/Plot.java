package figures;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A picture of medians and their spread as SVG text, readable where the page around is light and where it is dark. Each
 * line has a band from the least to the most around it.
 */
public final class Plot {

    private static final int WIDTH = 680;
    private static final int HEIGHT = 360;
    private static final int LEFT = 66;
    private static final int RIGHT = 20;
    private static final int TOP = 46;
    private static final int BOTTOM = 54;

    private static final String STYLE = """
            .ground{fill:#ffffff}.text{fill:#24292f;font:13px system-ui,sans-serif}.title{font-weight:600;font-size:15px}
            .grid{stroke:#d0d7de;stroke-width:1}.line{fill:none;stroke-width:2}.band{fill-opacity:.2}
            .s0{stroke:#0969da}.f0{fill:#0969da}.s1{stroke:#bc4c00}.f1{fill:#bc4c00}
            @media(prefers-color-scheme:dark){.ground{fill:#0d1117}.text{fill:#e6edf3}.grid{stroke:#30363d}
            .s0{stroke:#58a6ff}.f0{fill:#58a6ff}.s1{stroke:#f0883e}.f1{fill:#f0883e}}
            """;

    /** What was measured at one place of the horizontal axis. */
    public record Point(double x, Spread y) {
    }

    private record Series(String name, List<Point> points) {
    }

    private final String title;
    private final String xLabel;
    private final String yLabel;
    private final boolean xLogarithmic;
    private final boolean yLogarithmic;
    private final List<Series> series = new ArrayList<>();

    /** The labels say the units; an axis that is not logarithmic begins at 0. */
    public Plot(String title, String xLabel, boolean xLogarithmic, String yLabel, boolean yLogarithmic) {
        this.title = title;
        this.xLabel = xLabel;
        this.yLabel = yLabel;
        this.xLogarithmic = xLogarithmic;
        this.yLogarithmic = yLogarithmic;
    }

    /** Adds a line; of two at most. */
    public Plot add(String name, List<Point> points) {
        series.add(new Series(name, List.copyOf(points)));
        return this;
    }

    /** The picture. */
    public String svg() {
        List<Point> all = series.stream().flatMap(line -> line.points.stream()).toList();
        Scale x = scale(xLogarithmic, all.stream().mapToDouble(Point::x).min().orElseThrow(),
                all.stream().mapToDouble(Point::x).max().orElseThrow());
        Scale y = scale(yLogarithmic, all.stream().mapToDouble(point -> point.y.least()).min().orElseThrow(),
                all.stream().mapToDouble(point -> point.y.most()).max().orElseThrow());
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(Locale.ROOT, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
                + "width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"%s\">%n<style>%s</style>%n", WIDTH, HEIGHT, WIDTH,
                HEIGHT, escaped(title), STYLE.strip()));
        svg.append("<rect class=\"ground\" width=\"100%\" height=\"100%\" rx=\"6\"/>\n");
        text(svg, "text title", LEFT, 26, "start", title);
        axes(svg, x, y);
        for (int i = 0; i < series.size(); i++) {
            line(svg, i, x, y);
        }
        return svg.append("</svg>\n").toString();
    }

    private static Scale scale(boolean logarithmic, double least, double most) {
        return logarithmic ? Scale.logarithmic(least, most) : Scale.linear(most);
    }

    private void axes(StringBuilder svg, Scale x, Scale y) {
        for (double tick : y.ticks()) {
            double at = vertical(y, tick);
            rule(svg, LEFT, at, WIDTH - RIGHT, at);
            text(svg, "text", LEFT - 8, at + 4, "end", Spread.text(tick));
        }
        for (double tick : x.ticks()) {
            double at = horizontal(x, tick);
            rule(svg, at, TOP, at, HEIGHT - BOTTOM);
            text(svg, "text", at, HEIGHT - BOTTOM + 18, "middle", Spread.text(tick));
        }
        text(svg, "text", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 14, "middle", xLabel);
        double middle = (TOP + HEIGHT - BOTTOM) / 2.0;
        svg.append(String.format(Locale.ROOT,
                "<text class=\"text\" text-anchor=\"middle\" transform=\"translate(18 %.1f) rotate(-90)\">%s</text>%n",
                middle, escaped(yLabel)));
    }

    private void line(StringBuilder svg, int index, Scale x, Scale y) {
        List<Point> points = series.get(index).points;
        StringBuilder above = new StringBuilder();
        StringBuilder below = new StringBuilder();
        StringBuilder middle = new StringBuilder();
        for (Point point : points) {
            double at = horizontal(x, point.x);
            above.append(pair(at, vertical(y, point.y.most())));
            below.insert(0, pair(at, vertical(y, point.y.least())));
            middle.append(pair(at, vertical(y, point.y.median())));
        }
        svg.append("<polygon class=\"band f" + index + "\" points=\"" + (above.append(below)).toString().strip()
                + "\"/>\n");
        svg.append("<polyline class=\"line s" + index + "\" points=\"" + middle.toString().strip() + "\"/>\n");
        for (Point point : points) {
            svg.append(String.format(Locale.ROOT, "<circle class=\"f%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"><title>%s</title>"
                    + "</circle>%n", index, horizontal(x, point.x), vertical(y, point.y.median()),
                    Spread.text(point.x) + ": " + point.y));
        }
        if (series.size() > 1) {
            int at = TOP + 18 + 20 * index;
            svg.append(String.format(Locale.ROOT, "<circle class=\"f%d\" cx=\"%d\" cy=\"%d\" r=\"4\"/>%n", index,
                    LEFT + 16, at - 4));
            text(svg, "text", LEFT + 26, at, "start", series.get(index).name);
        }
    }

    private static double horizontal(Scale x, double value) {
        return LEFT + x.position(value) * (WIDTH - LEFT - RIGHT);
    }

    private static double vertical(Scale y, double value) {
        return HEIGHT - BOTTOM - y.position(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static String pair(double x, double y) {
        return String.format(Locale.ROOT, "%.1f,%.1f ", x, y);
    }

    private static void rule(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append(String.format(Locale.ROOT, "<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
                x1, y1, x2, y2));
    }

    private static void text(StringBuilder svg, String style, double x, double y, String anchor, String text) {
        svg.append(String.format(Locale.ROOT, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
                style, x, y, anchor, escaped(text)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
