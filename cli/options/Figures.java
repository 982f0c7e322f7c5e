package cli.options;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import energy.DeviceReading;
import java.util.Locale;

/** Figures as reports show them: to people with the digits that count, to programs whole; never -1 for unavailable. */
public final class Figures {

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping()
            .create();

    private Figures() {
    }

    /** A number that is not negative with four digits, or n/a for -1. */
    public static String text(double value) {
        if (value < 0) {
            return "n/a";
        }
        int decimals = value >= 1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** The same with a unit, which n/a does without. */
    public static String text(double value, String unit) {
        return value < 0 ? text(value) : text(value) + " " + unit;
    }

    /** The same of a difference, which may be negative. */
    public static String signed(double value) {
        return value < 0 ? "-" + text(-value) : text(value);
    }

    /** The number, or null for -1. */
    public static Double orNull(double value) {
        return value < 0 ? null : value;
    }

    /** Where a device's joules come from: counter, integrated or unavailable. */
    public static String source(DeviceReading device) {
        return device.getEnergySource().name().replace("ENERGY_SOURCE_", "").toLowerCase(Locale.ROOT);
    }

    /** A report as JSON, on several lines. */
    public static String json(JsonObject report) {
        return GSON.toJson(report) + System.lineSeparator();
    }
}
