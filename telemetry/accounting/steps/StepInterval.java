package telemetry.accounting.steps;

/**
 * How often a counter steps when it may step more often than it is looked at: what counts is whether it had moved after
 * how long a time. Candidates for the time between steps are weighed against each other.
 */
public final class StepInterval {

    private static final int CANDIDATES = 40;
    private static final double SHORTEST_SECONDS = 0.004;
    private static final double RATIO = 1.12;
    /** Looks further apart than any counter's steps tell nothing. */
    private static final double MAX_LOOK_SECONDS = 0.35;
    /** Before so many close looks short steps are as likely as long ones. */
    private static final int MIN_INFORMED = 5;
    private static final double MEMORY = 0.998;
    /** Steps jitter: what should be impossible happens so often. */
    private static final double MIN_CHANCE = 0.03;

    private final double[] likelihood = new double[CANDIDATES];
    /** Of {@link #seconds}, until there is news; NaN when it has to be computed. */
    private double knownSeconds = Double.NaN;
    private int stills;
    private int informed;

    /** Takes in whether the counter had moved so long after the look before. */
    public void add(double seconds, boolean moved) {
        stills += moved ? 0 : 1;
        if (seconds <= 0 || seconds > MAX_LOOK_SECONDS) {
            return;
        }
        informed++;
        knownSeconds = Double.NaN;
        double step = SHORTEST_SECONDS;
        for (int i = 0; i < CANDIDATES; i++, step *= RATIO) {
            double chance = Math.min(1, seconds / step);
            likelihood[i] = MEMORY * likelihood[i] + Math.log(Math.max(MIN_CHANCE, moved ? chance : 1 - chance));
        }
    }

    /** The middle of the likely times between steps, in seconds. */
    public double seconds() {
        if (!Double.isNaN(knownSeconds)) {
            return knownSeconds;
        }
        double best = best();
        double weights = 0;
        double sum = 0;
        double step = SHORTEST_SECONDS;
        for (int i = 0; i < CANDIDATES; i++, step *= RATIO) {
            double weight = (informed < MIN_INFORMED ? 1 : step) * Math.exp(likelihood[i] - best);
            weights += weight;
            sum += weight * step;
        }
        knownSeconds = sum / weights;
        return knownSeconds;
    }

    /** Whether looks have come between two steps often enough to tell how far these are apart. */
    public boolean isKnown() {
        return stills >= 5;
    }

    private double best() {
        double best = likelihood[0];
        for (int i = 1; i < CANDIDATES; i++) {
            best = Math.max(best, likelihood[i]);
        }
        return best;
    }
}
