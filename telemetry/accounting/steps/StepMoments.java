package telemetry.accounting.steps;

/**
 * When some steps of a counter came, as near as can be known now. What the steps before let foresee, what the steps
 * after let conclude and the looks right around a step are joined.
 */
public final class StepMoments {

    /** Steps after the wanted ones that are taken into account. */
    private static final int MAX_FOLLOWING = 24;
    /** The last of several steps between two looks came at most so many periods before the later one. */
    private static final double MAX_PERIODS = 1.6;
    /** Steps further apart tell nothing about each other's beat. */
    private static final int MAX_GAP_PERIODS = 20;

    /** Steps without a known rhythm are that part of their usual distance nearer or farther. */
    private static final double APART_ERROR = 0.2;
    /**
     * Looks that are seldom, and nearly as far apart as steps, see a step each, again and again at the same turn: many of
     * them tell no more than one. From that part of a step's length and from that distance on they count for less.
     */
    private static final double FREQUENT_PART = 0.6;
    private static final double FREQUENT_SECONDS = 0.1;
    private static final double SELDOM_SECONDS = 0.3;
    /** Where there is no rhythm, the errors of many steps may be alike: variance counts that much more. */
    private static final double UNKNOWN_RHYTHM = 2;

    private final TruncatedNormal cut = new TruncatedNormal();
    private final StepHistory history;
    private final StepRhythm rhythm;
    private final StepInterval interval;
    private int first;
    private int last;
    private double[] seconds = new double[16];
    private double[] variance = new double[16];
    private long base;
    private boolean located;

    public StepMoments(StepHistory history, StepRhythm rhythm, StepInterval interval) {
        this.history = history;
        this.interval = interval;
        this.rhythm = rhythm;
    }

    /** Works out the moments of the steps with these indices, as many of them as there are. */
    public void locate(int from, int to) {
        int begin = Math.max(from, history.first());
        int end = Math.min(to, history.last());
        if (located && begin == first && end == last) {
            return;
        }
        located = true;
        first = begin;
        last = end;
        if (last - first + 1 > seconds.length) {
            seconds = new double[2 * (last - first + 1)];
            variance = new double[2 * (last - first + 1)];
        }
        base = history.latest(first);
        if (rhythm.isKnown()) {
            locateByRhythm();
        } else {
            locateByDistance();
        }
        for (int i = 1; i <= last - first; i++) {
            seconds[i] = Math.max(seconds[i], seconds[i - 1] + 1e-6);
        }
    }

    /** There is a step more, or something else is known of them: the moments are to be worked out anew. */
    public void forget() {
        located = false;
    }

    /** What the steps before let foresee, and what the steps after let conclude. */
    private void locateByRhythm() {
        double period = rhythm.periodSeconds();
        boolean follows = false;
        double beat = 0;
        double beatVariance = 0;
        for (int i = Math.min(history.last(), last + MAX_FOLLOWING); i >= first; i--) {
            double earliest = (history.earliest(i) - base) / 1e9;
            double high = (history.latest(i) - base) / 1e9;
            double low = period < high - earliest ? Math.max(earliest, high - MAX_PERIODS * period) : earliest;
            if (i <= last) {
                join(i, low, high, follows, beat, beatVariance + rhythm.jitterVariance());
            }
            // One step back: what this step itself tells about its beat, and from it the beat before.
            double predicted = follows ? beat : (low + high) / 2;
            double predictedVariance = follows ? beatVariance : (high - low) * (high - low);
            double stepVariance = predictedVariance + rhythm.jitterVariance();
            cut.cut(predicted, stepVariance, low, high);
            if (cut.isSurprising()) {
                beat = cut.mean();
                beatVariance = cut.variance() + rhythm.jitterVariance();
            } else {
                double gain = predictedVariance / stepVariance;
                beat = predicted + gain * (cut.mean() - predicted);
                beatVariance = predictedVariance - gain * gain * (stepVariance - cut.variance());
            }
            if (i > history.first()) {
                double gap = beat - (history.latest(i - 1) - base) / 1e9;
                double periods = 1 + Math.max(0, Math.floor((beat - earliest) / period));
                beat -= periods * period;
                beatVariance += periods * rhythm.wanderingVariance();
                follows = gap < MAX_GAP_PERIODS * period;
            }
        }
    }

    /** Joins what was foreseen and what follows with the looks around the step. */
    private void join(int step, double low, double high, boolean follows, double beat, double beatVariance) {
        double weight = 0;
        double weighted = 0;
        if (history.wasForeseen(step)) {
            weight = 1 / history.priorVariance(step);
            weighted = (high + history.priorSeconds(step)) * weight;
        }
        if (follows) {
            weight += 1 / beatVariance;
            weighted += beat / beatVariance;
        }
        set(step, (low + high) / 2, between(low, high));
        if (weight > 0) {
            cut.cut(weighted / weight, 1 / weight, low, high);
            if (!cut.isSurprising()) {
                set(step, cut.mean(), Math.max(cut.variance(), unseen(low, high, rhythm.periodSeconds())));
            }
        }
    }

    /** Without a rhythm a step still comes about as long before the next one as steps are apart. */
    private void locateByDistance() {
        double apart = interval.seconds();
        double most = interval.mostSeconds();
        double error = APART_ERROR * apart;
        for (int i = last; i >= first; i--) {
            double high = (history.latest(i) - base) / 1e9;
            double low = (history.earliest(i) - base) / 1e9;
            low = i > history.first() ? Math.max(low, high - most) : low;
            double mean = (low + high) / 2;
            double spread = between(low, high);
            double next = i < last ? seconds[i + 1 - first] - apart : Double.NaN;
            if (interval.isKnown() && i < last) {
                if (next > low && next < high && most == apart) {
                    cut.cut(next, variance[i + 1 - first] + error * error, low, high);
                    mean = cut.mean();
                    spread = Math.max(cut.variance(), unseen(low, high, apart));
                }
                spread *= UNKNOWN_RHYTHM;
            }
            set(i, mean, spread);
        }
    }

    /**
     * The variance of a step's moment of which no more is known than the looks before and behind. Where these are seldom,
     * neighbours are seen alike and are off alike: together they tell hardly more than one.
     */
    private static double between(double low, double high) {
        double looks = high - low;
        return looks * looks / 12 * (1 + part(looks, FREQUENT_SECONDS, SELDOM_SECONDS));
    }

    /** That of it which steps so far apart do not make less. */
    private static double unseen(double low, double high, double steps) {
        double looks = high - low;
        return part(looks / steps, FREQUENT_PART, 1) * part(looks, FREQUENT_SECONDS, SELDOM_SECONDS) * between(low, high);
    }

    /** How far a value is on the way from one to another, from 0 to 1. */
    private static double part(double value, double none, double all) {
        return Math.max(0, Math.min(1, (value - none) / (all - none)));
    }

    private void set(int step, double mean, double spread) {
        seconds[step - first] = mean;
        variance[step - first] = spread;
    }

    /** The first step that was located. */
    public int first() {
        return first;
    }

    /** The last step that was located. */
    public int last() {
        return last;
    }

    /** The moment of a step that was located. */
    public long nanos(int index) {
        return base + Math.round(seconds[index - first] * 1e9);
    }

    /** Standard deviation of that moment in seconds. */
    public double deviation(int index) {
        return Math.sqrt(variance[index - first]);
    }
}
