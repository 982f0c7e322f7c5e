package cli.options;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;

/** Sends the log to stderr, one line per message; stack traces only at debug. */
public final class Logging {

    /** How much is logged: messages of this severity and above. */
    public enum Threshold {
        OFF(Level.OFF), ERROR(Level.SEVERE), WARN(Level.WARNING), INFO(Level.INFO), DEBUG(Level.FINE);

        private final Level level;

        Threshold(Level level) {
            this.level = level;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Libraries whose debug messages would bury ours. Held here, because the JDK forgets loggers nobody refers to. */
    private static final List<Logger> LIBRARIES = Stream.of("com.sun.jna", "io.grpc", "io.netty", "org.jline")
            .map(Logger::getLogger).toList();

    /** Netty tells so of every client that leaves while readings wait for it: that is no trouble of the monitor's. */
    private static final Logger STREAMS = Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler");
    private static final String CLIENT_HAS_LEFT = "Stream Error";

    private Logging() {
    }

    /** For commands that report in their own way. */
    public static void off() {
        configure(Threshold.OFF, System.err);
    }

    /** Loads what the first line needs, time zones among it. */
    public static void load() {
        LineHandler.TIME.format(OffsetDateTime.now());
        Printable.of("");
    }

    public static void configure(Threshold threshold, PrintStream target) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(threshold.level);
        root.addHandler(new LineHandler(target, threshold == Threshold.DEBUG));
        STREAMS.setFilter(entry -> threshold == Threshold.DEBUG || !CLIENT_HAS_LEFT.equals(entry.getMessage()));
        if (threshold == Threshold.DEBUG) {
            LIBRARIES.forEach(library -> library.setLevel(Level.INFO));
        }
    }

    private static final class LineHandler extends Handler {

        private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX");

        private final PrintStream target;
        private final boolean withTraces;

        LineHandler(PrintStream target, boolean withTraces) {
            this.target = target;
            this.withTraces = withTraces;
            setFormatter(new SimpleFormatter());
        }

        @Override
        public void publish(LogRecord entry) {
            if (!isLoggable(entry)) {
                return;
            }
            synchronized (target) {
                target.println(TIME.format(OffsetDateTime.now()) + " " + name(entry.getLevel()) + " "
                        + Printable.of(getFormatter().formatMessage(entry)));
                if (withTraces && entry.getThrown() != null) {
                    trace(entry.getThrown()).map(Printable::of).forEach(line -> target.println("\t" + line));
                }
            }
        }

        private static Stream<String> trace(Throwable thrown) {
            StringWriter text = new StringWriter();
            thrown.printStackTrace(new PrintWriter(text));
            return text.toString().lines().map(String::strip);
        }

        private static String name(Level level) {
            if (level.intValue() >= Level.SEVERE.intValue()) {
                return "ERROR";
            }
            if (level.intValue() >= Level.WARNING.intValue()) {
                return "WARN ";
            }
            return level.intValue() >= Level.INFO.intValue() ? "INFO " : "DEBUG";
        }

        @Override
        public void flush() {
            target.flush();
        }

        @Override
        public void close() {
            flush();
        }
    }
}
