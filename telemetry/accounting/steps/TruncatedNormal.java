package telemetry.accounting.steps;

/** A normal distribution of which only the part between two bounds is possible; reused, to allocate nothing. */
final class TruncatedNormal {

    private static final double MIN_MASS = 1e-6;
    private static final double SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

    private double mean;
    private double variance;
    private double mass;

    /** Cuts a normal distribution to the part between low and high. */
    void cut(double normalMean, double normalVariance, double low, double high) {
        double deviation = Math.sqrt(normalVariance);
        double alpha = (low - normalMean) / deviation;
        double beta = (high - normalMean) / deviation;
        double densityLow = density(alpha);
        double densityHigh = density(beta);
        mass = cumulative(beta, densityHigh) - cumulative(alpha, densityLow);
        if (mass < MIN_MASS || deviation <= 0) {
            mean = Math.max(low, Math.min(high, normalMean));
            variance = (high - low) * (high - low) / 12;
            return;
        }
        double shift = (densityLow - densityHigh) / mass;
        double edges = (finite(alpha) * densityLow - finite(beta) * densityHigh) / mass;
        mean = Math.max(low, Math.min(high, normalMean + deviation * shift));
        variance = Math.max(1e-12 * normalVariance, normalVariance * (1 + edges - shift * shift));
    }

    double mean() {
        return mean;
    }

    double variance() {
        return variance;
    }

    /** The probability of the possible part before the cut; below a millionth the cut said nothing. */
    double mass() {
        return mass;
    }

    boolean isSurprising() {
        return mass < MIN_MASS;
    }

    private static double finite(double x) {
        return Math.max(-40, Math.min(40, x));
    }

    private static double density(double x) {
        return Math.exp(-x * x / 2) / SQRT_TWO_PI;
    }

    /** Abramowitz and Stegun 26.2.17: off by 7.5e-8 at most. */
    private static double cumulative(double x, double densityAtX) {
        double t = 1 / (1 + 0.2316419 * Math.abs(x));
        double tail = densityAtX * t * (0.319381530 + t * (-0.356563782
                + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return x >= 0 ? 1 - tail : tail;
    }
}
