package cli.doctor;

import cli.options.DurationConverter;
import cli.options.Logging;
import cli.options.UserError;
import cli.options.Version;
import cli.readings.Telemetry;
import cli.readings.TelemetryOptions;
import energy.DescribeResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells what can be measured here, how well, and what would have to be done for the rest. */
@Command(name = "doctor", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        customSynopsis = "energy-monitor doctor [OPTION...]",
        header = "Tells what can be measured here, how well, and what mends the rest.",
        description = {"", "Tells what is measured here, by which collector and from where; which collectors do not "
                + "work, why, and the command that mends it; how often each sensor brings something new; and how far "
                + "energy counters and power disagree."},
        optionListHeading = "%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:something can be measured", "1:nothing can; what was printed says why",
            "2:the command line was wrong"},
        footerHeading = "%nExamples:%n",
        footer = {"  energy-monitor doctor", "  energy-monitor doctor --target 127.0.0.1:50053 --json"})
public final class DoctorCommand implements Callable<Integer> {

    /** Sensors are looked at more often than they change. */
    private static final long INTERVAL_MILLIS = 10;

    @Option(names = "--time", paramLabel = "TIME", defaultValue = "3s", converter = DurationConverter.class,
            description = "How long to watch the sensors. Default: ${DEFAULT-VALUE}")
    private Duration time;

    @Option(names = "--json", description = "Print JSON")
    private boolean json;

    @Mixin
    private TelemetryOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws UserError, InterruptedException {
        Logging.off();
        try (Telemetry telemetry = options.open(INTERVAL_MILLIS)) {
            telemetry.describe(); // waits for the sensors, and ends here where there is no monitor
            SensorRates rates = new SensorRates();
            telemetry.stream(options.intervalMillis(), rates);
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
            if (rates.lost() != null) {
                throw new UserError(rates.lost());
            }
            DescribeResponse described = telemetry.describe();
            DoctorReport report = new DoctorReport(described, rates);
            spec.commandLine().getOut().print(json ? report.json() : report.text());
            spec.commandLine().getOut().flush();
            return report.isAnythingMeasured() ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }
}
