package cli.record;

import cli.options.DurationConverter;
import cli.options.Logging;
import cli.options.Printable;
import cli.options.SensorOptions;
import cli.options.UserError;
import cli.options.Version;
import cli.readings.FirstDevices;
import cli.readings.Telemetry;
import cli.readings.TelemetryOptions;
import energy.DescribeResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes readings to a file. */
@Command(name = "record", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        customSynopsis = "energy-monitor record [OPTION...] FILE",
        header = "Writes readings to a file.",
        description = {"", "Writes every reading to a file, or to stdout, until Ctrl-C: CSV or Parquet with a row for "
                + "each device and one for the total, or JSON Lines with an object for each reading. With several "
                + "targets they go into one file, in the order of their timestamps, with the host in a column of its "
                + "own. What was written can be read even if the recording is killed."},
        optionListHeading = "%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:its time is over, or nobody reads stdout any more", "1:nothing could be recorded, or the file not be written",
            "2:the command line was wrong", "143, 130:it ended on SIGTERM or Ctrl-C; the file is whole"},
        footerHeading = "%nExamples:%n",
        footer = {"  energy-monitor record power.csv", "  energy-monitor record --duration 1h power.jsonl.gz",
            "  energy-monitor record - | jq '.total.power_watts // empty'",
            "  energy-monitor record --target a:50053 --target b:50053 both.parquet"})
public final class RecordCommand implements Callable<Integer> {

    private static final long INTERVAL_MILLIS = 50;
    private static final long PAUSE_MILLIS = 1000;
    private static final long STDOUT_PAUSE_MILLIS = 20;
    private static final long CLOSE_TIMEOUT_SECONDS = 10;

    /** What can be written to stdout. */
    private enum TextFormat {
        CSV(RecordFile.Format.CSV), JSONL(RecordFile.Format.JSON_LINES);

        private final RecordFile.Format format;

        TextFormat(RecordFile.Format format) {
            this.format = format;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(arity = "1", paramLabel = "FILE",
            description = "Ends with .csv, .jsonl (each also with .gz) or .parquet; - is stdout")
    private Path file;

    @Option(names = "--format", paramLabel = "FORMAT",
            description = "What to write to stdout: ${COMPLETION-CANDIDATES}. Default: jsonl")
    private TextFormat format;

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
        check();
        if (!isStdout()) {
            options.requireOther(file);
            RecordFile.requireCreatable(file, force);
        }
        Logging.configure(Logging.Threshold.ERROR, System.err);
        List<Telemetry> telemetries = options.openAll(INTERVAL_MILLIS);
        try {
            requireDevices(telemetries);
            List<String> hosts = hosts(telemetries);
            RecordFile target = isStdout()
                    ? RecordFile.stdout(format == null ? RecordFile.Format.JSON_LINES : format.format, hosts.size() > 1)
                    : RecordFile.create(file, force, hosts.size() > 1);
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

    /** One machine with devices is enough: others may have theirs later. */
    private static void requireDevices(List<Telemetry> telemetries) throws UserError, InterruptedException {
        DescribeResponse described = null;
        for (Telemetry telemetry : telemetries) {
            described = telemetry.describe();
            if (described.getDevicesCount() > 0) {
                return;
            }
        }
        for (Telemetry telemetry : telemetries) {
            described = FirstDevices.await(telemetry);
            if (described.getDevicesCount() > 0) {
                return;
            }
        }
        FirstDevices.require(described);
    }

    private void check() {
        if (isStdout()) {
            if (force) {
                throw new ParameterException(spec.commandLine(), "--force replaces a file: leave it out for stdout");
            }
        } else if (RecordFile.Format.of(file).isEmpty()) {
            throw SensorOptions.usage(spec, "FILE", file.toString(),
                    "end it with .csv, .jsonl, .csv.gz, .jsonl.gz or .parquet");
        } else if (format != null) {
            throw new ParameterException(spec.commandLine(),
                    "--format is for stdout: the ending of a file's name chooses its format");
        }
    }

    private boolean isStdout() {
        return file.toString().equals("-");
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
        Progress progress = isStdout() ? null : new Progress(spec.commandLine().getErr(), file);
        Recording recording = new Recording(target, hosts.size() > 1);
        List<RecordSource> sources = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            sources.add(new RecordSource(telemetries.get(i), hosts.get(i), recording, options.intervalMillis(),
                    this::tell));
        }
        try {
            long left = endNanos;
            while (left > 0 && ending.getCount() > 0) {
                sources.forEach(RecordSource::listen);
                long pauseMillis = isStdout() ? STDOUT_PAUSE_MILLIS : PAUSE_MILLIS;
                ending.await(Math.min(pauseMillis, TimeUnit.NANOSECONDS.toMillis(left) + 1), TimeUnit.MILLISECONDS);
                recording.flush();
                left = endNanos - (System.nanoTime() - begin);
                show(progress, recording, true);
            }
            recording.close(); // with several monitors, many readings have waited for the others until now
            show(progress, recording, false);
        } catch (LineFile.StdoutClosedException e) {
            Logger.getLogger(RecordCommand.class.getName()).log(Level.FINE, "nobody reads any more", e);
        } catch (IOException e) {
            throw new UserError(e.getMessage());
        }
    }

    private static void show(Progress progress, Recording recording, boolean more) throws IOException {
        if (progress != null) {
            progress.show(recording.readings(), more);
        }
    }

    private void tell(String message) {
        spec.commandLine().getErr().println("energy-monitor: " + Printable.of(message));
        spec.commandLine().getErr().flush();
    }

    /** On a signal: lets the recording end, and waits for that. */
    private void endInTime() {
        ending.countDown();
        try {
            closed.await(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
