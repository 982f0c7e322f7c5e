package figures;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collection;
import java.util.List;

/**
 * What several measurements of one thing gave, in the unit of the measurements.
 *
 * @param median the mean of the two in the middle when they are even in number
 */
public record Spread(double median, double least, double most) {

    private static final int DIGITS = 3;

    /** Of at least one measurement. */
    public static Spread of(Collection<Double> measurements) {
        List<Double> sorted = measurements.stream().sorted().toList();
        if (sorted.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        int half = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
    }

    /** {@code 1.23 (1.1 to 1.4)}; the median alone where all are alike. */
    @Override
    public String toString() {
        String alone = text(median);
        return text(least).equals(alone) && text(most).equals(alone) ? alone
                : alone + " (" + text(least) + " to " + text(most) + ")";
    }

    /** A number to three digits, or to the unit where it has more, without an exponent. */
    public static String text(double value) {
        if (!Double.isFinite(value)) {
            return "-";
        }
        if (value == 0 || Math.abs(value) >= Math.pow(10, DIGITS)) {
            return String.valueOf(Math.round(value));
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(DIGITS)).stripTrailingZeros();
        return rounded.toPlainString();
    }
}
