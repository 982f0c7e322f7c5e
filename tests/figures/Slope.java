package figures;

/**
 * The line of least squares through figures that were taken one after another.
 *
 * @param perUnit   what it rises by in one unit of x
 * @param halfWidth half of the width of the range that holds the true slope in 95 of 100 cases; infinite for less than
 *                  three points. Neighbours that resemble each other count as fewer points than they are.
 */
public record Slope(double perUnit, double halfWidth) {

    private static final double Z = 1.96;

    /** The line through the points (x, y). */
    public static Slope of(double[] x, double[] y) {
        int n = x.length;
        double meanX = mean(x);
        double meanY = mean(y);
        double xx = 0;
        double xy = 0;
        for (int i = 0; i < n; i++) {
            xx += (x[i] - meanX) * (x[i] - meanX);
            xy += (x[i] - meanX) * (y[i] - meanY);
        }
        double slope = xx == 0 ? 0 : xy / xx;
        if (n < 3 || xx == 0) {
            return new Slope(slope, Double.POSITIVE_INFINITY);
        }
        double[] residuals = new double[n];
        for (int i = 0; i < n; i++) {
            residuals[i] = y[i] - meanY - slope * (x[i] - meanX);
        }
        double squares = 0;
        double neighbours = 0;
        for (int i = 0; i < n; i++) {
            squares += residuals[i] * residuals[i];
            neighbours += i == 0 ? 0 : residuals[i] * residuals[i - 1];
        }
        double likeness = squares == 0 ? 0 : Math.max(0, Math.min(0.95, neighbours / squares));
        double inflation = (1 + likeness) / (1 - likeness);
        int freedom = (int) Math.max(1, Math.floor(n / inflation) - 2);
        return new Slope(slope, student(freedom) * Math.sqrt(squares / (n - 2) * inflation / xx));
    }

    /** Whether the figures may as well not rise or fall at all. */
    public boolean isFlat() {
        return Math.abs(perUnit) <= halfWidth;
    }

    /** Student's t at 97.5 %, as Cornish and Fisher expand it; exact where there is one degree of freedom or two. */
    static double student(int freedom) {
        if (freedom == 1) {
            return 12.706;
        }
        if (freedom == 2) {
            return 4.303;
        }
        double v = freedom;
        return Z + (Math.pow(Z, 3) + Z) / (4 * v) + (5 * Math.pow(Z, 5) + 16 * Math.pow(Z, 3) + 3 * Z) / (96 * v * v)
                + (3 * Math.pow(Z, 7) + 19 * Math.pow(Z, 5) + 17 * Math.pow(Z, 3) - 15 * Z) / (384 * v * v * v);
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
