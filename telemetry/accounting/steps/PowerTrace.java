package telemetry.accounting.steps;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

/** The power of one device over the last ten minutes and its integral; plain arrays used as a ring. */
public final class PowerTrace {

    private static final int FIRST_CAPACITY = 256;
    private static final int MAX_CAPACITY = 1 << 16;

    private long[] nanos = new long[FIRST_CAPACITY];
    private double[] watts = new double[FIRST_CAPACITY];
    private double[] joules = new double[FIRST_CAPACITY];
    private double[] variance = new double[FIRST_CAPACITY];
    /** Null until the first hole. */
    private double[] holeSeconds;
    private double maxDelaySeconds = UNAVAILABLE;
    private int first;
    private int next;

    /**
     * The sensor tells power so many seconds late at most, at the pace of its own; unavailable when nothing is known. What
     * is added is taken to be half of that old.
     */
    public void setMaxDelay(double seconds) {
        maxDelaySeconds = seconds;
    }

    /** The longest delay of a sensor that is known to tell its power late; else 0. */
    public long delayNanos() {
        return isAvailable(maxDelaySeconds) ? (long) (maxDelaySeconds * 1e9) : 0;
    }

    /** How old power is taken to be when it is told: half of its longest delay. */
    public long ageNanos() {
        return delayNanos() / 2;
    }

    /** Takes in power; after a hole nothing is integrated. */
    public void add(long now, double power, boolean hole) {
        if (!isEmpty() && now - nanos[at(next - 1)] <= 0) {
            return;
        }
        makeRoom(now);
        if (hole && holeSeconds == null) {
            holeSeconds = new double[nanos.length];
        }
        int at = at(next);
        nanos[at] = now;
        watts[at] = power;
        if (isEmpty()) {
            joules[at] = 0;
            variance[at] = 0;
        } else {
            int before = at(next - 1);
            double seconds = (now - nanos[before]) / 1e9;
            // A slope changes little from gap to gap; a switch shows in its own gap and in the next one.
            double bend = next - first < 2 ? power - watts[before]
                    : power - 2 * watts[before] + watts[at(next - 2)];
            joules[at] = joules[before] + (hole ? 0 : (power + watts[before]) / 2 * seconds);
            variance[at] = variance[before] + (hole ? 0 : bend * bend * seconds * seconds / 24);
            if (holeSeconds != null) {
                holeSeconds[at] = holeSeconds[before] + (hole ? seconds : 0);
            }
        }
        next++;
    }

    private void makeRoom(long now) {
        while (next - first > 1 && now - nanos[at(first + 1)] > StepHistory.MEMORY_NANOS) {
            first++;
        }
        if (next - first < nanos.length) {
            return;
        }
        if (nanos.length == MAX_CAPACITY) {
            first++;
            return;
        }
        nanos = Ring.grown(nanos, first, next);
        watts = Ring.grown(watts, first, next);
        joules = Ring.grown(joules, first, next);
        variance = Ring.grown(variance, first, next);
        if (holeSeconds != null) {
            holeSeconds = Ring.grown(holeSeconds, first, next);
        }
    }

    private int at(int index) {
        return index & (nanos.length - 1);
    }

    public boolean isEmpty() {
        return first == next;
    }

    public int first() {
        return first;
    }

    public int last() {
        return next - 1;
    }

    public long nanos(int index) {
        return nanos[at(index)];
    }

    double watts(int index) {
        return watts[at(index)];
    }

    /** The latest power, or unavailable. */
    double latestWatts() {
        return isEmpty() ? UNAVAILABLE : watts[at(next - 1)];
    }

    /** The last sample at or before that moment; one less than the first when there is none. */
    public int lastBefore(long moment) {
        return Ring.lastBefore(nanos, first, next, moment);
    }

    /** Whether there is a hole right before that sample. */
    boolean isAfterHole(int index) {
        return holeSeconds != null && index > first && holeSeconds[at(index)] != holeSeconds[at(index - 1)];
    }

    /** Power at a moment, in proportion between the samples around it and that of the nearest one outside them. */
    double wattsAt(long moment) {
        int before = lastBefore(moment);
        if (before < first || before == next - 1) {
            return isEmpty() ? UNAVAILABLE : watts[at(before < first ? first : before)];
        }
        double part = (double) (moment - nanos(before)) / (nanos(before + 1) - nanos(before));
        return watts(before) + part * (watts(before + 1) - watts(before));
    }

    /** Joules between two moments by trapezoid; outside the samples the nearest one counts. */
    public double joules(long from, long to) {
        return integralAt(to) - integralAt(from);
    }

    /** The same with the mean of the rest in the place of what was not told between looks. */
    public double filledJoules(long from, long to) {
        double holes = holeSeconds(from, to);
        double seconds = (to - from) / 1e9;
        return holes < seconds ? joules(from, to) / (1 - holes / seconds)
                : (wattsAt(from) + wattsAt(to)) / 2 * seconds;
    }

    /** Joules from the first sample ever to a moment. */
    public double total(long moment) {
        return Math.max(0, integralAt(moment));
    }

    private double integralAt(long moment) {
        int before = lastBefore(moment);
        if (before < first) {
            return joules[at(first)] - watts[at(first)] * (nanos[at(first)] - moment) / 1e9;
        }
        int at = at(before);
        double seconds = (moment - nanos[at]) / 1e9;
        if (before == next - 1) {
            return joules[at] + watts[at] * seconds;
        }
        if (isAfterHole(before + 1)) {
            return joules[at];
        }
        return joules[at] + (watts[at] + wattsAt(moment)) / 2 * seconds;
    }

    /** Variance of the integral between two moments, in square joules: each change came at some time between looks. */
    double variance(long from, long to) {
        int begin = Math.max(first, lastBefore(from));
        int end = Math.min(next - 1, lastBefore(to) + 1);
        return Math.max(0, variance[at(end)] - variance[at(begin)]);
    }

    /** Seconds of holes that touch the time between two moments. */
    public double holeSeconds(long from, long to) {
        if (holeSeconds == null) {
            return 0;
        }
        int begin = lastBefore(from);
        int end = lastBefore(to);
        double holes = holeSeconds[at(Math.max(first, Math.min(next - 1, end)))]
                - holeSeconds[at(Math.max(first, begin))];
        if (begin >= first && begin < next - 1 && isAfterHole(begin + 1) && end > begin) {
            holes -= (from - nanos(begin)) / 1e9;
        }
        if (end >= first && end < next - 1 && isAfterHole(end + 1)) {
            holes += (to - Math.max(from, nanos(end))) / 1e9;
        }
        return Math.max(0, holes);
    }

    /** Whether power was told at most so long before a moment, and again no later than so long after that. */
    public boolean isToldAt(long moment, long heldNanos) {
        int before = lastBefore(moment);
        if (before < first) {
            return false;
        }
        long next = before == last() ? moment : nanos(before + 1);
        return next - nanos(before) <= heldNanos;
    }

    /** The highest power of the samples between two moments; unavailable without samples. */
    public double highest(long from, long to) {
        double highest = UNAVAILABLE;
        for (int i = lastBefore(from) + 1, end = lastBefore(to); i <= end; i++) {
            highest = Math.max(highest, watts[at(i)]);
        }
        return highest;
    }

    /**
     * Adds the highest power in each slot of the time from a moment on to that slot's sum; a slot without samples has the
     * power before it.
     */
    public void addHighest(long from, long slotNanos, double[] sums) {
        int i = Math.max(first, lastBefore(from));
        double held = watts(i);
        for (int slot = 0; slot < sums.length; slot++) {
            long end = from + (slot + 1) * slotNanos;
            double highest = UNAVAILABLE;
            while (i + 1 < next && nanos(i + 1) - end < 0) {
                held = watts(++i);
                highest = Math.max(highest, held);
            }
            sums[slot] += highest == UNAVAILABLE ? held : highest;
        }
    }

    /** The lowest power of the samples between two moments; infinite without samples. */
    public double lowest(long from, long to) {
        double lowest = Double.POSITIVE_INFINITY;
        for (int i = lastBefore(from) + 1, end = lastBefore(to); i <= end; i++) {
            lowest = Math.min(lowest, watts[at(i)]);
        }
        return lowest;
    }
}
