package cli.measure;

import static collectors.DeviceSample.UNAVAILABLE;

import cli.options.Csv;
import cli.options.Figures;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import energy.DescribeResponse;
import energy.DeviceReading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the runs of a command cost, as text, JSON or CSV. */
final class MeasureReport {

    /** What one run cost. A number is -1 where it is unavailable; joules above idle may be below 0 all the same. */
    private record Run(double seconds, int exitCode, EnergyLedger.Entry total, List<EnergyLedger.Entry> devices) {
    }

    private final DescribeResponse described;
    private final List<String> command;
    private final Double units;
    private final String unit;
    private final List<Run> runs = new ArrayList<>();
    private double idleSeconds;
    private EnergyLedger.Entry idle;

    /**
     * A report without runs yet.
     *
     * @param units how many units of work a run does; null when nobody said
     */
    MeasureReport(DescribeResponse described, List<String> command, Double units, String unit) {
        this.described = described;
        this.command = command;
        this.units = units;
        this.unit = unit;
    }

    void setIdle(EnergyLedger measured) {
        idleSeconds = measured.seconds();
        idle = measured.total();
    }

    void addRun(EnergyLedger measured, int exitCode) {
        runs.add(new Run(measured.seconds(), exitCode, measured.total(), measured.devices()));
    }

    /** A table of the devices and the figures that were asked for. */
    String text() {
        StringBuilder text = new StringBuilder();
        String format = "%-44s %10s %10s %10s%n";
        line(text, format, "", "joules", "mean W", "peak W");
        line(text, format, "total", figure(joules(runs)), figure(meanWatts(runs)), Figures.text(peak(runs)));
        for (int i = 0; i < runs.get(0).devices().size(); i++) {
            int device = i;
            List<EnergyLedger.Entry> entries = runs.stream().map(run -> run.devices().get(device)).toList();
            line(text, format, label(entries.get(0).device()),
                    figure(entries.stream().map(EnergyLedger.Entry::joules).toList()),
                    figure(entries.stream().map(EnergyLedger.Entry::meanWatts).toList()),
                    Figures.text(entries.stream().mapToDouble(EnergyLedger.Entry::peakWatts).max().orElseThrow()));
        }
        figures().forEach((name, values) -> {
            Spread spread = Spread.of(values);
            text.append(String.format(Locale.ROOT, "%-24s %s", name, Figures.signed(spread.mean())));
            if (values.size() > 1) {
                text.append(" ± ").append(Figures.text(spread.deviation())).append(" (")
                        .append(Figures.signed(spread.least())).append(" to ").append(Figures.signed(spread.most()))
                        .append(", ").append(values.size()).append(" runs)");
            }
            text.append(System.lineSeparator());
        });
        if (idle != null) {
            text.append("idle power was ").append(Figures.text(idle.meanWatts(), "W")).append(" over ")
                    .append(Figures.text(idleSeconds, "s")).append(System.lineSeparator());
        }
        runs.stream().map(Run::total).filter(total -> total.problem() != null).findFirst().ifPresent(total ->
                text.append("no total: ").append(total.problem()).append(System.lineSeparator()));
        return text.toString();
    }

    /** One object with every run. */
    String json() {
        JsonObject report = new JsonObject();
        JsonArray words = new JsonArray();
        command.forEach(words::add);
        report.add("command", words);
        report.addProperty("host", described.getSystemInfo().getHostName());
        report.addProperty("interval_ms", described.getIntervalMs());
        if (idle != null) {
            JsonObject idling = new JsonObject();
            idling.addProperty("seconds", idleSeconds);
            idling.addProperty("mean_watts", Figures.orNull(idle.meanWatts()));
            report.add("idle", idling);
        }
        if (units != null) {
            report.addProperty("unit", unit);
            report.addProperty("units", units);
        }
        JsonArray all = new JsonArray();
        runs.forEach(run -> all.add(json(run)));
        report.add("runs", all);
        JsonObject summary = new JsonObject();
        figures().forEach((name, values) -> {
            Spread spread = Spread.of(values);
            JsonObject figure = new JsonObject();
            figure.addProperty("mean", spread.mean());
            figure.addProperty("standard_deviation", spread.deviation());
            figure.addProperty("least", spread.least());
            figure.addProperty("most", spread.most());
            summary.add(name, figure);
        });
        report.add("summary", summary);
        return Figures.json(report);
    }

    /** A line for each run and device, and for each run's total. */
    String csv() {
        StringBuilder csv = new StringBuilder("run,exit_code,seconds,platform,device_id,kind,name,accounting,"
                + "energy_source,joules,mean_watts,peak_watts\n");
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            List<EnergyLedger.Entry> entries = new ArrayList<>(List.of(run.total()));
            entries.addAll(run.devices());
            for (EnergyLedger.Entry entry : entries) {
                DeviceReading device = entry.device();
                csv.append(Csv.line(i + 1, run.exitCode(), run.seconds(),
                        device == null ? "" : device.getPlatform(), device == null ? "" : device.getId(),
                        device == null ? "total" : device.getKind(), device == null ? "" : device.getName(),
                        device == null ? "" : device.getAccounting(), device == null ? "" : Figures.source(device),
                        Figures.orNull(entry.joules()), Figures.orNull(entry.meanWatts()),
                        Figures.orNull(entry.peakWatts())));
            }
        }
        return csv.toString();
    }

    /** The figures of the runs that can be told, by name, those of every run in a list. */
    private Map<String, List<Double>> figures() {
        Map<String, List<Double>> figures = new LinkedHashMap<>();
        figures.put("seconds", runs.stream().map(Run::seconds).toList());
        List<Double> joules = joules(runs);
        if (joules.contains(UNAVAILABLE)) {
            return figures;
        }
        figures.put("joules", joules);
        if (units != null) {
            figures.put("joules per " + unit, joules.stream().map(value -> value / units).toList());
        }
        if (idle != null && idle.meanWatts() >= 0) {
            List<Double> above = runs.stream()
                    .map(run -> run.total().joules() - idle.meanWatts() * run.seconds()).toList();
            figures.put("joules above idle", above);
            if (units != null) {
                figures.put("above idle per " + unit, above.stream().map(value -> value / units).toList());
            }
        }
        return figures;
    }

    private JsonObject json(Run run) {
        JsonObject json = new JsonObject();
        json.addProperty("seconds", run.seconds());
        json.addProperty("exit_code", run.exitCode());
        json.add("total", json(run.total()));
        JsonArray devices = new JsonArray();
        run.devices().forEach(device -> devices.add(json(device)));
        json.add("devices", devices);
        return json;
    }

    private static JsonObject json(EnergyLedger.Entry entry) {
        JsonObject json = new JsonObject();
        DeviceReading device = entry.device();
        if (device != null) {
            json.addProperty("platform", device.getPlatform());
            json.addProperty("id", device.getId());
            json.addProperty("kind", device.getKind());
            json.addProperty("name", device.getName());
            json.addProperty("accounting", device.getAccounting());
            json.addProperty("energy_source", Figures.source(device));
        }
        json.addProperty("joules", Figures.orNull(entry.joules()));
        json.addProperty("mean_watts", Figures.orNull(entry.meanWatts()));
        json.addProperty("peak_watts", Figures.orNull(entry.peakWatts()));
        if (entry.problem() != null) {
            json.addProperty("problem", entry.problem());
        }
        return json;
    }

    /** The mean, or n/a when a run's value is unavailable. */
    private static String figure(List<Double> values) {
        return values.contains(UNAVAILABLE) ? Figures.text(UNAVAILABLE) : Figures.text(Spread.of(values).mean());
    }

    private static List<Double> joules(List<Run> runs) {
        return runs.stream().map(run -> run.total().joules()).toList();
    }

    private static List<Double> meanWatts(List<Run> runs) {
        return runs.stream().map(run -> run.total().meanWatts()).toList();
    }

    private static double peak(List<Run> runs) {
        return runs.stream().mapToDouble(run -> run.total().peakWatts()).max().orElse(UNAVAILABLE);
    }

    private static String label(DeviceReading device) {
        String label = ("contained".equals(device.getAccounting()) ? "    within: " : "  ") + device.getName()
                + " (" + device.getId() + ")";
        return label.length() <= 44 ? label : label.substring(0, 43) + "…";
    }

    private static void line(StringBuilder text, String format, Object... cells) {
        text.append(String.format(Locale.ROOT, format, cells).stripTrailing()).append(System.lineSeparator());
    }
}
