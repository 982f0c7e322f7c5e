package cli.measure;

import cli.measure.process.ChildCommand;
import cli.measure.process.Signals;
import cli.options.DurationConverter;
import cli.options.Logging;
import cli.options.Printable;
import cli.options.OutputCharset;
import cli.options.SensorOptions;
import cli.options.StderrTerminal;
import cli.options.UserError;
import cli.options.Version;
import cli.readings.Telemetry;
import cli.readings.TelemetryOptions;
import collectors.host.OperatingSystem;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs commands and reports what energy was used meanwhile. */
@Command(name = "measure", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        customSynopsis = {"energy-monitor measure [OPTION...] -- COMMAND [ARGUMENT...]",
            "       energy-monitor measure [OPTION...] --compare 'COMMAND' 'COMMAND'...",
            "       energy-monitor measure [OPTION...] --pid PID"},
        header = "Runs a command and reports the joules that it cost.",
        description = {"", "Reports the energy that the machine used while the command ran, per device and in total: "
                + "joules with their uncertainty (95 %%), mean and peak watts. The command keeps its streams, its "
                + "signals and its exit code; the report goes to stderr. After Ctrl-C the finished runs are reported."},
        optionListHeading = "%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"1:nothing could be measured; the reason is on stderr", "2:the command line was wrong",
            "126, 127:the command could not be run, or was not found",
            "130, 143:Ctrl-C or SIGTERM left runs out", "else:the command's own"},
        footerHeading = "%nExamples:%n",
        footer = {"  energy-monitor measure -- make -j8",
            "  energy-monitor measure --warmup 1 --repeat 5 --idle 5s -- ./benchmark",
            "  energy-monitor measure --repeat 5 --compare './old --fast' './new --fast'",
            "  energy-monitor measure --per 1000 --unit token --json -o j.json -- ./generate"})
public final class MeasureCommand implements Callable<Integer> {

    private static final long INTERVAL_MILLIS = 50;
    private static final String DEFAULT_UNIT = "unit";

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "The command and its arguments")
    private List<String> command = List.of();

    @Option(names = "--compare", paramLabel = "'COMMAND'", arity = "1..*",
            description = "Compare these commands, each one word for a shell, with the first of them, or with the "
                    + "COMMAND behind --. They run in turn")
    private List<String> compared = List.of();

    @Option(names = "--pid", paramLabel = "PID",
            description = "Measure until this process ends, instead of running a command")
    private Long pid;

    @Option(names = "--repeat", paramLabel = "N", defaultValue = "1",
            description = "How often to run the command; a run that fails is the last. Default: ${DEFAULT-VALUE}")
    private int repeats;

    @Option(names = "--warmup", paramLabel = "N", defaultValue = "0",
            description = "Run the command so often before, without measuring. Default: ${DEFAULT-VALUE}")
    private int warmups;

    @Option(names = "--until-steady",
            description = "Wait before each run until power varies by less than 5 %%, a minute at most. With --pid, "
                    + "measuring begins then")
    private boolean untilSteady;

    @Option(names = "--idle", paramLabel = "TIME", converter = DurationConverter.class,
            description = "Measure the idle machine for so long first, such as 5s (or 5: a number alone is seconds), "
                    + "and report the joules above that, too")
    private Duration idle;

    @Option(names = "--per", paramLabel = "N",
            description = "How many units of work the command does: joules per unit are reported, too")
    private Double units;

    @Option(names = "--unit", paramLabel = "NAME",
            description = "What those units are called, such as token. Default: " + DEFAULT_UNIT)
    private String unit;

    @Option(names = "--carbon", paramLabel = "G/KWH",
            description = "Grams of CO2 equivalent for a kWh where you are: grams are reported, too")
    private Double carbon;

    @Option(names = "--price", paramLabel = "PER_KWH", description = "What a kWh costs: the price is reported, too")
    private Double price;

    @Option(names = "--json", description = "Report as JSON")
    private boolean json;

    @Option(names = "--csv", description = "Report as CSV: a line for each run and device")
    private boolean csv;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE",
            description = "Write the report to a file instead; it is replaced whole, after each run")
    private Path output;

    @Mixin
    private TelemetryOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws UserError {
        List<List<String>> commands = check();
        ReportFile file = output == null ? null : new ReportFile(output);
        try {
            for (List<String> each : commands) {
                new ChildCommand(each).requireRunnable();
            }
        } catch (ChildCommand.NotStartedException e) {
            tell(e.getMessage());
            return e.exitCode();
        }
        Logging.configure(Logging.Threshold.ERROR, System.err);
        Signals signals = new Signals();
        signals.handle();
        try (Telemetry telemetry = options.open(INTERVAL_MILLIS)) {
            Results results = new Results(telemetry.describe(), shown(commands),
                    new Results.Terms(units, unit == null ? DEFAULT_UNIT : unit, carbon, price));
            return measure(telemetry, commands, results, signals, file);
        } catch (InterruptedException e) {
            return signals.exitCode();
        }
    }

    /** Refuses what makes no sense; gives the commands as they are executed. */
    private List<List<String>> check() {
        requireFrom("--repeat", repeats, 1);
        requireFrom("--warmup", warmups, 0);
        requirePositive("--per", units);
        requirePositive("--carbon", carbon);
        requirePositive("--price", price);
        if (output != null && output.toString().isEmpty()) {
            throw SensorOptions.usage(spec, "--output", "give the name of a file");
        }
        if (output != null) {
            options.requireOther(output);
        }
        if (json && csv) {
            throw usage("--json and --csv exclude each other: give one of them");
        }
        if (unit != null && units == null) {
            throw usage("--unit names the units that --per counts: give --per, too");
        }
        if (unit != null && unit.isBlank()) {
            throw SensorOptions.usage(spec, "--unit", "give the name of a unit, such as token");
        }
        List<List<String>> commands = new ArrayList<>();
        if (!command.isEmpty()) {
            commands.add(command);
        }
        compared.forEach(line -> commands.add(OperatingSystem.current() == OperatingSystem.WINDOWS
                ? List.of("cmd.exe", "/c", line) : List.of("/bin/sh", "-c", line)));
        if (pid != null && (!commands.isEmpty() || isGiven("--repeat") || isGiven("--warmup"))) {
            throw usage("--pid measures a process that runs already: leave out the command, --repeat and --warmup");
        }
        if (pid != null && idle != null) {
            throw usage("--idle measures the machine before the command runs, and --pid runs already: leave one of them "
                    + "out");
        }
        if (options.isProfiling()) {
            throw usage("--gpm adds nothing to joules, and raises them: leave it out, or use record or watch");
        }
        if (pid == null && commands.isEmpty()) {
            throw usage("missing COMMAND: give what is to be measured behind --, or --pid");
        }
        if (compared.stream().anyMatch(String::isBlank)) {
            throw usage("--compare has an empty command: give one that does something");
        }
        if (!compared.isEmpty() && commands.size() < 2) {
            throw usage("--compare needs two commands: give another one");
        }
        if (pid != null && ProcessHandle.of(pid).isEmpty()) {
            throw usage("there is no process " + pid + ": give the --pid of one that runs");
        }
        return commands;
    }

    /** The commands as the user wrote them. */
    private List<List<String>> shown(List<List<String>> commands) {
        if (pid != null) {
            return List.of(List.of("--pid", pid.toString()));
        }
        return compared.isEmpty() ? commands
                : commands.stream().map(words -> words == command ? words : words.subList(2, 3)).toList();
    }

    private int measure(Telemetry telemetry, List<List<String>> commands, Results results, Signals signals,
                        ReportFile file)
            throws UserError, InterruptedException {
        Measurement.Plan plan = new Measurement.Plan(warmups, repeats, idle == null ? 0 : idle.toMillis(), untilSteady);
        try (Measurement measurement =
                new Measurement(telemetry, options.intervalMillis(), plan, results, signals, notice -> {
                    results.notices.add(notice);
                    if (!json && !csv || output != null) { // where programs read the report from stderr, it stays alone
                        tell(notice);
                    }
                })) {
            measurement.prepare();
            int exitCode = measure(measurement, commands, results, signals, file);
            if (!results.runs.isEmpty()) {
                write(results, file);
            } else if (signals.isEnding()) {
                tell("no run was finished: there is nothing to report");
            }
            return exitCode;
        }
    }

    /** All that may go wrong from now on is told, and what was measured before is reported all the same. */
    private int measure(Measurement measurement, List<List<String>> commands, Results results, Signals signals,
                        ReportFile file) {
        int all = repeats * commands.size();
        boolean showsProgress = all > 1 && StderrTerminal.isPresent();
        Measurement.RunListener listener = run -> {
            if (showsProgress) {
                tell(TextReport.progress(results, all));
            }
            if (file != null && file.isReplaceable()) {
                write(results, file);
            }
        };
        try {
            return pid == null ? measurement.run(commands, listener)
                    : measurement.follow(ProcessHandle.of(pid).orElseThrow(), listener);
        } catch (ChildCommand.NotStartedException e) {
            tell(e.getMessage());
            return e.exitCode();
        } catch (UserError e) {
            tell(e.getMessage());
            return ExitCode.SOFTWARE;
        } catch (InterruptedException e) {
            return signals.exitCode();
        }
    }

    private void write(Results results, ReportFile file) throws UserError {
        String text = json ? JsonReport.of(results) : csv ? CsvReport.of(results) : TextReport.of(results);
        if (file != null) {
            file.write(text);
        } else {
            new PrintStream(System.err, false, OutputCharset.stderr()).append(text).flush();
        }
    }

    private void tell(String notice) {
        spec.commandLine().getErr().println("energy-monitor: " + Printable.of(notice));
        spec.commandLine().getErr().flush();
    }

    private void requireFrom(String option, int value, int least) {
        if (value < least) {
            throw SensorOptions.usage(spec, option, String.valueOf(value), "give a number from " + least + " up");
        }
    }

    private void requirePositive(String option, Double value) {
        if (value != null && !(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw SensorOptions.usage(spec, option, "give a number above 0");
        }
    }

    private boolean isGiven(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
