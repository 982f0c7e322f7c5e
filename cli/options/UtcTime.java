package cli.options;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Moments of Unix time as people read them, to the millisecond. */
public final class UtcTime {

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final DateTimeFormatter ISO = formatter("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'");
    private static final DateTimeFormatter SPREADSHEET = formatter("uuuu-MM-dd HH:mm:ss.SSS");

    private UtcTime() {
    }

    /** As ISO 8601 has it. */
    public static String iso(long unixNanos) {
        return ISO.format(instant(unixNanos));
    }

    /** As spreadsheets recognize a date. */
    public static String spreadsheet(long unixNanos) {
        return SPREADSHEET.format(instant(unixNanos));
    }

    private static Instant instant(long unixNanos) {
        return Instant.ofEpochSecond(Math.floorDiv(unixNanos, NANOS_PER_SECOND),
                Math.floorMod(unixNanos, NANOS_PER_SECOND));
    }

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }
}
