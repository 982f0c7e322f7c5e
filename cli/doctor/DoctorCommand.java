package cli.doctor;

import cli.options.DurationConverter;
import cli.options.Logging;
import cli.options.SensorOptions;
import cli.options.StderrTerminal;
import cli.options.UserError;
import cli.options.Version;
import cli.readings.FirstDevices;
import cli.readings.Telemetry;
import cli.readings.TelemetryOptions;
import collectors.replay.ReplayRequest;
import energy.CollectorInfo;
import energy.DescribeResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what is measured here, how well, and how to fix the rest. */
@Command(name = "doctor", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        customSynopsis = "energy-monitor doctor [OPTION...]",
        header = "Shows what is measured here, how well, and how to fix the rest.",
        description = {"", "Shows first what can be fixed, and by which command. Then what is measured and from where, "
                + "how often each sensor has a new value, whether energy counters and power agree, and what the "
                + "vendor's own tool says (nvidia-smi, amd-smi, rocm-smi). Last what is not available, and why."},
        optionListHeading = "%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:something is measured", "1:nothing can; the report says why",
            "2:the command line was wrong"},
        footerHeading = "%nExamples:%n",
        footer = {"  energy-monitor doctor", "  energy-monitor doctor --target 127.0.0.1:50053 --json"})
public final class DoctorCommand implements Callable<Integer> {

    /** More often than most sensors change. */
    private static final long INTERVAL_MILLIS = 10;

    /** Longer than any sensor takes for a new value. */
    private static final Duration MAX_TIME = Duration.ofHours(1);

    @Option(names = "--time", paramLabel = "TIME", defaultValue = "3s", converter = DurationConverter.class,
            description = "How long to watch the sensors, an hour at most. Default: ${DEFAULT-VALUE}")
    private Duration time;

    @Option(names = "--json", description = "Print JSON")
    private boolean json;

    @Mixin
    private TelemetryOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws UserError, InterruptedException {
        if (time.compareTo(MAX_TIME) > 0) {
            throw SensorOptions.usage(spec, "--time",
                    "give " + MAX_TIME.toHours() + "h at most; record and watch go on for longer");
        }
        Logging.off();
        progress("opening the sensors");
        try (Telemetry telemetry = options.open(INTERVAL_MILLIS)) {
            FirstDevices.await(telemetry); // waits for the sensors, and ends here where there is no monitor
            SensorRates rates = new SensorRates();
            telemetry.stream(options.intervalMillis(), rates);
            watch(rates);
            DescribeResponse described = telemetry.describe();
            Diagnosis diagnosis = new Diagnosis(described, rates,
                    options.targets().isEmpty() ? vendorTools(described) : Map.of());
            progress("");
            spec.commandLine().getOut().print(json ? DoctorJson.of(diagnosis) : DoctorText.of(diagnosis));
            spec.commandLine().getOut().flush();
            return diagnosis.isAnythingMeasured() ? ExitCode.OK : ExitCode.SOFTWARE;
        } finally {
            progress("");
        }
    }

    private void watch(SensorRates rates) throws UserError, InterruptedException {
        long endNanos = System.nanoTime() + time.toNanos();
        for (long left = time.toMillis(); left > 0; left = (endNanos - System.nanoTime()) / 1_000_000) {
            progress("watching the sensors, " + (left + 999) / 1000 + " s left");
            TimeUnit.MILLISECONDS.sleep(Math.min(left, 1 + (left - 1) % 1000));
            if (rates.lost() != null) {
                throw new UserError(rates.lost());
            }
        }
    }

    private Map<String, VendorTool> vendorTools(DescribeResponse described) throws InterruptedException {
        Map<String, VendorTool> tools = new HashMap<>();
        for (CollectorInfo collector : described.getCollectorsList()) {
            // This machine's tool knows nothing of a machine that was recorded.
            boolean elsewhere = ReplayRequest.isMeant(collector.getName());
            VendorTool tool = elsewhere || collector.getPlatform().isEmpty() ? null : VendorTool.ask(collector.getPlatform());
            if (tool != null) {
                tools.put(collector.getPlatform(), tool);
            }
        }
        return tools;
    }

    /** Replaces the line that says what is going on; only for people at a terminal. */
    private static void progress(String what) {
        if (StderrTerminal.isPresent()) {
            System.err.print("\r\u001b[K" + what);
            System.err.flush();
        }
    }
}
