package cli.measure;

import cli.options.Csv;
import cli.options.Figures;
import cli.options.UtcTime;
import cli.options.Version;
import energy.DeviceEnergy;
import energy.EnergyResponse;
import energy.IntervalEnergy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The results as CSV: a line for each run's total and one for each of its devices, the idle machine's first. */
final class CsvReport {

    private static final String HEADER = "version,host,phase,command,run,exit_code,start_time,start_nanos,seconds,"
            + "settled,platform,device_id,index,kind,name,in_total,source,joules,uncertainty_joules,least_joules,"
            + "most_joules,mean_watts,peak_watts,coverage,longest_hole_seconds,problem,unit,units,joules_per_unit,"
            + "joules_above_idle,joules_above_idle_per_unit,grams_co2e,price\n";
    private static final List<String> FIGURES = List.of("joules_per_unit", "joules_above_idle",
            "joules_above_idle_per_unit", "grams_co2e", "price");

    private final Results results;
    private final StringBuilder csv = new StringBuilder(HEADER);

    private CsvReport(Results results) {
        this.results = results;
    }

    static String of(Results results) {
        CsvReport report = new CsvReport(results);
        if (results.idle != null) {
            report.add("idle", null, results.idle);
        }
        results.runs.forEach(run -> report.add("run", run, run.energy()));
        return report.csv.toString();
    }

    private void add(String phase, Run run, EnergyResponse interval) {
        line(phase, run, interval, null, interval.getTotal());
        interval.getDevicesList().forEach(device -> line(phase, run, interval, device, device.getEnergy()));
    }

    private void line(String phase, Run run, EnergyResponse interval, DeviceEnergy device, IntervalEnergy energy) {
        List<Object> cells = new ArrayList<>(Arrays.asList(Version.NUMBER,
                results.described.getSystemInfo().getHostName(), phase,
                run == null ? null : results.name(run.command()),
                run == null ? null : run.number(), run == null ? null : run.exitCode(),
                UtcTime.iso(interval.getFromNanos()), interval.getFromNanos(), interval.getSeconds(),
                interval.getSettled()));
        cells.addAll(device == null ? Arrays.asList(null, null, null, "total", null, null)
                : Arrays.asList(device.getPlatform(), device.getId(), Integer.toUnsignedLong(device.getIndex()),
                        device.getKind(), device.getName(), device.getInTotal()));
        cells.addAll(Arrays.asList(JsonReport.source(energy), Figures.orNull(energy.getJoules()),
                Figures.orNull(energy.getUncertaintyJoules()), Figures.orNull(energy.getLeastJoules()),
                Figures.orNull(energy.getMostJoules()), Figures.orNull(energy.getMeanWatts()),
                Figures.orNull(energy.getPeakWatts()), energy.getCoverage(), energy.getLongestHoleSeconds(),
                energy.getProblem()));
        Results.Terms terms = results.terms;
        cells.add(terms.units() == null ? null : terms.unit());
        cells.add(terms.units());
        for (String key : FIGURES) {
            cells.add(run == null || device != null ? null : figure(run, key));
        }
        csv.append(Csv.line(cells.toArray()));
    }

    private Double figure(Run run, String key) {
        return Summary.of(results, List.of(run)).stream().filter(figure -> figure.key().equals(key))
                .map(figure -> figure.mean().best()).findFirst().orElse(null);
    }
}
