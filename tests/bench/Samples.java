package bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Figures of one kind, printed as their median, least and most. */
public final class Samples {

    private final List<Double> values = new ArrayList<>();

    /** Adds a figure. */
    public synchronized Samples add(double value) {
        values.add(value);
        return this;
    }

    /** The value that this share of the figures does not exceed. */
    public synchronized double quantile(double share) {
        Collections.sort(values);
        return values.get((int) Math.min(values.size() - 1, Math.floor(share * values.size())));
    }

    /** Prints a row of the table. */
    public synchronized void print(String what, String unit) {
        System.out.printf(Locale.ROOT, "%-52s %9.3f    %9.3f    %9.3f %s%n", what, quantile(0.5), quantile(0),
                quantile(1), unit);
    }
}
