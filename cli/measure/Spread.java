package cli.measure;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * How a figure varies over runs.
 *
 * @param deviation the sample's standard deviation; 0 for a single run
 */
record Spread(double mean, double deviation, double least, double most) {

    /** The spread of at least one value. */
    static Spread of(List<Double> values) {
        double mean = stream(values).average().orElseThrow();
        double squares = stream(values).map(value -> (value - mean) * (value - mean)).sum();
        return new Spread(mean, values.size() < 2 ? 0 : Math.sqrt(squares / (values.size() - 1)),
                stream(values).min().orElseThrow(), stream(values).max().orElseThrow());
    }

    private static DoubleStream stream(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue);
    }
}
