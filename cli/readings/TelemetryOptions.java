package cli.readings;

import cli.options.SensorOptions;
import cli.options.UserError;
import collectors.registry.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.Spec;

/** Where the readings come from: this machine's sensors, or running monitors. */
public final class TelemetryOptions {

    private static final long MAX_INTERVAL_MILLIS = 3_600_000;
    /** They choose among this machine's sensors; a running monitor has chosen its own. */
    private static final List<String> LOCAL_OPTIONS = List.of("--collector", "--no-auxiliary", "--gpm",
            "--macos-power", SensorOptions.BESIDE, "--path.sysfs", "--path.procfs");

    private static final String DEVICES = "--devices";
    /** What they mean is a matter of the sensors' own machine and of its environment. */
    private static final List<String> UNKNOWN_THERE = List.of("", "visible", "all");

    @Mixin
    private TargetOptions target;

    @Option(names = "--interval-ms", paramLabel = "MS",
            description = "Milliseconds between two readings. Default: 50 in measure and record, 100 in watch, 10 in "
                    + "doctor; with --target as often as the running monitor reads")
    private Long intervalMillis;

    @Mixin
    private SensorOptions sensors;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    /**
     * Opens the sensors or the connection.
     *
     * @param localMillis the interval at which this machine's sensors are sampled where none was given
     * @throws UserError when there is nothing to measure with
     */
    public Telemetry open(long localMillis) throws UserError, InterruptedException {
        check();
        return target.isGiven() ? new RemoteTelemetry(target.channel(), target.target(), devices())
                : openLocal(localMillis);
    }

    /** The same, where several targets may be given. */
    public List<Telemetry> openAll(long localMillis) throws UserError, InterruptedException {
        check();
        if (!target.isGiven()) {
            return List.of(openLocal(localMillis));
        }
        List<Telemetry> telemetries = new ArrayList<>();
        for (String each : target.targets()) {
            telemetries.add(new RemoteTelemetry(target.channel(each), each, devices()));
        }
        return telemetries;
    }

    /** Whether what works inside GPUs is to be measured, too. */
    public boolean isProfiling() {
        return sensors.isProfiling();
    }

    /** Refuses to write to the recording that is being replayed, which would be lost. */
    public void requireOther(Path file) {
        Path replayed = sensors.replayed();
        try {
            if (replayed != null && Files.exists(file) && Files.isSameFile(replayed, file)) {
                throw new ParameterException(spec.commandLine(), "'" + file + "' is the recording that is replayed, and would "
                        + "be lost: give another file to write to");
            }
        } catch (IOException e) {
            return; // whoever opens one of the two tells
        }
    }

    /** The targets that were given; none when this machine's sensors are meant. */
    public List<String> targets() {
        return target.targets();
    }

    /** What --devices names among those of a --target; none for all of them. */
    private List<String> devices() {
        String given = spec.commandLine().getParseResult().matchedOptionValue(DEVICES, (String) null);
        return given == null ? List.of() : Stream.of(given.split(",", -1)).map(String::strip).toList();
    }

    private LocalTelemetry openLocal(long localMillis) throws UserError, InterruptedException {
        long millis = intervalMillis == null ? localMillis : intervalMillis;
        return new LocalTelemetry(sensors.settings(CollectorRegistry.standard(), millis));
    }

    private void check() {
        for (String option : LOCAL_OPTIONS) {
            if (target.isGiven() && spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(spec.commandLine(), option + " chooses among the sensors of this machine, "
                        + "not those of a --target: leave one of them out");
            }
        }
        if (target.isGiven() && devices().stream().anyMatch(UNKNOWN_THERE::contains)) {
            throw new ParameterException(spec.commandLine(), DEVICES + " names devices of the --target here, such as 0,2 "
                    + "or a UUID: leave it out for all of them");
        }
        if (intervalMillis != null && (intervalMillis < 1 || intervalMillis > MAX_INTERVAL_MILLIS)) {
            throw SensorOptions.usage(spec, "--interval-ms", intervalMillis.toString(),
                    "give a number from 1 to " + MAX_INTERVAL_MILLIS);
        }
    }

    /** The interval that was asked for, or 0 for every reading. */
    public long intervalMillis() {
        return intervalMillis == null ? 0 : intervalMillis;
    }
}
