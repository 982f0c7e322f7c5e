package cli.measure;

import cli.options.Figures;
import cli.options.UtcTime;
import cli.options.Version;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import energy.DeviceEnergy;
import energy.EnergyResponse;
import energy.IntervalEnergy;
import energy.SystemInfo;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The results as one JSON object. What is unavailable is null. */
final class JsonReport {

    private JsonReport() {
    }

    /** The whole report, with a line end. */
    static String of(Results results) {
        JsonObject report = new JsonObject();
        report.addProperty("version", Version.NUMBER);
        report.addProperty("start_time", results.runs.isEmpty() ? null
                : UtcTime.iso(results.runs.get(0).energy().getFromNanos()));
        SystemInfo system = results.described.getSystemInfo();
        report.addProperty("host", system.getHostName());
        report.add("machine", machine(system, results.described.getVersion()));
        report.addProperty("interval_ms", results.described.getIntervalMs());
        report.add("command", array(results.commands.get(0)));
        if (results.idle != null) {
            report.add("idle", idle(results.idle));
        }
        Results.Terms terms = results.terms;
        if (terms.units() != null) {
            report.addProperty("unit", terms.unit());
            report.addProperty("units", terms.units());
        }
        if (terms.carbon() != null) {
            report.addProperty("grams_co2e_per_kwh", terms.carbon());
        }
        if (terms.price() != null) {
            report.addProperty("price_per_kwh", terms.price());
        }
        JsonArray runs = new JsonArray();
        results.runs.forEach(run -> runs.add(json(run)));
        report.add("runs", runs);
        report.add("notices", array(results.notices));
        report.add("summary", summary(results, 0));
        if (results.commands.size() > 1) {
            report.add("comparison", comparison(results));
        }
        return Figures.json(report);
    }

    private static JsonObject machine(SystemInfo system, String monitor) {
        JsonObject json = new JsonObject();
        json.addProperty("host_name", system.getHostName());
        json.addProperty("os_name", system.getOsName());
        json.addProperty("os_version", system.getOsVersion());
        json.addProperty("kernel_version", system.getKernelVersion());
        json.addProperty("cpu_count", system.getCpuCount());
        json.addProperty("cpu_brand", system.getCpuBrand());
        json.addProperty("monitor_version", monitor);
        return json;
    }

    private static JsonObject json(Run run) {
        JsonObject json = new JsonObject();
        json.addProperty("command", run.command());
        json.addProperty("run", run.number());
        json.addProperty("exit_code", run.exitCode());
        add(json, run.energy());
        json.add("total", energy(run.energy().getTotal()));
        JsonArray devices = new JsonArray();
        run.energy().getDevicesList().forEach(device -> devices.add(device(device)));
        json.add("devices", devices);
        return json;
    }

    /** The idle machine's total stands at the top, as readers of earlier reports expect it. */
    private static JsonObject idle(EnergyResponse idle) {
        JsonObject json = energy(idle.getTotal());
        add(json, idle);
        JsonArray devices = new JsonArray();
        idle.getDevicesList().forEach(device -> devices.add(device(device)));
        json.add("devices", devices);
        return json;
    }

    private static void add(JsonObject json, EnergyResponse interval) {
        json.addProperty("start_time", UtcTime.iso(interval.getFromNanos()));
        json.addProperty("start_nanos", interval.getFromNanos());
        json.addProperty("seconds", interval.getSeconds());
        json.addProperty("settled", interval.getSettled());
    }

    private static JsonObject device(DeviceEnergy device) {
        JsonObject json = new JsonObject();
        json.addProperty("platform", device.getPlatform());
        json.addProperty("id", device.getId());
        json.addProperty("index", Integer.toUnsignedLong(device.getIndex()));
        json.addProperty("kind", device.getKind());
        json.addProperty("name", device.getName());
        json.addProperty("in_total", device.getInTotal());
        energy(device.getEnergy()).entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
        return json;
    }

    private static JsonObject energy(IntervalEnergy energy) {
        JsonObject json = new JsonObject();
        json.addProperty("joules", Figures.orNull(energy.getJoules()));
        json.addProperty("uncertainty_joules", Figures.orNull(energy.getUncertaintyJoules()));
        json.addProperty("least_joules", Figures.orNull(energy.getLeastJoules()));
        json.addProperty("most_joules", Figures.orNull(energy.getMostJoules()));
        json.addProperty("mean_watts", Figures.orNull(energy.getMeanWatts()));
        json.addProperty("peak_watts", Figures.orNull(energy.getPeakWatts()));
        json.addProperty("source", source(energy));
        json.addProperty("coverage", energy.getCoverage());
        json.addProperty("longest_hole_seconds", energy.getLongestHoleSeconds());
        json.addProperty("problem", energy.getProblem().isEmpty() ? null : energy.getProblem());
        return json;
    }

    /** Where joules come from: counter, integrated or unavailable. */
    static String source(IntervalEnergy energy) {
        return energy.getSource().name().replace("ENERGY_SOURCE_", "").toLowerCase(Locale.ROOT);
    }

    private static JsonObject summary(Results results, int command) {
        JsonObject summary = new JsonObject();
        for (Figure figure : Summary.of(results, command)) {
            Spread spread = figure.spread();
            Figure.Value mean = figure.mean();
            JsonObject json = new JsonObject();
            json.addProperty("runs", figure.values().size());
            json.addProperty("mean", spread.mean());
            json.addProperty("standard_deviation", spread.deviation());
            json.addProperty("least", spread.least());
            json.addProperty("most", spread.most());
            json.addProperty("uncertainty", mean.uncertainty());
            json.addProperty("lower_bound", mean.least());
            json.addProperty("upper_bound", mean.most());
            summary.add(figure.key(), json);
        }
        return summary;
    }

    private static JsonArray comparison(Results results) {
        JsonArray comparison = new JsonArray();
        for (int i = 0; i < results.commands.size(); i++) {
            JsonObject json = new JsonObject();
            json.add("command", array(results.commands.get(i)));
            json.add("summary", summary(results, i));
            for (String key : List.of("joules", "seconds")) {
                Optional<Comparison> ratio = Comparison.of(results, i, key);
                json.addProperty(key + "_ratio", i == 0 ? null : ratio.map(Comparison::ratio).orElse(null));
                json.addProperty(key + "_ratio_deviation", i == 0 ? null
                        : ratio.map(Comparison::deviation).orElse(null));
            }
            comparison.add(json);
        }
        return comparison;
    }

    private static JsonArray array(List<String> texts) {
        JsonArray array = new JsonArray();
        texts.forEach(array::add);
        return array;
    }
}
