package telemetry.accounting.steps;

/**
 * When a counter steps. Drivers update their counters at a rhythm, with some jitter; a look tells only that a step came
 * since the look before. From many such brackets the rhythm follows, and with it when each step came.
 *
 * <p>Several rhythms are followed at once, from a steady one with jitter around its beat to one whose beat wanders;
 * the one that foresaw the latest brackets best is believed, if it did better than chance.
 */
public final class StepRhythm {

    /** Deviation of a beat from one period after the beat before, and of a step from its beat, in periods. */
    private static final double[] WANDERING = {0.0005, 0.0005, 0.002, 0.02, 0.05, 0.1};
    private static final double[] JITTER = {0.01, 0.04, 0.12, 0.01, 0.02, 0.05};
    private static final int MODELS = WANDERING.length;

    /** So many moves give a first period. */
    private static final int MIN_MOVES = 6;
    /** How fast evidence ages, per move. */
    private static final double MEMORY = 0.985;
    /** Natural logarithm of how much better than chance a rhythm must have been. */
    private static final double MIN_EVIDENCE = 0.8;
    /** A period is known to that part at first. */
    private static final double FIRST_PERIOD_ERROR = 0.05;
    private static final int MAX_FAILURES = 4;
    /** After so many moves a rhythm that did worse than chance is given up. */
    private static final int MIN_FOLLOWED = 24;

    private final TruncatedNormal cut = new TruncatedNormal();
    private final double[] beat = new double[MODELS];
    private final double[] period = new double[MODELS];
    private final double[] beatVariance = new double[MODELS];
    private final double[] covariance = new double[MODELS];
    private final double[] periodVariance = new double[MODELS];
    private final double[] evidence = new double[MODELS];

    private boolean following;
    private int best;
    private int failures;
    private int followed;
    private boolean searching;
    private int moves;
    private double firstMove;
    private double lastMove;
    private double gapSum;
    /** The prediction of the move that was added last, before its bracket was known. */
    private double priorMean;
    private double priorVariance;
    private boolean hasPrior;

    /**
     * Takes in that a step came between two moments, in seconds. It is the last one of several when they are further
     * apart than the steps.
     *
     * @param periodSeconds about how far steps are apart, 0 when that is not known
     */
    public void add(double earliest, double latest, double periodSeconds) {
        hasPrior = false;
        double middle = (earliest + latest) / 2;
        if (moves == 0) {
            firstMove = middle;
        }
        moves++;
        if (following) {
            follow(earliest, latest);
        } else if (moves > MIN_MOVES && !searching) {
            double seen = (middle - firstMove) / (moves - 1);
            double likely = periodSeconds > 0 && periodSeconds < 0.95 * seen ? periodSeconds : seen;
            begin((earliest + latest) / 2, (latest - earliest) / Math.sqrt(12), likely, FIRST_PERIOD_ERROR * likely);
        }
        lastMove = middle;
    }

    /** Forgets the beat but not the period: the counter was away, or stood still. */
    public void interrupt() {
        following = false;
        moves = 0;
        hasPrior = false;
    }

    /** Whether the rhythm could not be followed from the first guess: looks are wanted for a search. */
    public boolean isSearching() {
        return searching && !following;
    }

    /** Follows a rhythm that was found otherwise. */
    public void found(double step, double periodSeconds) {
        begin(step, 0.1 * periodSeconds, periodSeconds, 0.003 * periodSeconds);
    }

    private void begin(double step, double stepError, double periodSeconds, double periodError) {
        following = true;
        failures = 0;
        followed = 0;
        best = 0;
        for (int i = 0; i < MODELS; i++) {
            beat[i] = step;
            period[i] = periodSeconds;
            beatVariance[i] = square(stepError);
            covariance[i] = 0;
            periodVariance[i] = square(periodError);
            evidence[i] = 0;
        }
    }

    private void follow(double earliest, double latest) {
        boolean surprised = true;
        for (int i = 0; i < MODELS; i++) {
            int periods = periodsTo(i, earliest, latest);
            double low = Math.max(earliest, latest - Math.max(1.6 * period[i], 0.1 * (latest - earliest)));
            beat[i] += periods * period[i];
            beatVariance[i] += 2 * periods * covariance[i] + (double) periods * periods * periodVariance[i]
                    + periods * square(WANDERING[i] * period[i]);
            covariance[i] += periods * periodVariance[i];
            double jitter = square(JITTER[i] * period[i]);
            double variance = beatVariance[i] + jitter;
            if (i == best && isKnown()) {
                hasPrior = true;
                priorMean = beat[i];
                priorVariance = variance;
            }
            cut.cut(beat[i], variance, low, latest);
            double chance = Math.min(1, (latest - low) / period[i]);
            evidence[i] = MEMORY * evidence[i] + Math.log(Math.max(cut.mass(), 1e-4) / chance);
            if (cut.isSurprising()) {
                beat[i] = cut.mean();
                beatVariance[i] = cut.variance();
                covariance[i] = 0;
                periodVariance[i] = Math.max(periodVariance[i], square(0.01 * period[i]));
                continue;
            }
            surprised = false;
            correct(i, variance);
        }
        hasPrior &= !surprised;
        failures = surprised ? failures + 1 : Math.max(0, failures - 1);
        for (int i = 0; i < MODELS; i++) {
            best = evidence[i] > evidence[best] + 0.5 ? i : best;
        }
        followed++;
        boolean wrong = followed >= MIN_FOLLOWED && evidence[best] < -MIN_FOLLOWED / 4.0;
        if (failures > MAX_FAILURES || period[best] <= 0 || wrong) {
            searching |= wrong;
            interrupt();
        }
    }

    /** Moves beat and period by what the cut told about the step. */
    private void correct(int i, double variance) {
        double gainBeat = beatVariance[i] / variance;
        double gainPeriod = covariance[i] / variance;
        double shift = cut.mean() - beat[i];
        double gained = variance - cut.variance();
        double oldCovariance = covariance[i];
        beat[i] += gainBeat * shift;
        period[i] += gainPeriod * shift;
        covariance[i] -= gainBeat * gainPeriod * gained;
        beatVariance[i] -= gainBeat * gainBeat * gained;
        periodVariance[i] -= gainPeriod * gainPeriod * gained;
        periodVariance[i] = Math.max(periodVariance[i], square(2e-5 * period[i]));
        beatVariance[i] = Math.max(beatVariance[i], square(1e-4 * period[i]));
        covariance[i] = Math.max(-Math.abs(oldCovariance), covariance[i]);
    }

    /**
     * Beats from the step before to the last one in the bracket. The first of them cannot have come before the bracket:
     * it would have been seen.
     */
    private int periodsTo(int i, double earliest, double latest) {
        double next = Math.max(beat[i] + period[i], earliest);
        return 1 + (int) Math.max(0, Math.min(1e6, Math.floor((latest - next) / period[i])));
    }

    /** Whether the rhythm is known well enough to tell when steps come. */
    public boolean isKnown() {
        return following && evidence[best] > MIN_EVIDENCE;
    }

    /** Seconds from beat to beat, as far as known; 0 before. */
    public double periodSeconds() {
        return following ? period[best] : 0;
    }

    /** Variance of one beat from the one before, in square seconds. */
    double wanderingVariance() {
        return square(WANDERING[best] * period[best]);
    }

    /** Variance of a step from its beat, in square seconds. */
    double jitterVariance() {
        return square(JITTER[best] * period[best]);
    }

    /** Whether the move that was added last had been foreseen, and for when. */
    public boolean hasPrior() {
        return hasPrior;
    }

    public double priorMean() {
        return priorMean;
    }

    public double priorVariance() {
        return priorVariance;
    }

    private static double square(double x) {
        return x * x;
    }
}
