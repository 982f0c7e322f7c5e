package cli.measure;

import java.util.Optional;

/**
 * A command's figure as a multiple of the first command's.
 *
 * @param deviation the ratio's standard deviation: from how both vary over their runs, and how exactly each was measured
 */
record Comparison(double ratio, double deviation) {

    /** A range that holds 95 of 100 values is so many standard deviations wide to either side. */
    private static final double DEVIATIONS_OF_95_PERCENT = 1.96;

    /** Half-width of what holds 95 of 100 such ratios, as every other figure has it for people. */
    double uncertainty() {
        return DEVIATIONS_OF_95_PERCENT * deviation;
    }

    /** Compares a figure of two commands; empty when one of them is not known, or of runs that failed. */
    static Optional<Comparison> of(Results results, int command, String key) {
        if (!results.hasSucceeded(0) || !results.hasSucceeded(command)) {
            return Optional.empty();
        }
        Optional<Figure> first = Summary.of(results, 0, key);
        Optional<Figure> other = Summary.of(results, command, key);
        if (first.isEmpty() || other.isEmpty() || first.get().mean().best() <= 0) {
            return Optional.empty();
        }
        double ratio = other.get().mean().best() / first.get().mean().best();
        return Optional.of(new Comparison(ratio,
                Math.abs(ratio) * Math.hypot(relativeDeviation(first.get()), relativeDeviation(other.get()))));
    }

    private static double relativeDeviation(Figure figure) {
        Figure.Value mean = figure.mean();
        double measuring = mean.uncertainty() / DEVIATIONS_OF_95_PERCENT;
        return mean.best() == 0 ? 0 : Math.hypot(figure.spread().deviation(), measuring) / Math.abs(mean.best());
    }
}
