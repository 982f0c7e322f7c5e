package cli.watch;

import static collectors.DeviceSample.UNAVAILABLE;

import cli.options.Figures;
import cli.options.Printable;
import cli.watch.StyledLine.Style;
import collectors.host.OperatingSystem;
import energy.DeviceReading;
import energy.TelemetryReading;
import energy.TotalReading;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The picture that {@code watch} shows: a header, the total and its parts, a table of devices, a status line. */
final class WatchScreen {

    /** From so many lines on there is room for the parts of the total and for blank lines. */
    /** The consoles of Windows break rows of blocks that reach their right edge. */
    private static final boolean HAS_CHART = OperatingSystem.current() != OperatingSystem.WINDOWS;
    private static final int TALL = 12;
    /** Title, total, three blank lines, header of the table, status line; a chart may have what else is free. */
    private static final int TALL_FRAME = 7;
    private static final int MIN_HEIGHT_WITH_HEADERS = 7;
    private static final int MIN_HEIGHT_WITH_STATUS = 4;
    private static final int MAX_WRAPPED_LINES = 4;
    private static final int MAX_LONG_WORD_COLUMNS = 24;
    private static final int MIN_BAR_COLUMNS = 6;
    private static final int MAX_BAR_COLUMNS = 24;
    private static final int MIN_SPARK_COLUMNS = 10;

    private static final List<String> HELP = List.of(
            "q       end",
            "space   freeze the picture; again: go on",
            "s       sort by the next of index, power, utilization, temperature, energy",
            "r       count joules from now on",
            "↓ ↑     show further devices (also j and k)",
            "?       show or hide this help",
            "",
            "The total counts nothing twice. A device marked · is not part of it: another device contains it, or it "
                    + "covers the machine as a whole.",
            "A bar shows power against the device's limit or, without a limit, against the highest power seen.");

    private final boolean coloured;
    private final WatchKeys keys;

    WatchScreen(boolean coloured, WatchKeys keys) {
        this.coloured = coloured;
        this.keys = keys;
    }

    /**
     * The picture, a string for each line, none wider than the terminal.
     *
     * @param trouble stands in the last line, in place of the keys; null for none
     */
    List<String> lines(WatchModel model, int width, int height, String trouble) {
        List<String> lines = new ArrayList<>();
        boolean headers = height >= MIN_HEIGHT_WITH_HEADERS;
        if (headers) {
            lines.add(title(model, width));
        }
        if (model.latest() == null) {
            lines.add(line(width).add("waiting for the first reading").toString());
        } else {
            List<String> parts = height >= TALL ? parts(model, width) : List.of();
            int free = height - TALL_FRAME - parts.size() - model.devices().size();
            List<String> chart = keys.isHelpShown() || model.total().getPowerWatts() < 0 || !HAS_CHART ? List.of()
                    : PowerChart.lines(model, limit(model), width, free, coloured);
            lines.addAll(total(model, width, height, chart.isEmpty()));
            if (height >= TALL) {
                parts.forEach(part -> lines.add(line(width).add(part, Style.DIM).toString()));
                lines.add("");
            }
            int rest = height - lines.size() - (height >= MIN_HEIGHT_WITH_STATUS ? 1 : 0);
            lines.addAll(keys.isHelpShown() ? help(width, rest) : table(model, width, rest, headers));
            if (!chart.isEmpty()) {
                lines.add("");
                lines.addAll(chart);
            }
        }
        if (height >= MIN_HEIGHT_WITH_STATUS) {
            while (lines.size() < height - 1) {
                lines.add("");
            }
            lines.add(status(model, width, trouble));
        }
        return lines.size() <= height ? lines : lines.subList(0, Math.max(0, height));
    }

    private String title(WatchModel model, int width) {
        StyledLine line = line(width).add("energy-monitor", Style.CYAN);
        if (model.latest() != null) {
            int free = line.free() - 2;
            String host = Text.shorten(Printable.of(model.latest().getSystemInfo().getHostName()), Math.max(0, free));
            line.addWhole("  " + host, Style.BOLD)
                    .addWhole("  " + Printable.of(model.latest().getPlatform()) + ", every "
                            + Figures.text(model.latest().getDetails().getIntervalMs()).replaceFirst("\\.0+$", "")
                            + " ms", Style.DIM);
            if (model.latest().getCpuMemoryUsageMb() >= 0) {
                line.addWhole(String.format(Locale.ROOT, ", host memory %.1f GiB",
                        model.latest().getCpuMemoryUsageMb() / 1024), Style.DIM);
            }
        }
        return line.toString();
    }

    private List<String> total(WatchModel model, int width, int height, boolean withSpark) {
        return model.total().getPowerWatts() < 0
                ? wrap("total n/a  " + Printable.of(model.total().getProblem()), Style.RED, width,
                        height >= TALL ? MAX_WRAPPED_LINES : 1)
                : List.of(totalWatts(model, width, withSpark));
    }

    private String totalWatts(WatchModel model, int width, boolean withSpark) {
        TotalReading total = model.total();
        StyledLine line = line(width).add("total ", Style.BOLD);
        line.add(Text.padLeft(DeviceColumn.watts(total.getPowerWatts()), 8), Style.BOLD);
        String energy = "  " + Text.padLeft(DeviceColumn.energy(model.totalJoules()), 8)
                + (model.countsFromReset() ? " since r" : "");
        if (line.free() >= Text.width(energy)) {
            line.add(energy);
        }
        double limit = limit(model);
        String of = limit < 0 ? "" : " of " + Math.round(limit) + " W";
        int bar = Math.min(MAX_BAR_COLUMNS, line.free() - 2 - of.length());
        if (bar >= MIN_BAR_COLUMNS) {
            line.add("  ");
            DeviceTable.addBar(line, total.getPowerWatts(), limit, model.totalPeakWatts(), bar);
            line.add(of, Style.DIM);
        }
        int spark = Math.min(WatchModel.HISTORY_SECONDS, line.free() - 2);
        if (withSpark && spark >= MIN_SPARK_COLUMNS) {
            line.add("  ").add(Gauge.spark(model.totalHistory(spark)), Style.CYAN);
        }
        return line.toString();
    }

    /** What all devices of the total may draw; -1 unless each of them has a limit. */
    private static double limit(WatchModel model) {
        double sum = 0;
        for (DeviceReading device : model.devices()) {
            if (device.getInTotal() && device.getPowerLimitWatts() <= 0) {
                return UNAVAILABLE;
            }
            sum += device.getInTotal() ? device.getPowerLimitWatts() : 0;
        }
        return sum > 0 ? sum : UNAVAILABLE;
    }

    /** The total by kind of device; nothing where there is only one kind, or no room for a figure. */
    private static List<String> parts(WatchModel model, int width) {
        Map<String, List<DeviceReading>> kinds = new TreeMap<>();
        for (DeviceReading device : model.devices()) {
            if (device.getInTotal()) {
                kinds.computeIfAbsent(device.getKind(), kind -> new ArrayList<>()).add(device);
            }
        }
        if (kinds.size() < 2) {
            return List.of();
        }
        int widest = kinds.keySet().stream().mapToInt(String::length).max().orElse(0);
        List<String> parts = new ArrayList<>();
        kinds.forEach((kind, devices) -> {
            String part = "  " + Text.padRight(Printable.of(kind).replace('_', ' '), widest);
            for (String figure : List.of(
                    Text.padLeft(DeviceColumn.watts(sum(devices, DeviceReading::getPowerWatts)), 10),
                    Text.padLeft(DeviceColumn.energy(sum(devices, model::joules)), 10),
                    "  " + devices.size() + (devices.size() == 1 ? " device" : " devices"))) {
                part += Text.width(part + figure) <= width ? figure : "";
            }
            parts.add(part);
        });
        return widest + 12 <= width ? parts : List.of();
    }

    /** The sum, or -1 where a part of it is unavailable. */
    private static double sum(List<DeviceReading> devices, ToDoubleFunction<DeviceReading> value) {
        double[] values = devices.stream().mapToDouble(value).toArray();
        return Arrays.stream(values).allMatch(number -> number >= 0) ? Arrays.stream(values).sum() : UNAVAILABLE;
    }

    private List<String> table(WatchModel model, int width, int height, boolean withHeader) {
        List<DeviceReading> devices = keys.sorted(model);
        DeviceTable table = new DeviceTable(model, width, coloured);
        List<String> lines = new ArrayList<>();
        if (withHeader) {
            lines.add(table.header());
        }
        int rows = height - lines.size();
        if (devices.size() <= rows) {
            devices.forEach(device -> lines.add(table.row(device)));
            return lines;
        }
        int shown = Math.max(0, rows - 1);
        int first = keys.scroll(devices.size() - shown);
        devices.subList(first, first + shown).forEach(device -> lines.add(table.row(device)));
        if (rows > 0) {
            lines.add(line(width).add((devices.size() - shown) + " more: ↓ ↑", Style.DIM).toString());
        }
        return lines;
    }

    private List<String> help(int width, int height) {
        return HELP.stream().flatMap(text -> wrap(text, Style.PLAIN, width, MAX_WRAPPED_LINES).stream())
                .limit(Math.max(0, height)).toList();
    }

    /**
     * A text on as many lines as it needs and may have, broken at blanks. A longer word, such as a UUID, is shortened in its
     * middle; where there are not lines enough the last one says that it goes on.
     */
    private List<String> wrap(String text, Style style, int width, int maxLines) {
        List<String> lines = new ArrayList<>();
        String rest = Arrays.stream(text.split(" ", -1))
                .map(word -> Text.width(word) > width ? Text.shorten(word, Math.min(width, MAX_LONG_WORD_COLUMNS)) : word)
                .collect(Collectors.joining(" "));
        do {
            boolean last = lines.size() == maxLines - 1;
            String head = Text.head(rest, width);
            int blank = head.length() == rest.length() ? -1
                    : (rest.charAt(head.length()) == ' ' ? head : head.substring(0, head.lastIndexOf(' ') + 1)).length();
            String first = blank > 0 ? rest.substring(0, blank) : head;
            boolean goesOn = last && first.length() < rest.length();
            lines.add(line(width).add(goesOn ? Text.cutAtBlank(first, width) : first, style).toString());
            rest = first.isEmpty() ? "" : rest.substring(first.length()).stripLeading();
        } while (!rest.isEmpty() && lines.size() < maxLines);
        return lines;
    }

    private String status(WatchModel model, int width, String trouble) {
        if (trouble != null) {
            return line(width).add(Text.cut(Printable.of(trouble), width), Style.RED).toString();
        }
        StyledLine line = line(width);
        String gap = "";
        if (keys.isFrozen()) {
            line.add("frozen", Style.REVERSE);
            gap = "  ";
        }
        for (String key : List.of("q end", "? help", "space " + (keys.isFrozen() ? "go on" : "freeze"),
                "s sort: " + keys.sortName(), "r joules from now")) {
            if (line.free() < Text.width(gap + key)) {
                break; // the help, which is among the first, has all of them
            }
            line.add(gap + key, Style.DIM);
            gap = "  ";
        }
        return line.toString();
    }

    private StyledLine line(int width) {
        return new StyledLine(width, coloured);
    }

    /** The latest reading on one line, for where there is no terminal. */
    static String plainLine(TelemetryReading reading) {
        TotalReading total = WatchModel.total(reading);
        StringBuilder line = new StringBuilder("total ");
        line.append(total.getPowerWatts() < 0 ? "n/a (" + Printable.of(total.getProblem()) + ")"
                : DeviceColumn.watts(total.getPowerWatts())).append(' ')
                .append(Figures.text(total.getEnergyJoules(), "J"));
        for (DeviceReading device : reading.getDetails().getDevicesList()) {
            line.append(" | ").append(Printable.of(device.getName())).append(' ').append(device.getIndex())
                    .append(": ").append(DeviceColumn.watts(device.getPowerWatts()));
            if (device.getTemperatureCelsius() >= 0) {
                line.append(' ').append(Math.round(device.getTemperatureCelsius())).append(" °C");
            }
        }
        return line.toString();
    }
}
