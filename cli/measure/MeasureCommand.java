package cli.measure;

import cli.options.DurationConverter;
import cli.options.FileProblem;
import cli.options.Logging;
import cli.options.SensorOptions;
import cli.options.UserError;
import cli.options.Version;
import cli.readings.Telemetry;
import cli.readings.TelemetryOptions;
import energy.DescribeResponse;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine;

/** Runs a command and tells what energy was used meanwhile. */
@Command(name = "measure", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        customSynopsis = "energy-monitor measure [OPTION...] -- COMMAND [ARGUMENT...]",
        header = "Runs a command and reports the joules that it cost.",
        description = {"", "Reports the energy that the machine used while the command ran, per device and in total: "
                + "joules, mean and peak watts. The command keeps its streams, its signals and its exit code; the "
                + "report goes to stderr."},
        optionListHeading = "%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"1:nothing could be measured; the reason is on stderr", "2:the command line was wrong",
            "126, 127:the command could not be run, or was not found", "else:the command's own"},
        footerHeading = "%nExamples:%n",
        footer = {"  energy-monitor measure -- make -j8",
            "  energy-monitor measure --idle 5s --repeat 3 -- ./benchmark",
            "  energy-monitor measure --per 1000 --unit token --json -o joules.json -- ./generate"})
public final class MeasureCommand implements Callable<Integer> {

    private static final long INTERVAL_MILLIS = 50;
    /** A counter is compared with power for its first half second before it is believed. */
    private static final long SETTLE_MILLIS = 600;

    /** The forms of the report besides text. */
    private static final class Form {

        @Option(names = "--json", required = true, description = "Report as JSON")
        private boolean json;

        @Option(names = "--csv", required = true, description = "Report as CSV: a line for each run and device")
        private boolean csv;
    }

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command and its arguments")
    private List<String> command;

    @Option(names = "--per", paramLabel = "N",
            description = "How many units of work the command does: joules per unit are reported, too")
    private Double units;

    @Option(names = "--unit", paramLabel = "NAME", defaultValue = "unit",
            description = "What those units are called, such as token. Default: ${DEFAULT-VALUE}")
    private String unit;

    @Option(names = "--repeat", paramLabel = "N", defaultValue = "1",
            description = "How often to run the command; a run that fails is the last. Default: ${DEFAULT-VALUE}")
    private int repeat;

    @Option(names = "--idle", paramLabel = "TIME", converter = DurationConverter.class,
            description = "Measure the idle machine for so long first, such as 5s, and report the joules above that, "
                    + "too")
    private Duration idle;

    @ArgGroup
    private Form form;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "Write the report to a file instead")
    private Path output;

    @Mixin
    private TelemetryOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws UserError, InterruptedException, IOException {
        check();
        Logging.configure(Logging.Threshold.ERROR, System.err);
        ChildCommand child = new ChildCommand(command);
        child.takeSignals();
        try (Telemetry telemetry = options.open(INTERVAL_MILLIS)) {
            return measure(telemetry, child);
        }
    }

    private void check() {
        if (repeat < 1) {
            throw SensorOptions.usage(spec, "--repeat", String.valueOf(repeat), "give a number from 1 up");
        }
        if (units != null && !(units > 0 && units < Double.POSITIVE_INFINITY)) {
            throw SensorOptions.usage(spec, "--per", String.valueOf(units), "give a number above 0");
        }
    }

    private int measure(Telemetry telemetry, ChildCommand child) throws UserError, InterruptedException, IOException {
        DescribeResponse described = telemetry.describe();
        EnergyStopwatch stopwatch = new EnergyStopwatch();
        telemetry.stream(options.intervalMillis(), stopwatch);
        stopwatch.awaitPower();
        requireOutput();
        TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
        MeasureReport report = new MeasureReport(described, command, units, unit);
        if (idle != null) {
            stopwatch.begin();
            TimeUnit.MILLISECONDS.sleep(idle.toMillis());
            report.setIdle(stopwatch.end());
        }
        int exitCode = 0;
        for (int run = 0; run < repeat && exitCode == 0; run++) {
            stopwatch.begin();
            try {
                exitCode = child.run();
            } catch (IOException e) {
                spec.commandLine().getErr().println("energy-monitor: cannot run '" + command.get(0) + "': "
                        + ChildCommand.reason(e));
                return ChildCommand.exitCode(e);
            }
            try {
                report.addRun(stopwatch.end(), exitCode);
            } catch (UserError e) {
                spec.commandLine().getErr().println("energy-monitor: " + e.getMessage());
                return exitCode != 0 ? exitCode : CommandLine.ExitCode.SOFTWARE;
            }
        }
        write(report);
        return exitCode;
    }

    /** What the command cost would be lost if only then it turned out that the report cannot be written. */
    private void requireOutput() throws UserError {
        if (output != null && !isPipeOrDevice(output)) {
            FileProblem.requireWritable(output);
        }
    }

    /** Who reads from a pipe would take it for the end if it were only tried. */
    private static boolean isPipeOrDevice(Path path) {
        return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
    }

    private void write(MeasureReport report) throws IOException {
        String text = form == null ? report.text() : form.json ? report.json() : report.csv();
        if (output != null) {
            Files.writeString(output, text);
        } else {
            new PrintStream(System.err, false, StandardCharsets.UTF_8).append(text).flush();
        }
    }
}
