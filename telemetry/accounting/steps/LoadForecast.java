package telemetry.accounting.steps;

/**
 * What the load will be in the step to come, by what it was in the steps before. Two guesses are made: that it stays as
 * it was in the last step, and that it has switched to a level at which it was before, if the last step lies between
 * two. Each is trusted as far as it has lately been right, for the rest the mean counts; the better one is taken.
 */
public final class LoadForecast {

    private static final double MEMORY = 0.97;
    private static final int MIN_STEPS = 4;
    private static final int LEVELS = 6;
    /** Two steps that differ by less, as a part of the range of the load, were at one level. */
    private static final double SAME_LEVEL = 0.1;

    private final Guess staying = new Guess();
    private final Guess switched = new Guess();
    private final double[] levels = new double[LEVELS];
    private int levelCount;
    private int steps;
    private double weight;
    private double sum;
    private double squares;
    private double last;
    private double level;

    /** How well a guess foresaw the steps. */
    private static final class Guess {

        private double squares;
        private double products;
        private double errors;

        void judge(double guess, double watts, double mean) {
            double error = watts - trusted(guess, mean);
            errors = MEMORY * errors + error * error;
            squares = MEMORY * squares + (guess - mean) * (guess - mean);
            products = MEMORY * products + (guess - mean) * (watts - mean);
        }

        double trusted(double guess, double mean) {
            double likeness = squares > 0 ? Math.max(0, Math.min(1, products / squares)) : 1;
            return mean + likeness * (guess - mean);
        }
    }

    /** Takes in the mean power of a step. */
    public void step(double watts) {
        double mean = mean();
        if (steps > 0) {
            staying.judge(last, watts, mean);
            switched.judge(level, watts, mean);
        }
        squares = MEMORY * squares + (watts - mean) * (watts - mean);
        sum = MEMORY * sum + watts;
        weight = MEMORY * weight + 1;
        double same = SAME_LEVEL * 2 * Math.sqrt(squares / weight);
        boolean isLevel = steps > 0 && Math.abs(watts - last) < same;
        if (isLevel) {
            levels[levelCount++ % LEVELS] = watts;
        }
        level = steps == 0 || isLevel ? watts : levelBeyond(watts, watts > last, same);
        last = watts;
        steps++;
    }

    /** The nearest of the latest levels in that direction; the power itself when there is none. */
    private double levelBeyond(double watts, boolean up, double same) {
        double nearest = watts;
        for (int i = 0; i < Math.min(levelCount, LEVELS); i++) {
            boolean beyond = up ? levels[i] > watts - same : levels[i] < watts + same;
            if (beyond && (nearest == watts || Math.abs(levels[i] - watts) < Math.abs(nearest - watts))) {
                nearest = levels[i];
            }
        }
        return nearest;
    }

    /** Watts to be expected from the last step on. */
    public double watts() {
        if (steps < MIN_STEPS) {
            return last;
        }
        return switched.errors < staying.errors ? switched.trusted(level, mean()) : staying.trusted(last, mean());
    }

    private double mean() {
        return weight > 0 ? sum / weight : 0;
    }
}
