package cli.watch;

import cli.options.DurationConverter;
import cli.options.Logging;
import cli.options.UserError;
import cli.options.Version;
import cli.readings.FirstDevices;
import cli.readings.Telemetry;
import cli.readings.TelemetryOptions;
import energy.TelemetryReading;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows power as it changes. */
@Command(name = "watch", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        customSynopsis = "energy-monitor watch [OPTION...]",
        header = "Shows power as it changes.",
        description = {"", "Shows the power of each device and of all together, with their last two minutes, joules, "
                + "utilization, temperatures and memory. Keys: q ends, space freezes, s sorts, r counts joules from "
                + "now on, ? helps. Without a terminal it prints a line each second."},
        optionListHeading = "%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:ended with q, or --duration is over", "1:nothing is measured; the reason is on stderr",
            "2:the command line was wrong", "143, 130:it ended on SIGTERM or Ctrl-C"},
        footerHeading = "%nExamples:%n",
        footer = {"  energy-monitor watch", "  energy-monitor watch --target gpu-server:50053 --duration 1m",
            "  energy-monitor watch --plain | grep total"})
public final class WatchCommand implements Callable<Integer>, Telemetry.Listener {

    private static final long INTERVAL_MILLIS = 100;
    private static final long REFRESH_MILLIS = 250;
    private static final long LINE_MILLIS = 1000;
    private static final long FIRST_READING_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** When to use colours. */
    enum Colour {
        AUTO, ALWAYS, NEVER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(names = "--duration", paramLabel = "TIME", converter = DurationConverter.class,
            description = "End after this time, such as 30s or 5m")
    private Duration duration;

    @Option(names = "--plain", description = "Print lines on a terminal, too")
    private boolean plain;

    @Option(names = "--color", paramLabel = "WHEN",
            description = "Use colours: ${COMPLETION-CANDIDATES}. auto heeds NO_COLOR. Default: auto")
    private Colour colour;

    @Mixin
    private TelemetryOptions options;

    @Spec
    private CommandSpec spec;

    private final WatchModel model = new WatchModel();
    private String lost;
    private long lostNanos;

    @Override
    public Integer call() throws UserError, InterruptedException, IOException {
        if (plain && colour != null) {
            throw new ParameterException(spec.commandLine(), "--color has no effect with --plain: leave one out");
        }
        Logging.off();
        try (Telemetry telemetry = options.open(INTERVAL_MILLIS)) {
            FirstDevices.require(FirstDevices.await(telemetry));
            telemetry.stream(options.intervalMillis(), this);
            try (Terminal terminal = terminal()) {
                if (terminal == null && colour == Colour.ALWAYS) {
                    throw new ParameterException(spec.commandLine(), "--color always has no effect without a terminal "
                            + "that can be drawn on: leave it out");
                }
                if (terminal == null) {
                    printLines(telemetry);
                } else {
                    show(terminal, telemetry);
                }
            }
        }
        return 0;
    }

    @Override
    public synchronized void take(TelemetryReading reading, long nanoTime) {
        lost = null;
        model.add(reading, nanoTime);
        notifyAll();
    }

    @Override
    public synchronized void lost(String reason) {
        lost = reason;
        lostNanos = System.nanoTime();
        notifyAll();
    }

    private void printLines(Telemetry telemetry) throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        awaitFirstReading();
        long endNanos = endNanos();
        TelemetryReading printed = null;
        String reported = null;
        while (System.nanoTime() < endNanos && !out.checkError()) {
            TimeUnit.MILLISECONDS.sleep(Math.min(LINE_MILLIS, millisUntil(endNanos)));
            TelemetryReading reading;
            String trouble;
            synchronized (this) {
                reading = model.latest();
                trouble = lost;
            }
            if (reading != null && reading != printed) {
                out.println(Instant.ofEpochSecond(0, reading.getTimestampNanos()).truncatedTo(ChronoUnit.MILLIS) + " "
                        + WatchScreen.plainLine(reading));
                printed = reading;
            }
            if (trouble != null && !trouble.equals(reported)) {
                spec.commandLine().getErr().println("energy-monitor: " + trouble + "; trying again");
            }
            reported = trouble;
            tryAgain(telemetry);
        }
    }

    /** A short {@code --duration} is not to end before there is anything to show. */
    private synchronized void awaitFirstReading() throws InterruptedException {
        long deadline = System.nanoTime() + FIRST_READING_NANOS;
        while (model.latest() == null && lost == null && System.nanoTime() < deadline) {
            wait(Math.max(1, millisUntil(deadline)));
        }
    }

    private long endNanos() {
        return duration == null ? Long.MAX_VALUE : System.nanoTime() + duration.toNanos();
    }

    /** The terminal, or null when input or output is none, or when it cannot be drawn on. */
    private Terminal terminal() throws IOException {
        if (plain) {
            return null;
        }
        Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).encoding(StandardCharsets.UTF_8)
                .systemOutput(TerminalBuilder.SystemOutput.SysOut).build();
        if (terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
            terminal.close();
            return null;
        }
        return terminal;
    }

    /** NO_COLOR: see https://no-color.org. */
    static boolean isColoured(Colour colour, String noColor) {
        return colour == Colour.ALWAYS || colour != Colour.NEVER && (noColor == null || noColor.isEmpty());
    }

    private void show(Terminal terminal, Telemetry telemetry) throws IOException {
        WatchKeys keys = new WatchKeys();
        WatchScreen screen = new WatchScreen(isColoured(colour, System.getenv("NO_COLOR")), keys);
        WatchModel frozen = null;
        long endNanos = endNanos();
        try (LiveView view = new LiveView(terminal)) {
            while (System.nanoTime() < endNanos && !keys.isEnded()) {
                synchronized (this) {
                    if (keys.takeReset()) {
                        model.resetJoules();
                        frozen = null;
                    }
                    if (keys.isFrozen()) {
                        frozen = frozen == null ? model.copy() : frozen;
                    } else {
                        frozen = null;
                    }
                    view.draw(screen.lines(frozen == null ? model : frozen, view.width(), view.height(),
                            lost == null ? null : lost + "; trying again"));
                }
                tryAgain(telemetry);
                int key = view.key(Math.max(1, Math.min(REFRESH_MILLIS, millisUntil(endNanos))));
                if (LiveView.isEnd(key)) {
                    return;
                }
                keys.press(key);
            }
        }
    }

    private void tryAgain(Telemetry telemetry) {
        synchronized (this) {
            if (lost == null || System.nanoTime() - lostNanos < RETRY_NANOS) {
                return;
            }
            lostNanos = System.nanoTime();
        }
        telemetry.stream(options.intervalMillis(), this);
    }

    private static long millisUntil(long endNanos) {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime()));
    }
}
