package cli.watch;

import static collectors.DeviceSample.UNAVAILABLE;

import cli.options.Figures;
import cli.readings.MachineTotal;
import energy.DeviceReading;
import energy.TelemetryReading;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The picture that {@code watch} shows: a line for the total and one for each device, as wide as the terminal. */
final class WatchScreen {

    private static final int HISTORY_SECONDS = 60;
    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final String PARTS = "▏▎▍▌▋▊▉█";
    private static final int NAME_WIDTH = 26;
    private static final int BAR_WIDTH = 12;
    /** Of all columns but the sparkline, with the blanks between them. */
    private static final int OTHER_WIDTH = NAME_WIDTH + 10 + 2 + BAR_WIDTH + 8 + 16 + 11 + 1;

    private final Map<String, PowerHistory> histories = new LinkedHashMap<>();
    private final Map<String, Double> peaks = new LinkedHashMap<>();
    private final PowerHistory totalHistory = new PowerHistory(HISTORY_SECONDS);
    private double totalPeak = UNAVAILABLE;
    private TelemetryReading latest;

    /** Takes a reading in, made at that moment of {@link System#nanoTime}. */
    void add(TelemetryReading reading, long nanos) {
        latest = reading;
        long second = Math.floorDiv(nanos, 1_000_000_000L);
        double total = MachineTotal.of(reading).getPowerWatts();
        totalHistory.add(second, total);
        totalPeak = Math.max(totalPeak, total);
        for (DeviceReading device : reading.getDetails().getDevicesList()) {
            histories.computeIfAbsent(key(device), key -> new PowerHistory(HISTORY_SECONDS))
                    .add(second, device.getPowerWatts());
            peaks.merge(key(device), device.getPowerWatts(), Math::max);
        }
    }

    /**
     * The picture, a string for each line, none wider than the terminal.
     *
     * @param status stands in the last line
     */
    List<String> lines(int width, int height, String status) {
        List<String> lines = new ArrayList<>();
        if (latest == null) {
            lines.add("waiting for the first reading");
        } else {
            int spark = Math.max(0, Math.min(HISTORY_SECONDS, width - OTHER_WIDTH));
            lines.add(latest.getSystemInfo().getHostName() + ": " + latest.getPlatform() + ", every "
                    + Figures.text(latest.getDetails().getIntervalMs()) + " ms, host memory "
                    + Figures.text(latest.getCpuMemoryUsageMb() / 1024, "GiB"));
            lines.add("");
            lines.add(line("total", MachineTotal.of(latest).getPowerWatts(), totalPeak, totalHistory.latest(spark),
                    UNAVAILABLE, "", MachineTotal.of(latest).getEnergyJoules()));
            for (DeviceReading device : latest.getDetails().getDevicesList()) {
                String indent = "contained".equals(device.getAccounting()) ? "    " : "  ";
                double limit = device.getPowerLimitWatts() > 0 ? device.getPowerLimitWatts() : peaks.get(key(device));
                lines.add(line(indent + device.getName() + " " + device.getIndex(), device.getPowerWatts(), limit,
                        histories.get(key(device)).latest(spark), device.getTemperatureCelsius(), memory(device),
                        device.getEnergyJoules()));
            }
        }
        int most = Math.max(1, height - 2);
        if (lines.size() > most) {
            int left = lines.size() - most + 1;
            lines = new ArrayList<>(lines.subList(0, most - 1));
            lines.add("  and " + left + " more: the terminal is too low for them");
        }
        lines.add("");
        lines.add(status);
        return lines.stream().map(line -> line.length() <= width ? line : line.substring(0, width)).toList();
    }

    /** The latest reading on one line, for where there is no terminal. */
    static String plainLine(TelemetryReading reading) {
        StringBuilder line = new StringBuilder();
        line.append("total ").append(Figures.text(MachineTotal.of(reading).getPowerWatts(), "W")).append(' ')
                .append(Figures.text(MachineTotal.of(reading).getEnergyJoules(), "J"));
        for (DeviceReading device : reading.getDetails().getDevicesList()) {
            line.append(" | ").append(device.getName()).append(' ').append(device.getIndex()).append(": ")
                    .append(Figures.text(device.getPowerWatts(), "W"));
            if (device.getTemperatureCelsius() >= 0) {
                line.append(' ').append(Figures.text(device.getTemperatureCelsius(), "°C"));
            }
        }
        return line.toString();
    }

    private static String line(String name, double watts, double limit, double[] history, double celsius,
                               String memory, double joules) {
        return String.format(Locale.ROOT, "%-" + NAME_WIDTH + "s%10s  %-" + BAR_WIDTH + "s%8s%16s%11s %s",
                name.length() < NAME_WIDTH ? name : name.substring(0, NAME_WIDTH - 2) + "…",
                Figures.text(watts, "W"), bar(watts, limit), celsius < 0 ? "" : Math.round(celsius) + " °C", memory,
                energy(joules), spark(history)).stripTrailing();
    }

    private static String energy(double joules) {
        return joules >= 1e6 ? Figures.text(joules / 1e6, "MJ") : joules >= 1e4 ? Figures.text(joules / 1e3, "kJ")
                : Figures.text(joules, "J");
    }

    private static String memory(DeviceReading device) {
        if (device.getMemoryUsedMb() < 0) {
            return "";
        }
        String used = String.format(Locale.ROOT, "%.1f", device.getMemoryUsedMb() / 1024);
        return device.getMemoryTotalMb() < 0 ? used + " GiB"
                : used + "/" + Math.round(device.getMemoryTotalMb() / 1024) + " GiB";
    }

    /** How much of the limit is drawn, in eighths of a column. */
    static String bar(double watts, double limit) {
        if (watts < 0 || limit <= 0) {
            return "";
        }
        long eighths = Math.round(Math.min(watts / limit, 1) * BAR_WIDTH * PARTS.length());
        int whole = (int) (eighths / PARTS.length());
        int rest = (int) (eighths % PARTS.length());
        return "█".repeat(whole) + (rest == 0 ? "" : PARTS.substring(rest - 1, rest));
    }

    /** A column for each value, from 0 to the highest of them; blank where there is none. */
    static String spark(double[] values) {
        double most = Arrays.stream(values).max().orElse(0);
        StringBuilder spark = new StringBuilder();
        for (double value : values) {
            int height = most <= 0 ? 0 : (int) Math.min(BARS.length() - 1, value / most * BARS.length());
            spark.append(value < 0 ? ' ' : BARS.charAt(height));
        }
        return spark.toString();
    }

    private static String key(DeviceReading device) {
        return device.getPlatform() + "/" + device.getId();
    }
}
