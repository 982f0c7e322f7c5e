package cli.options;

import java.io.PrintStream;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Sends what is logged to stderr, a line each; stack traces only at debug. */
public final class Logging {

    private Logging() {
    }

    public static void configure(LogLevel level, PrintStream target) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(level.level);
        root.addHandler(new LineHandler(target, level == LogLevel.DEBUG));
    }

    private static final class LineHandler extends Handler {

        private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS");

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
                target.println(TIME.format(LocalDateTime.now()) + " " + name(entry.getLevel()) + " "
                        + getFormatter().formatMessage(entry));
                if (withTraces && entry.getThrown() != null) {
                    entry.getThrown().printStackTrace(target);
                }
            }
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
