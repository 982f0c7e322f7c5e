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

    /** Prints a row of the table. */
    public synchronized void print(String what, String unit) {
        Collections.sort(values);
        System.out.printf(Locale.ROOT, "%-48s %9.3f    %9.3f    %9.3f %s%n", what, values.get(values.size() / 2),
                values.get(0), values.get(values.size() - 1), unit);
    }
}
