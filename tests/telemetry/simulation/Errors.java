package telemetry.simulation;

import java.util.Arrays;
import telemetry.accounting.EnergyInterval;

/** Errors of many intervals of one length, relative to the mean truth. */
public final class Errors {

    private double[] errors = new double[256];
    private int count;
    private double truths;
    private int refused;
    private int covered;
    private double uncertainties;
    private int bounded;

    public void add(double value, double truth) {
        if (count == errors.length) {
            errors = Arrays.copyOf(errors, 2 * count);
        }
        errors[count++] = value - truth;
        truths += truth;
    }

    public void add(EnergyInterval interval, double truth) {
        if (!interval.isValid()) {
            refused++;
            return;
        }
        add(interval.joules(), truth);
        uncertainties += interval.uncertaintyJoules();
        double tolerance = 1e-6 * truth + 0.002; // the counter's own resolution
        covered += Math.abs(interval.joules() - truth) <= interval.uncertaintyJoules() + tolerance ? 1 : 0;
        bounded += truth >= interval.leastJoules() - tolerance && truth <= interval.mostJoules() + tolerance ? 1 : 0;
    }

    private double mean() {
        return truths / Math.max(1, count);
    }

    public int count() {
        return count;
    }

    /** The part of intervals for which nothing was told. */
    public double refused() {
        return refused / Math.max(1.0, refused + count);
    }

    public double bias() {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += errors[i];
        }
        return sum / Math.max(1, count) / mean();
    }

    public double rms() {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += errors[i] * errors[i];
        }
        return Math.sqrt(sum / Math.max(1, count)) / mean();
    }

    /** 95 of 100 errors are not larger. */
    public double p95() {
        double[] sorted = Arrays.stream(errors, 0, count).map(Math::abs).sorted().toArray();
        return count == 0 ? Double.NaN : sorted[Math.min(count - 1, (int) (0.95 * count))] / mean();
    }

    /** The mean of the uncertainties. */
    public double uncertainty() {
        return uncertainties / Math.max(1, count) / mean();
    }

    /** The part of truths that lay within the uncertainty. */
    public double covered() {
        return covered / Math.max(1.0, count);
    }

    /** The part of truths that lay between least and most. */
    public double bounded() {
        return bounded / Math.max(1.0, count);
    }
}
