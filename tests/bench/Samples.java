package bench;

import figures.Spread;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

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

    /** The median, the least and the most. */
    public synchronized Spread spread() {
        return Spread.of(values);
    }

    /** Prints the head of the table that {@link #print} goes on with. */
    public static void printHead() {
        System.out.println("| what | median (least to most) |");
        System.out.println("| --- | --- |");
    }

    /** Prints a row of the table. */
    public void print(String what, String unit) {
        System.out.println("| " + what + (unit.isEmpty() ? "" : ", " + unit) + " | " + spread() + " |");
    }
}
