package telemetry.accounting.steps;


/**
 * The steps of a counter over the last ten minutes: between which moments each came, and where the energy stood then.
 * Plain arrays used as a ring, which grow with the rate of the looks up to a limit; steps have an index for life.
 */
public final class StepHistory {

    /** How the energy between a step and the one before is known. */
    public enum Link {
        /** By the counter. */
        COUNTED,
        /** By power: the counter was reset or did not count. */
        BRIDGED,
        /** Not at all. */
        BROKEN
    }

    static final long MEMORY_NANOS = 600_000_000_000L;
    private static final int FIRST_CAPACITY = 256;
    private static final int MAX_CAPACITY = 1 << 16;

    private long[] earliest = new long[FIRST_CAPACITY];
    private long[] latest = new long[FIRST_CAPACITY];
    private double[] joules = new double[FIRST_CAPACITY];
    /** Null until a step was foreseen: counters that move at every look have no rhythm to see. */
    private double[] priorSeconds;
    private double[] priorVariance;
    /** Null until the counter failed for the first time, which most never do: nothing is bridged and nothing broken. */
    private double[] bridgedJoules;
    private double[] bridgedVariance;
    private double[] bridgedSlack;
    private int[] broken;
    private int first;
    private int next;

    /** Adds a step; what the prior is must be told right after, where there is one. */
    public void add(long earliestNanos, long latestNanos, double totalJoules) {
        makeRoom(latestNanos);
        int at = at(next);
        boolean begins = isEmpty();
        int before = begins ? at : at(next - 1);
        earliest[at] = earliestNanos;
        latest[at] = latestNanos;
        joules[at] = totalJoules;
        if (priorVariance != null) {
            priorVariance[at] = 0;
        }
        if (broken != null) {
            bridgedJoules[at] = begins ? 0 : bridgedJoules[before];
            bridgedVariance[at] = begins ? 0 : bridgedVariance[before];
            bridgedSlack[at] = begins ? 0 : bridgedSlack[before];
            broken[at] = begins ? 0 : broken[before];
        }
        next++;
    }

    /** The step that was added last had been foreseen for that moment, in seconds after its latest one. */
    public void foreseen(double secondsAfterLatest, double variance) {
        if (priorVariance == null) {
            priorSeconds = new double[latest.length];
            priorVariance = new double[latest.length];
        }
        priorSeconds[at(next - 1)] = secondsAfterLatest;
        priorVariance[at(next - 1)] = variance;
    }

    /** The energy before the step that was added last is an estimate, not contained in its joules yet. */
    public void bridged(double estimate, double variance, double slack) {
        keepFailures();
        joules[at(next - 1)] += estimate;
        bridgedJoules[at(next - 1)] += estimate;
        bridgedVariance[at(next - 1)] += variance;
        bridgedSlack[at(next - 1)] += slack;
    }

    /** The energy before the step that was added last is unknown. */
    public void broken() {
        keepFailures();
        broken[at(next - 1)]++;
    }

    private void keepFailures() {
        if (broken == null) {
            bridgedJoules = new double[latest.length];
            bridgedVariance = new double[latest.length];
            bridgedSlack = new double[latest.length];
            broken = new int[latest.length];
        }
    }

    private void makeRoom(long now) {
        while (next - first > 1 && now - latest[at(first + 1)] > MEMORY_NANOS) {
            first++;
        }
        int capacity = latest.length;
        if (next - first < capacity) {
            return;
        }
        if (capacity == MAX_CAPACITY) {
            first++;
            return;
        }
        earliest = Ring.grown(earliest, first, next);
        latest = Ring.grown(latest, first, next);
        joules = Ring.grown(joules, first, next);
        if (priorVariance != null) {
            priorSeconds = Ring.grown(priorSeconds, first, next);
            priorVariance = Ring.grown(priorVariance, first, next);
        }
        if (broken != null) {
            bridgedJoules = Ring.grown(bridgedJoules, first, next);
            bridgedVariance = Ring.grown(bridgedVariance, first, next);
            bridgedSlack = Ring.grown(bridgedSlack, first, next);
            broken = Ring.grown(broken, first, next);
        }
    }

    private int at(int index) {
        return index & (latest.length - 1);
    }

    public boolean isEmpty() {
        return first == next;
    }

    /** The index of the oldest step. */
    public int first() {
        return first;
    }

    /** The index of the newest step. */
    public int last() {
        return next - 1;
    }

    /** The last step that surely came at or before that moment; one less than the first when there is none. */
    public int lastBefore(long nanos) {
        return Ring.lastBefore(latest, first, next, nanos);
    }

    public long earliest(int index) {
        return earliest[at(index)];
    }

    public long latest(int index) {
        return latest[at(index)];
    }

    /** Joules since the first step ever. */
    public double joules(int index) {
        return joules[at(index)];
    }

    public boolean wasForeseen(int index) {
        return priorVariance != null && priorVariance[at(index)] > 0;
    }

    /** When the step had been foreseen, in seconds after its latest moment. */
    public double priorSeconds(int index) {
        return priorSeconds[at(index)];
    }

    double priorVariance(int index) {
        return priorVariance[at(index)];
    }

    /** How much of the energy from one step to a later one is an estimate, in joules. */
    public double bridgedJoules(int from, int to) {
        return broken == null ? 0 : bridgedJoules[at(to)] - bridgedJoules[at(from)];
    }

    public double bridgedVariance(int from, int to) {
        return broken == null ? 0 : Math.max(0, bridgedVariance[at(to)] - bridgedVariance[at(from)]);
    }

    /** How far at most the estimates between two steps are off, in joules. */
    public double bridgedSlack(int from, int to) {
        return broken == null ? 0 : Math.max(0, bridgedSlack[at(to)] - bridgedSlack[at(from)]);
    }

    /** How the energy between a step and the one before is known. */
    public Link link(int index) {
        if (broken == null) {
            return Link.COUNTED;
        }
        if (index <= first || broken[at(index)] != broken[at(index - 1)]) {
            return index <= first ? Link.COUNTED : Link.BROKEN;
        }
        return bridgedSlack[at(index)] != bridgedSlack[at(index - 1)] ? Link.BRIDGED : Link.COUNTED;
    }

    /** Whether the energy is unknown somewhere between two steps. */
    public boolean isBroken(int from, int to) {
        return broken != null && broken[at(to)] != broken[at(from)];
    }
}
