package telemetry.sampling;

import java.util.regex.Pattern;

/** Texts of drivers, files and libraries on their way into the log. */
final class LogText {

    /** Control and format characters: they begin new lines, colour terminals, and turn the writing's direction. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]+");

    private LogText() {
    }

    /** The text on one line, without what a terminal would obey. */
    static String printable(String text) {
        return UNPRINTABLE.matcher(text).replaceAll("?");
    }
}
