package telemetry.accounting.steps;

/**
 * Finds the rhythm of a counter that steps about as often as it is looked at. Of the latest looks it is known which saw
 * a step; every period and phase would have made other looks see one, and that which explains most of them is taken.
 */
public final class RhythmSearch {

    private static final int LOOKS = 64;
    private static final int PERIODS = 260;
    private static final int PHASES = 24;
    /** Steps that came together were seen as one: the period is shorter than the time from move to move. */
    private static final double SHORTEST_PART = 0.7;
    private static final double LONGEST_PART = 1.08;
    /** What a look that saw the contrary counts, against one at which the step may just have been early or late. */
    private static final int WRONG = 3;
    /** So many looks may be explained wrongly. */
    private static final int MAX_WRONG = 5 * WRONG;
    /** So early or late may a step be, in periods. */
    private static final double JITTER = 0.05;
    /** Half the distance of two candidates. */
    private static final double MIN_PERIOD_ERROR = 0.5 * (LONGEST_PART - SHORTEST_PART) / PERIODS;

    private final double[] times = new double[LOOKS];
    private final boolean[] moved = new boolean[LOOKS];
    private int looks;
    private double period;
    private double periodError;
    private double phase;
    private double phaseError;

    /** Takes in a look at a moment in seconds. */
    public void add(double seconds, boolean sawStep) {
        times[looks % LOOKS] = seconds;
        moved[looks % LOOKS] = sawStep;
        looks++;
    }

    /** Whether enough looks have come since the latest search. */
    public boolean isDue() {
        return looks >= LOOKS;
    }

    /** Searches; false when no rhythm explains the looks. */
    public boolean find() {
        int seen = 0;
        for (int i = 1; i < LOOKS; i++) {
            seen += moved[(looks + i) % LOOKS] ? 1 : 0;
        }
        double begin = times[looks % LOOKS];
        double span = times[(looks + LOOKS - 1) % LOOKS] - begin;
        if (seen < LOOKS / 8 || seen > LOOKS - 3) {
            looks = 0;
            return false;
        }
        double apart = span / seen;
        int fewestWrong = WRONG * LOOKS;
        double sumPeriod = 0;
        double sumPhase = 0;
        double squaresPeriod = 0;
        double squaresPhase = 0;
        int equal = 0;
        for (int i = 0; i < PERIODS; i++) {
            double candidate = apart * (SHORTEST_PART + (LONGEST_PART - SHORTEST_PART) * i / PERIODS);
            for (int j = 0; j < PHASES; j++) {
                double beat = begin + candidate * j / PHASES;
                int wrong = wrong(candidate, beat, fewestWrong);
                if (wrong < fewestWrong) {
                    fewestWrong = wrong;
                    sumPeriod = 0;
                    sumPhase = 0;
                    squaresPeriod = 0;
                    squaresPhase = 0;
                    equal = 0;
                }
                if (wrong == fewestWrong) {
                    sumPeriod += candidate;
                    // The beat nearest to the middle, so that neighbouring candidates agree about it.
                    double middle = begin + span / 2;
                    double near = beat + Math.rint((middle - beat) / candidate) * candidate;
                    phase = equal == 0 ? near : phase;
                    double unwrapped = near + Math.rint((phase - near) / candidate) * candidate - middle;
                    sumPhase += unwrapped;
                    squaresPeriod += (candidate - apart) * (candidate - apart);
                    squaresPhase += unwrapped * unwrapped;
                    equal++;
                }
            }
        }
        looks = 0;
        period = sumPeriod / equal;
        phase = begin + span / 2 + sumPhase / equal;
        periodError = Math.hypot(MIN_PERIOD_ERROR * period, spread(squaresPeriod, sumPeriod - equal * apart, equal));
        phaseError = Math.hypot(period / PHASES, spread(squaresPhase, sumPhase, equal));
        return fewestWrong <= MAX_WRONG;
    }

    private static double spread(double squares, double sum, int count) {
        return Math.sqrt(Math.max(0, squares / count - sum / count * sum / count));
    }

    /** How badly the looks fit a beat: {@link #WRONG} for each that saw the contrary, less for a beat right at a look. */
    private int wrong(double candidate, double beat, int limit) {
        int wrong = 0;
        double before = (times[looks % LOOKS] - beat) / candidate;
        long beatsBefore = floor(before);
        for (int i = 1; i < LOOKS && wrong <= limit; i++) {
            int at = (looks + i) % LOOKS;
            double now = (times[at] - beat) / candidate;
            long beats = floor(now);
            if (beats > beatsBefore != moved[at]) {
                boolean possible = moved[at] ? floor(now + JITTER) > floor(before - JITTER)
                        : floor(now - JITTER) <= floor(before + JITTER);
                wrong += possible ? 1 : WRONG;
            }
            before = now;
            beatsBefore = beats;
        }
        return wrong;
    }

    /** As {@link Math#floor}, which the first compiler has a library for: here it was half of the search. */
    private static long floor(double value) {
        long whole = (long) value;
        return value < whole ? whole - 1 : whole;
    }

    /** Seconds from step to step that were found. */
    public double period() {
        return period;
    }

    /** The moment of a step in the midst of the looks, in seconds. */
    public double phase() {
        return phase;
    }

    /** Standard deviation of the period among those that explain the looks equally well. */
    public double periodError() {
        return periodError;
    }

    /** Standard deviation of the moment among those that explain the looks equally well. */
    public double phaseError() {
        return phaseError;
    }
}
