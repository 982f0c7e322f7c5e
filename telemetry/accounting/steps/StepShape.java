package telemetry.accounting.steps;

/**
 * How the energy of one step of the counter is spread over its time. Loads switch rather than slide: where power, or
 * the steps before and after, tell two levels, the curve changes between them at the moment at which the step's energy
 * is met.
 */
public final class StepShape {

    /** Slopes that differ by less than this part are the same level. */
    private static final double SAME_LEVEL = 0.02;

    private final PowerTrace power;
    private final StepMoments moments;
    private final StepHistory history;

    public StepShape(StepHistory history, StepMoments moments, PowerTrace power) {
        this.history = history;
        this.moments = moments;
        this.power = power;
    }

    /** Joules from the begin of the step before {@code index + 1} to a moment in it. */
    public double joulesUntil(long nanos, int index, boolean instantPower) {
        long begin = moments.nanos(index);
        long end = moments.nanos(index + 1);
        double joules = history.joules(index + 1) - history.joules(index);
        if (instantPower && hasPower(begin, end)) {
            return byPower(nanos, begin, end, joules);
        }
        double seconds = (end - begin) / 1e9;
        double until = (nanos - begin) / 1e9;
        double before = slope(index - 1);
        double after = slope(index + 1);
        double own = joules / seconds;
        boolean between = before >= 0 && after >= 0 && Math.min(before, after) < own && own < Math.max(before, after)
                && Math.abs(after - before) > SAME_LEVEL * own;
        if (!between) {
            return own * until;
        }
        double switched = (joules - after * seconds) / (before - after);
        return until <= switched ? before * until : before * switched + after * (until - switched);
    }

    /** Watts of the step that begins at that index; negative when it is not known. */
    public double slope(int index) {
        if (index < moments.first() || index + 1 > moments.last()
                || history.link(index + 1) != StepHistory.Link.COUNTED) {
            return -1;
        }
        return (history.joules(index + 1) - history.joules(index))
                / ((moments.nanos(index + 1) - moments.nanos(index)) / 1e9);
    }

    private boolean hasPower(long begin, long end) {
        return !power.isEmpty() && power.lastBefore(begin) >= power.first() && power.lastBefore(end) < power.last()
                && power.holeSeconds(begin, end) == 0;
    }

    /**
     * Between two looks power changes once, half way as long as nothing else is known. All changes in the step are
     * then moved alike, each within its looks, until the step's energy is met; what cannot be met so is spread evenly.
     */
    private double byPower(long nanos, long begin, long end, double joules) {
        int firstLook = power.lastBefore(begin);
        int lastLook = power.lastBefore(end) + 1;
        double plain = 0;
        double raise = 0;
        double lower = 0;
        for (int i = firstLook; i < lastLook; i++) {
            long from = Math.max(begin, power.nanos(i));
            long to = Math.min(end, power.nanos(i + 1));
            double change = power.watts(i) - power.watts(i + 1);
            long middle = switchAt(i, from, to, 0);
            plain += (power.watts(i) * (middle - from) + power.watts(i + 1) * (to - middle)) / 1e9;
            raise += Math.abs(change) * (change > 0 ? to - middle : middle - from) / 1e9;
            lower += Math.abs(change) * (change > 0 ? middle - from : to - middle) / 1e9;
        }
        double missing = joules - plain;
        double room = missing > 0 ? raise : lower;
        double part = room > 0 ? Math.max(-1, Math.min(1, missing / room)) : 0;
        double rest = missing - part * room;
        double sum = 0;
        for (int i = firstLook; i < lastLook && power.nanos(i) - nanos < 0; i++) {
            long from = Math.max(begin, power.nanos(i));
            long to = Math.min(end, power.nanos(i + 1));
            boolean later = part > 0 == power.watts(i) > power.watts(i + 1);
            long change = switchAt(i, from, to, later ? Math.abs(part) : -Math.abs(part));
            long until = Math.min(to, nanos);
            sum += (power.watts(i) * (Math.min(change, until) - from)
                    + power.watts(i + 1) * Math.max(0, until - change)) / 1e9;
        }
        double spread = rest * (nanos - begin) / (end - begin);
        return Math.max(0, Math.min(joules, sum + spread));
    }

    /** When power changes between two looks: half way, or later or sooner by that part of the room there is. */
    private long switchAt(int look, long from, long to, double part) {
        long middle = power.nanos(look) + (power.nanos(look + 1) - power.nanos(look)) / 2;
        middle = Math.max(from, Math.min(to, middle));
        return middle + (long) (part > 0 ? part * (to - middle) : part * (middle - from));
    }
}
