package cli.record;

import cli.options.DurationConverter;
import cli.options.Logging;
import cli.options.SensorOptions;
import cli.options.UserError;
import cli.options.Version;
import cli.readings.Telemetry;
import cli.readings.TelemetryOptions;
import energy.TelemetryReading;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes readings to a file. */
@Command(name = "record", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        customSynopsis = "energy-monitor record [OPTION...] FILE",
        header = "Writes readings to a file.",
        description = {"", "Writes every reading to a file until Ctrl-C: CSV or Parquet with a row for each device and "
                + "one for the total, or JSON Lines with an object for each reading. With several targets they go into "
                + "one file, in the order of their timestamps, with the host in a column of its own. What was written "
                + "can be read even if the recording is killed."},
        optionListHeading = "%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:its time is over", "1:nothing could be recorded, or the file not be written",
            "2:the command line was wrong", "143, 130:it ended on SIGTERM or Ctrl-C; the file is whole"},
        footerHeading = "%nExamples:%n",
        footer = {"  energy-monitor record power.csv",
            "  energy-monitor record --duration 1h --target a:50053 --target b:50053 both.parquet"})
public final class RecordCommand implements Callable<Integer> {

    private static final long INTERVAL_MILLIS = 50;
    private static final long LOOK_MILLIS = 1000;
    private static final long CLOSE_LIMIT_SECONDS = 10;

    @Parameters(arity = "1", paramLabel = "FILE", description = "Ends with .csv, .jsonl or .parquet")
    private Path file;

    @Option(names = "--duration", paramLabel = "TIME", converter = DurationConverter.class,
            description = "End after so long, such as 30s or 2h")
    private Duration duration;

    @Option(names = "--force", description = "Replace a file that is there")
    private boolean force;

    @Mixin
    private TelemetryOptions options;

    @Spec
    private CommandSpec spec;

    private final CountDownLatch ending = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public Integer call() throws UserError, InterruptedException, IOException {
        if (RecordFile.Format.of(file).isEmpty()) {
            throw SensorOptions.usage(spec, "FILE", file.toString(), "end it with .csv, .jsonl or .parquet");
        }
        Logging.configure(Logging.Threshold.ERROR, System.err);
        List<Telemetry> telemetries = options.openAll(INTERVAL_MILLIS);
        try {
            List<String> hosts = hosts(telemetries);
            RecordFile target = RecordFile.create(file, force);
            Thread hook = new Thread(this::endInTime, "end-recording");
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                record(telemetries, hosts, target);
            } finally {
                closed.countDown();
            }
            if (ending.getCount() > 0) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
            return 0;
        } finally {
            telemetries.forEach(Telemetry::close);
        }
    }

    /** The names of the machines, as they have them themselves; where two have the same one, as they were given. */
    private List<String> hosts(List<Telemetry> telemetries) throws UserError, InterruptedException {
        List<String> hosts = new ArrayList<>();
        for (Telemetry telemetry : telemetries) {
            hosts.add(telemetry.describe().getSystemInfo().getHostName());
        }
        Set<String> different = new HashSet<>(hosts);
        return different.size() == hosts.size() ? hosts : options.targets();
    }

    private void record(List<Telemetry> telemetries, List<String> hosts, RecordFile target)
            throws UserError, InterruptedException {
        long begin = System.nanoTime();
        long endNanos = duration == null ? Long.MAX_VALUE : duration.toNanos();
        Progress progress = new Progress(spec.commandLine().getErr(), file);
        Recording recording = new Recording(target, hosts.size() > 1);
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            sources.add(new Source(telemetries.get(i), hosts.get(i), recording));
        }
        try {
            long left = endNanos;
            while (left > 0 && ending.getCount() > 0) {
                sources.forEach(source -> source.tryAgain(spec.commandLine(), options.intervalMillis()));
                ending.await(Math.min(LOOK_MILLIS, TimeUnit.NANOSECONDS.toMillis(left) + 1), TimeUnit.MILLISECONDS);
                recording.flush();
                left = endNanos - (System.nanoTime() - begin);
                progress.show(recording.readings(), true);
            }
            recording.close(); // with several monitors, many readings have waited for the others until now
            progress.show(recording.readings(), false);
        } catch (IOException e) {
            throw new UserError(e.getMessage());
        }
    }

    /** On a signal: lets the recording end, and waits for that. */
    private void endInTime() {
        ending.countDown();
        try {
            closed.await(CLOSE_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One telemetry's readings on their way into the recording. */
    private static final class Source implements Telemetry.Listener {

        private final Telemetry telemetry;
        private final String host;
        private final Recording recording;
        private volatile String lost = "";

        Source(Telemetry telemetry, String host, Recording recording) {
            this.telemetry = telemetry;
            this.host = host;
            this.recording = recording;
        }

        /** Begins to listen, or begins anew where the stream was lost. */
        void tryAgain(picocli.CommandLine command, long intervalMillis) {
            String reason = lost;
            if (reason == null) {
                return;
            }
            if (!reason.isEmpty()) {
                command.getErr().println("energy-monitor: " + reason + "; trying again");
            }
            lost = null;
            telemetry.stream(intervalMillis, this);
        }

        @Override
        public void take(TelemetryReading reading, long nanoTime) {
            recording.add(host, reading);
        }

        @Override
        public void lost(String reason) {
            lost = reason;
        }
    }
}
