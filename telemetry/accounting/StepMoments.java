package telemetry.accounting;

/**
 * When some steps of a counter came, as near as can be known now. What the steps before let foresee, what the steps
 * after let conclude and the looks right around a step are joined.
 */
final class StepMoments {

    /** Steps after the wanted ones that are taken into account. */
    private static final int MAX_FOLLOWING = 24;

    /** Steps without a known rhythm are that part of their usual distance nearer or farther. */
    private static final double APART_ERROR = 0.2;
    /** Where there is no rhythm, the errors of many steps may be alike: variance counts that much more. */
    private static final double UNKNOWN_RHYTHM = 5;

    private final TruncatedNormal cut = new TruncatedNormal();
    private final StepHistory history;
    private final StepRhythm rhythm;
    private final StepInterval interval;
    private int first;
    private int last;
    private double[] seconds = new double[16];
    private double[] variance = new double[16];
    private long base;

    StepMoments(StepHistory history, StepRhythm rhythm, StepInterval interval) {
        this.history = history;
        this.interval = interval;
        this.rhythm = rhythm;
    }

    /** Works out the moments of the steps with these indices, as many of them as there are. */
    void locate(int from, int to) {
        first = Math.max(from, history.first());
        last = Math.min(to, history.last());
        if (last - first + 1 > seconds.length) {
            seconds = new double[2 * (last - first + 1)];
            variance = new double[2 * (last - first + 1)];
        }
        base = history.latest(first);
        boolean known = rhythm.isKnown();
        double expected = known ? 0 : interval.seconds();
        boolean follows = false;
        double beat = 0;
        double beatVariance = 0;
        for (int i = known ? Math.min(history.last(), last + MAX_FOLLOWING) : last; i >= first; i--) {
            double low = (history.earliest(i) - base) / 1e9;
            double high = (history.latest(i) - base) / 1e9;
            double period = rhythm.periodSeconds();
            if (known && period < high - low) {
                low = Math.max(low, high - 1.6 * period);
            } else if (!known && expected < high - low && i > history.first()) {
                low = Math.max(low, high - expected);
            }
            double mean = (low + high) / 2;
            double spread = (high - low) * (high - low) / 12;
            if (!known && interval.isKnown() && i < last) {
                // Without a rhythm, the step after this one still tells about it.
                double next = seconds[i + 1 - first] - expected;
                double error = APART_ERROR * expected;
                if (next > low && next < high) {
                    cut.cut(next, variance[i + 1 - first] + error * error, low, high);
                    mean = cut.mean();
                    spread = cut.variance();
                }
                spread *= UNKNOWN_RHYTHM;
            }
            if (known) {
                double joinedMean = 0;
                double weight = 0;
                if (history.wasForeseen(i)) {
                    weight = 1 / history.priorVariance(i);
                    joinedMean = (high + history.priorSeconds(i)) * weight;
                }
                if (follows) {
                    double own = 1 / (beatVariance + rhythm.jitterVariance());
                    joinedMean += beat * own;
                    weight += own;
                }
                if (weight > 0 && i <= last) {
                    cut.cut(joinedMean / weight, 1 / weight, low, high);
                    if (!cut.isSurprising()) {
                        mean = cut.mean();
                        spread = cut.variance();
                    }
                }
                // One step back: what this step itself tells about its beat, and the beat before.
                double predicted = follows ? beat : (low + high) / 2;
                double predictedVariance = follows ? beatVariance : (high - low) * (high - low);
                cut.cut(predicted, predictedVariance + rhythm.jitterVariance(), low, high);
                if (cut.isSurprising()) {
                    beat = cut.mean();
                    beatVariance = cut.variance() + rhythm.jitterVariance();
                } else {
                    double gain = predictedVariance / (predictedVariance + rhythm.jitterVariance());
                    beat = predicted + gain * (cut.mean() - predicted);
                    beatVariance = predictedVariance - gain * gain
                            * (predictedVariance + rhythm.jitterVariance() - cut.variance());
                }
                if (i > history.first()) {
                    double earliest = (history.earliest(i) - base) / 1e9;
                    double gap = beat - (history.latest(i - 1) - base) / 1e9;
                    double periods = 1 + Math.max(0, Math.floor((beat - earliest) / period));
                    beat -= periods * period;
                    beatVariance += periods * rhythm.wanderingVariance();
                    follows = gap < 20 * period;
                }
            }
            if (i <= last) {
                seconds[i - first] = mean;
                variance[i - first] = spread;
            }
        }
        for (int i = 1; i <= last - first; i++) {
            seconds[i] = Math.max(seconds[i], seconds[i - 1] + 1e-6);
        }
    }

    /** The first step that was located. */
    int first() {
        return first;
    }

    /** The last step that was located. */
    int last() {
        return last;
    }

    /** The moment of a step that was located. */
    long nanos(int index) {
        return base + Math.round(seconds[index - first] * 1e9);
    }

    /** Standard deviation of that moment in seconds. */
    double deviation(int index) {
        return Math.sqrt(variance[index - first]);
    }
}
