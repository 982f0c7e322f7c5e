package cli.measure;

import cli.options.Printable;
import energy.DeviceEnergy;
import energy.EnergyResponse;
import energy.IntervalEnergy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The results as a table with the figures below, for people. */
final class TextReport {

    private static final int LABEL_WIDTH = 44;
    private static final String ROW = "%-" + LABEL_WIDTH + "s %20s %11s %11s";
    private static final String LINE = "%-24s %s";

    private final Results results;
    private final StringBuilder text = new StringBuilder();

    private TextReport(Results results) {
        this.results = results;
    }

    /** The whole report, with a line end. */
    static String of(Results results) {
        TextReport report = new TextReport(results);
        for (int command = 0; command < results.commands.size(); command++) {
            if (!results.runsOf(command).isEmpty()) {
                report.add(command);
            }
        }
        report.addIdle();
        for (int command = 1; command < results.commands.size(); command++) {
            report.compare(command);
        }
        return report.text.toString();
    }

    /**
     * The latest run in a line, and how long the rest will take.
     *
     * @param all how many runs of all commands there will be
     */
    static String progress(Results results, int all) {
        int done = results.runs.size();
        Run run = results.runs.get(done - 1);
        IntervalEnergy total = run.energy().getTotal();
        double secondsPerRun = Spread.of(results.runs.stream().map(Run::seconds).toList()).mean();
        return "run " + done + " of " + all + ": " + (run.hasJoules()
                ? EnergyText.withUncertainty(total.getJoules(), total.getUncertaintyJoules(), total.getLeastJoules(),
                total.getMostJoules(), "J") : "no joules")
                + " in " + EnergyText.number(run.seconds()) + " s"
                + (done == all ? "" : ", about " + Math.round(secondsPerRun * (all - done)) + " s left");
    }

    private void add(int command) {
        List<Run> runs = results.countingRunsOf(command);
        if (results.commands.size() > 1) {
            line("%s", results.name(command));
        }
        line(ROW, "", "energy", "mean", "peak");
        row("total", runs.stream().map(run -> run.energy().getTotal()).toList());
        List<DeviceEnergy> devices = runs.get(runs.size() - 1).energy().getDevicesList();
        for (DeviceEnergy device : devices) {
            row(label(device), runs.stream().map(run -> energyOf(run.energy(), device)).toList());
        }
        for (Figure figure : Summary.of(results, command)) {
            line(LINE, figure.label(), describe(figure));
        }
        problems(results.runsOf(command)).forEach(problem -> line("%s", problem));
        reasons(runs).forEach((device, reason) -> line("%s", "no joules of " + device + reason));
    }

    /** Why devices have no joules, in the first run without; the one that the total names is told with it. */
    private static Map<String, String> reasons(List<Run> runs) {
        Map<String, String> reasons = new LinkedHashMap<>();
        for (Run run : runs) {
            String ofTotal = run.energy().getTotal().getProblem();
            for (DeviceEnergy device : run.energy().getDevicesList()) {
                String problem = device.getEnergy().getProblem();
                boolean isTold = device.getInTotal() && ofTotal.contains("(" + device.getId() + ")");
                if (!device.getEnergy().getValid() && !problem.isEmpty() && !isTold) {
                    String who = device.getPlatform() + " " + device.getIndex() + " " + device.getName();
                    reasons.putIfAbsent(Printable.of(who),
                            (runs.size() > 1 ? " in run " + run.number() : "") + ": " + Printable.of(problem));
                }
            }
        }
        return reasons;
    }

    private void row(String label, List<IntervalEnergy> energies) {
        if (!energies.stream().allMatch(IntervalEnergy::getValid)) {
            line(ROW, label, EnergyText.UNAVAILABLE, EnergyText.UNAVAILABLE, EnergyText.UNAVAILABLE);
            return;
        }
        Figure.Value joules = new Figure("", "", "", energies.stream().map(energy -> new Figure.Value(
                energy.getJoules(), energy.getUncertaintyJoules(), energy.getLeastJoules(), energy.getMostJoules()))
                .toList()).mean();
        line(ROW, label, withUncertainty(joules, "J"),
                EnergyText.orUnavailable(Spread.of(energies.stream().map(IntervalEnergy::getMeanWatts).toList()).mean(),
                        "W"),
                EnergyText.orUnavailable(Spread.of(energies.stream().map(IntervalEnergy::getPeakWatts).toList()).most(),
                        "W"));
    }

    private static String describe(Figure figure) {
        Figure.Value mean = figure.mean();
        StringBuilder line = new StringBuilder(withUncertainty(mean, figure.unit()));
        if (figure.key().equals("joules") && !EnergyText.wattHours(mean.best()).isEmpty()) {
            line.append(" = ").append(EnergyText.wattHours(mean.best()));
        }
        if (figure.values().size() > 1) {
            Spread spread = figure.spread();
            line.append(", standard deviation ").append(EnergyText.rough(spread.deviation(), figure.unit())).append(" (")
                    .append(EnergyText.number(spread.least())).append(" to ").append(EnergyText.number(spread.most()))
                    .append(" in ").append(figure.values().size()).append(" runs)");
        }
        if (figure.key().equals("joules")) {
            line.append(", bounds ").append(EnergyText.number(mean.least())).append(" to ")
                    .append(EnergyText.number(mean.most())).append(" J");
        }
        return line.toString();
    }

    private static String withUncertainty(Figure.Value value, String unit) {
        return EnergyText.withUncertainty(value.best(), value.uncertainty(), value.least(), value.most(), unit);
    }

    /** Why there are no joules, each reason once. */
    private static Set<String> problems(List<Run> runs) {
        Set<String> problems = new LinkedHashSet<>();
        for (Run run : runs) {
            if (!run.energy().getTotal().getValid()) {
                String who = runs.size() > 1 ? "no total of run " + run.number() + ": " : "no total: ";
                problems.add(who + Printable.of(run.energy().getTotal().getProblem()));
            }
        }
        return problems;
    }

    private void addIdle() {
        EnergyResponse idle = results.idle;
        if (idle == null) {
            return;
        }
        IntervalEnergy total = idle.getTotal();
        double watts = total.getMeanWatts();
        line("%s", total.getValid()
                ? "idle power was " + EnergyText.withUncertainty(watts, total.getUncertaintyJoules() / idle.getSeconds(),
                        watts - (total.getJoules() - total.getLeastJoules()) / idle.getSeconds(),
                        watts + (total.getMostJoules() - total.getJoules()) / idle.getSeconds(), "W") + " over "
                        + EnergyText.number(idle.getSeconds()) + " s"
                : "no idle power: " + Printable.of(total.getProblem()));
    }

    private void compare(int command) {
        for (int compared : new int[] {0, command}) {
            if (!results.runsOf(command).isEmpty() && !results.hasSucceeded(compared)) {
                line("%s", "not compared: no run of '" + results.name(compared) + "' ended with exit code 0");
                return;
            }
        }
        List<String> ratios = new ArrayList<>();
        Comparison.of(results, command, "joules").ifPresent(joules -> ratios.add(ratio(joules) + " the energy"));
        Comparison.of(results, command, "seconds").ifPresent(seconds -> ratios.add(ratio(seconds) + " the time"));
        if (!ratios.isEmpty()) {
            line("%s", "'" + results.name(command) + "' takes " + String.join(" and ", ratios) + " of '"
                    + results.name(0) + "'");
        }
    }

    private static String ratio(Comparison comparison) {
        return EnergyText.withUncertainty(comparison.ratio(), comparison.uncertainty(), "") + " times";
    }

    private static IntervalEnergy energyOf(EnergyResponse run, DeviceEnergy wanted) {
        Optional<DeviceEnergy> found = run.getDevicesList().stream().filter(device ->
                device.getPlatform().equals(wanted.getPlatform()) && device.getId().equals(wanted.getId())).findFirst();
        return found.map(DeviceEnergy::getEnergy).orElse(IntervalEnergy.getDefaultInstance());
    }

    private static String label(DeviceEnergy device) {
        String label = Printable.of((device.getInTotal() ? "  " : "    not added: ") + device.getPlatform() + " "
                + device.getIndex() + " " + device.getName() + " (" + device.getId() + ")");
        return label.length() <= LABEL_WIDTH ? label : label.substring(0, LABEL_WIDTH - 1) + "…";
    }

    private void line(String format, Object... cells) {
        text.append(String.format(Locale.ROOT, format, cells).stripTrailing()).append(System.lineSeparator());
    }
}
