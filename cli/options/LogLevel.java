package cli.options;

import java.util.Locale;
import java.util.logging.Level;

/** How much is logged: the named level and what is graver. */
public enum LogLevel {
    OFF(Level.OFF), ERROR(Level.SEVERE), WARN(Level.WARNING), INFO(Level.INFO), DEBUG(Level.FINE);

    final Level level;

    LogLevel(Level level) {
        this.level = level;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
