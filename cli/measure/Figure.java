package cli.measure;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A figure of a command's runs, such as joules per token.
 *
 * @param key    its name in JSON
 * @param label  its name for people
 * @param unit   the values' unit for people; empty when they have none
 * @param values that of every run
 */
record Figure(String key, String label, String unit, List<Value> values) {

    /**
     * The figure of one run.
     *
     * @param uncertainty half-width of the range around it that holds the truth in 95 of 100 cases
     * @param least       the truth is not lower
     * @param most        the truth is not higher
     */
    record Value(double best, double uncertainty, double least, double most) {

        /** A value that is known exactly. */
        static Value exact(double value) {
            return new Value(value, 0, value, value);
        }

        Value times(double factor) {
            return new Value(best * factor, uncertainty * factor, least * factor, most * factor);
        }

        /** What is above another value, the same in every run; the same sensors made both, so that their errors add. */
        Value above(Value other) {
            return new Value(best - other.best, uncertainty + other.uncertainty, least - other.most, most - other.least);
        }
    }

    /** How the best values vary. */
    Spread spread() {
        return Spread.of(values.stream().map(Value::best).toList());
    }

    /**
     * The mean over the runs. It is no better known than one of them: the same sensors err alike in runs of the same
     * command, which begin and end alike, so that no number of runs averages their errors away.
     */
    Value mean() {
        return new Value(mean(Value::best), mean(Value::uncertainty), mean(Value::least), mean(Value::most));
    }

    private double mean(ToDoubleFunction<Value> part) {
        return values.stream().mapToDouble(part).average().orElseThrow();
    }
}
