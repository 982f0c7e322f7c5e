package cli.readings;

import cli.options.SensorOptions;
import cli.options.UserError;
import collectors.registry.CollectorRegistry;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.Spec;

/** Where the readings come from: this machine's sensors, or a monitor that runs. */
public final class TelemetryOptions {

    private static final long MOST_INTERVAL_MILLIS = 3_600_000;

    @Mixin
    private TargetOptions target;

    @Option(names = "--interval-ms", paramLabel = "MS",
            description = "Milliseconds between two readings. Default: 50, or those of the monitor that runs")
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
        checkInterval();
        return target.isGiven() ? new RemoteTelemetry(target.channel(), target.target()) : openLocal(localMillis);
    }

    /** The same, where several targets may be given. */
    public List<Telemetry> openAll(long localMillis) throws UserError, InterruptedException {
        checkInterval();
        if (!target.isGiven()) {
            return List.of(openLocal(localMillis));
        }
        List<Telemetry> telemetries = new ArrayList<>();
        for (String each : target.targets()) {
            telemetries.add(new RemoteTelemetry(target.channel(each), each));
        }
        return telemetries;
    }

    /** The targets that were given; none when this machine's sensors are meant. */
    public List<String> targets() {
        return target.targets();
    }

    private LocalTelemetry openLocal(long localMillis) throws UserError, InterruptedException {
        long millis = intervalMillis == null ? localMillis : intervalMillis;
        return new LocalTelemetry(sensors.settings(CollectorRegistry.standard(), millis));
    }

    private void checkInterval() {
        if (intervalMillis != null && (intervalMillis < 1 || intervalMillis > MOST_INTERVAL_MILLIS)) {
            throw SensorOptions.usage(spec, "--interval-ms", intervalMillis.toString(),
                    "give a number from 1 to " + MOST_INTERVAL_MILLIS);
        }
    }

    /** The interval that was asked for, or 0 for every reading. */
    public long intervalMillis() {
        return intervalMillis == null ? 0 : intervalMillis;
    }
}
