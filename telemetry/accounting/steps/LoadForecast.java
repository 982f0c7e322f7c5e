package telemetry.accounting.steps;

/**
 * What the load will be in the step to come, by what it was in the steps before: as much like the last step as steps
 * have lately been like the ones before them, and for the rest like the mean.
 */
public final class LoadForecast {

    private static final double MEMORY = 0.97;
    private static final int MIN_STEPS = 4;

    private int steps;
    private double weight;
    private double sum;
    private double last;
    private double squares;
    private double products;

    /** Takes in the mean power of a step. */
    public void step(double watts) {
        double meanBefore = mean();
        sum = MEMORY * sum + watts;
        weight = MEMORY * weight + 1;
        if (steps > 0) {
            squares = MEMORY * squares + (last - meanBefore) * (last - meanBefore);
            products = MEMORY * products + (last - meanBefore) * (watts - meanBefore);
        }
        last = watts;
        steps++;
    }

    /** Watts to be expected from the last step on. */
    public double watts() {
        if (steps < MIN_STEPS || squares <= 0) {
            return last;
        }
        double likeness = Math.max(0, Math.min(1, products / squares));
        return mean() + likeness * (last - mean());
    }

    private double mean() {
        return weight > 0 ? sum / weight : 0;
    }
}
