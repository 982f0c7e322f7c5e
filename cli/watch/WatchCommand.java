package cli.watch;

import cli.options.DurationConverter;
import cli.options.Logging;
import cli.options.UserError;
import cli.options.Version;
import cli.readings.Telemetry;
import cli.readings.TelemetryOptions;
import energy.TelemetryReading;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.NonBlockingReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows power as it changes. */
@Command(name = "watch", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        customSynopsis = "energy-monitor watch [OPTION...]",
        header = "Shows power as it changes.",
        description = {"", "Shows what is drawn now, per device and in total, with the last minute, joules, "
                + "temperatures and memory. On a terminal q or Ctrl-C ends it; elsewhere it prints a line each "
                + "second."},
        optionListHeading = "%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:it was ended with q, or its time is over", "1:there is nothing to show",
            "2:the command line was wrong", "143, 130:it ended on SIGTERM or Ctrl-C"},
        footerHeading = "%nExamples:%n",
        footer = {"  energy-monitor watch", "  energy-monitor watch --target gpu-server:50053 --duration 1m"})
public final class WatchCommand implements Callable<Integer>, Telemetry.Listener {

    private static final long INTERVAL_MILLIS = 100;
    private static final long REFRESH_MILLIS = 250;
    private static final long LINE_MILLIS = 1000;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int LEAST_WIDTH = 40;
    private static final int EXIT_ON_CTRL_C = 130;

    // What terminals since the VT100 understand.
    private static final String OTHER_SCREEN = "\u001b[?1049h\u001b[?25l";
    private static final String MAIN_SCREEN = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";

    @Option(names = "--duration", paramLabel = "TIME", converter = DurationConverter.class,
            description = "End after so long, such as 30s or 5m")
    private Duration duration;

    @Option(names = "--plain", description = "Print lines on a terminal, too")
    private boolean plain;

    @Mixin
    private TelemetryOptions options;

    @Spec
    private CommandSpec spec;

    private final WatchScreen screen = new WatchScreen();
    private TelemetryReading latest;
    private String lost;
    private long lostNanos;
    private boolean ended;
    private volatile Size size;

    @Override
    public Integer call() throws UserError, InterruptedException, IOException {
        Logging.off();
        long endNanos = duration == null ? Long.MAX_VALUE : System.nanoTime() + duration.toNanos();
        try (Telemetry telemetry = options.open(INTERVAL_MILLIS)) {
            telemetry.describe(); // ends here where there is no monitor
            telemetry.stream(options.intervalMillis(), this);
            try (Terminal terminal = terminal()) {
                if (terminal == null) {
                    printLines(telemetry, endNanos);
                } else {
                    show(terminal, telemetry, endNanos);
                }
            }
        }
        return 0;
    }

    @Override
    public synchronized void take(TelemetryReading reading, long nanoTime) {
        latest = reading;
        lost = null;
        screen.add(reading, nanoTime);
    }

    @Override
    public synchronized void lost(String reason) {
        lost = reason;
        lostNanos = System.nanoTime();
    }

    private void printLines(Telemetry telemetry, long endNanos) throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        TelemetryReading printed = null;
        String told = null;
        while (System.nanoTime() < endNanos && !out.checkError()) {
            TimeUnit.MILLISECONDS.sleep(Math.min(LINE_MILLIS, left(endNanos)));
            TelemetryReading reading;
            String trouble;
            synchronized (this) {
                reading = latest;
                trouble = lost;
            }
            if (reading != null && reading != printed) {
                out.println(Instant.ofEpochSecond(0, reading.getTimestampNanos()).truncatedTo(ChronoUnit.MILLIS) + " "
                        + WatchScreen.plainLine(reading));
                printed = reading;
            }
            if (trouble != null && !trouble.equals(told)) {
                spec.commandLine().getErr().println("energy-monitor: " + trouble + "; trying again");
            }
            told = trouble;
            tryAgain(telemetry);
        }
    }

    /** The terminal that is read from and written to, or null when one of both is none, or cannot be drawn on. */
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

    private void show(Terminal terminal, Telemetry telemetry, long endNanos) throws IOException {
        // JLine takes the signals over. To ask for the size, it may have to start a program: only when it changed.
        terminal.handle(Terminal.Signal.INT, signal -> System.exit(EXIT_ON_CTRL_C));
        terminal.handle(Terminal.Signal.WINCH, signal -> size = null);
        terminal.enterRawMode();
        terminal.writer().print(OTHER_SCREEN);
        Thread restore = new Thread(this::restore, "restore-terminal");
        Runtime.getRuntime().addShutdownHook(restore);
        NonBlockingReader keys = terminal.reader();
        int key = NonBlockingReader.READ_EXPIRED;
        while (System.nanoTime() < endNanos && key != 'q' && key != NonBlockingReader.EOF) {
            draw(terminal);
            tryAgain(telemetry);
            key = keys.read(Math.max(1, Math.min(REFRESH_MILLIS, left(endNanos))));
        }
        Runtime.getRuntime().removeShutdownHook(restore);
        restore();
    }

    /** A signal comes at any moment, and JLine may have closed its own writer by then. */
    private synchronized void restore() {
        ended = true;
        System.out.print(MAIN_SCREEN);
        System.out.flush();
    }

    private synchronized void draw(Terminal terminal) {
        if (ended) {
            return;
        }
        Size known = size;
        if (known == null) {
            known = terminal.getSize();
            size = known;
        }
        List<String> lines = screen.lines(Math.max(LEAST_WIDTH, known.getColumns()), known.getRows(),
                lost != null ? lost + "; trying again" : "q ends");
        StringBuilder picture = new StringBuilder(HOME);
        for (int i = 0; i < lines.size(); i++) {
            picture.append(i == 0 ? "" : "\r\n").append(lines.get(i)).append(CLEAR_LINE);
        }
        terminal.writer().print(picture.append(CLEAR_BELOW));
        terminal.flush();
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

    private static long left(long endNanos) {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime()));
    }
}
