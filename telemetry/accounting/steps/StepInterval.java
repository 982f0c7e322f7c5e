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
    private static final double UNKNOWN_SECONDS = 1e6;
    /** Before so many close looks short steps are as likely as long ones. */
    private static final int MIN_INFORMED = 5;
    private static final double MEMORY = 0.998;
    /** Steps jitter: what should be impossible happens so often. */
    private static final double MIN_CHANCE = 0.03;

    private static final double LOG_MIN_CHANCE = Math.log(MIN_CHANCE);
    /** Natural logarithm of how much less likely than the likeliest one a candidate does not count. */
    private static final double LOG_NEGLIGIBLE = -50;

    private static final double[] STEPS = new double[CANDIDATES];
    private static final double[] LOG_STEPS = new double[CANDIDATES];

    static {
        double step = SHORTEST_SECONDS;
        for (int i = 0; i < CANDIDATES; i++, step *= RATIO) {
            STEPS[i] = step;
            LOG_STEPS[i] = Math.log(step);
        }
    }

    private final double[] likelihood = new double[CANDIDATES];
    /** Of {@link #seconds} and {@link #mostSeconds}, until there is news; NaN when they have to be computed. */
    private double knownSeconds = Double.NaN;
    private double knownMostSeconds;
    private int stills;
    private int informed;
    /** Looks far apart between which the counter had not moved. */
    private int longStills;

    /** Takes in whether the counter had moved so long after the look before. */
    public void add(double seconds, boolean moved) {
        stills += moved ? 0 : 1;
        if (seconds <= 0 || seconds > MAX_LOOK_SECONDS) {
            if (!moved) {
                longStills++;
                knownSeconds = Double.NaN;
            }
            return;
        }
        informed++;
        knownSeconds = Double.NaN;
        double logSeconds = Math.log(seconds);
        for (int i = 0; i < CANDIDATES; i++) {
            double log = moved ? Math.max(LOG_MIN_CHANCE, Math.min(0, logSeconds - LOG_STEPS[i]))
                    : logOfStill(1 - seconds / STEPS[i]);
            likelihood[i] = MEMORY * likelihood[i] + log;
        }
    }

    private static double logOfStill(double chance) {
        return chance <= MIN_CHANCE ? LOG_MIN_CHANCE : Math.log(chance);
    }

    /** The middle of the likely times between steps, in seconds. */
    public double seconds() {
        if (!Double.isNaN(knownSeconds)) {
            return knownSeconds;
        }
        double best = best();
        double weights = 0;
        double sum = 0;
        for (int i = 0; i < CANDIDATES; i++) {
            double less = likelihood[i] - best;
            if (less > LOG_NEGLIGIBLE) {
                double weight = (informed < MIN_INFORMED ? 1 : STEPS[i]) * Math.exp(less);
                weights += weight;
                sum += weight * STEPS[i];
            }
        }
        knownSeconds = sum / weights;
        boolean slow = informed < MIN_INFORMED ? longStills > 0 : likelihood[CANDIDATES - 1] == best;
        knownMostSeconds = slow ? UNKNOWN_SECONDS : knownSeconds;
        return knownSeconds;
    }

    /** Whether looks have come between two steps often enough to tell how far these are apart. */
    public boolean isKnown() {
        return stills >= 5;
    }

    /** Whether that, and from looks close enough to tell. */
    public boolean isLearnt() {
        return isKnown() && informed >= MIN_INFORMED;
    }

    /** Steps are hardly further apart than so many seconds: days when they may be further apart than looks that tell it. */
    public double mostSeconds() {
        seconds();
        return knownMostSeconds;
    }

    private double best() {
        double best = likelihood[0];
        for (int i = 1; i < CANDIDATES; i++) {
            best = Math.max(best, likelihood[i]);
        }
        return best;
    }
}
