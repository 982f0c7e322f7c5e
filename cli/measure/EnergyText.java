package cli.measure;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Measured values for people: with the digits that mean something, and no more. */
final class EnergyText {

    static final String UNAVAILABLE = "n/a";

    private static final int DIGITS = 4;
    /** An uncertainty's own digits: more would pretend that it were known exactly. */
    private static final int UNCERTAINTY_DIGITS = 2;
    private static final double JOULES_PER_WH = 3600;
    private static final double WH_PER_KWH = 1000;

    /** Beyond, nobody counts the zeros. */
    private static final double MAX_PLAIN = 1e15;

    private EnergyText() {
    }

    /** A number with four significant digits: 412.3, 0.0004123, 41230. */
    static String number(double value) {
        return decimal(value, scale(value, DIGITS));
    }

    /** How far values vary, with its unit: two digits, as of an uncertainty. */
    static String rough(double value, String unit) {
        return withUnit(decimal(value, scale(value, UNCERTAINTY_DIGITS)), unit);
    }

    /** A {@link #number} that is not negative, with its unit, or n/a for -1. */
    static String orUnavailable(double value, String unit) {
        return value < 0 ? UNAVAILABLE : withUnit(number(value), unit);
    }

    /** Such as {@code 412.3 J ± 4.1}: as many decimals as the uncertainty allows. */
    static String withUncertainty(double value, double uncertainty, String unit) {
        return withUncertainty(value, uncertainty, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, unit);
    }

    /** The same where the truth is not outside of two bounds: {@code 412.3 J +4.1 -2.0} where one of them is nearer. */
    static String withUncertainty(double value, double uncertainty, double least, double most, String unit) {
        double below = Math.max(0, Math.min(uncertainty, value - least));
        double above = Math.max(0, Math.min(uncertainty, most - value));
        double wider = Math.max(below, above);
        if (!(wider > 0)) {
            return withUnit(number(value), unit);
        }
        int scale = scale(wider, UNCERTAINTY_DIGITS);
        String up = decimal(above, scale);
        String down = decimal(below, scale);
        return withUnit(decimal(value, scale), unit) + (up.equals(down) ? " ± " + up : " +" + up + " -" + down);
    }

    /** Joules from one watt-hour up in watt-hours or kilowatt-hours; empty for less. */
    static String wattHours(double joules) {
        double wattHours = joules / JOULES_PER_WH;
        if (wattHours < 1) {
            return "";
        }
        return wattHours < WH_PER_KWH ? number(wattHours) + " Wh" : number(wattHours / WH_PER_KWH) + " kWh";
    }

    private static String withUnit(String number, String unit) {
        return unit.isEmpty() ? number : number + " " + unit;
    }

    /** Decimals that leave a value so many significant digits once it is rounded; negative to round before the point. */
    private static int scale(double value, int digits) {
        BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        return value == 0 ? 0 : digits - rounded.precision() + rounded.scale();
    }

    private static String decimal(double value, int scale) {
        if (Math.abs(value) >= MAX_PLAIN) {
            return String.format(Locale.ROOT, "%.3e", value);
        }
        BigDecimal rounded = BigDecimal.valueOf(value).setScale(scale, RoundingMode.HALF_EVEN);
        return (rounded.scale() < 0 ? rounded.setScale(0) : rounded).toPlainString();
    }
}
