package cli;

import java.util.Locale;

/** Numbers as people read them: four digits that count, and n/a for what is unavailable. */
final class Figures {

    private Figures() {
    }

    /** A number that is not negative, or n/a for -1. */
    static String text(double value) {
        if (value < 0) {
            return "n/a";
        }
        int decimals = value >= 1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** The same with a unit, which n/a does without. */
    static String text(double value, String unit) {
        return value < 0 ? text(value) : text(value) + " " + unit;
    }
}
