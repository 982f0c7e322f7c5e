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
    /** So many looks may be explained wrongly. */
    private static final int MAX_WRONG = 5;

    private final double[] times = new double[LOOKS];
    private final boolean[] moved = new boolean[LOOKS];
    private int looks;
    private double period;
    private double phase;

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
        int fewestWrong = LOOKS;
        double sumPeriod = 0;
        double sumPhase = 0;
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
                    equal = 0;
                }
                if (wrong == fewestWrong) {
                    sumPeriod += candidate;
                    // The beat nearest to the middle, so that neighbouring candidates agree about it.
                    double middle = begin + span / 2;
                    double near = beat + Math.rint((middle - beat) / candidate) * candidate;
                    phase = equal == 0 ? near : phase;
                    sumPhase += near + Math.rint((phase - near) / candidate) * candidate;
                    equal++;
                }
            }
        }
        looks = 0;
        period = sumPeriod / equal;
        phase = sumPhase / equal;
        return fewestWrong <= MAX_WRONG;
    }

    private int wrong(double candidate, double beat, int limit) {
        int wrong = 0;
        double before = Math.floor((times[looks % LOOKS] - beat) / candidate);
        for (int i = 1; i < LOOKS && wrong <= limit; i++) {
            int at = (looks + i) % LOOKS;
            double now = Math.floor((times[at] - beat) / candidate);
            wrong += now > before == moved[at] ? 0 : 1;
            before = now;
        }
        return wrong;
    }

    /** Seconds from step to step that were found. */
    public double period() {
        return period;
    }

    /** The moment of a step in the midst of the looks, in seconds. */
    public double phase() {
        return phase;
    }
}
