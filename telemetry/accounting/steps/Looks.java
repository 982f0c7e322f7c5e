package telemetry.accounting.steps;

/**
 * How often a device is really asked, and when it was not. A sweep over many devices may take a second: what is a hole
 * follows from the looks themselves and not from a setting.
 */
public final class Looks {

    private static final long MIN_HOLE_NANOS = 250_000_000L;
    /** Before anything is known of the looks. */
    private static final long FIRST_HOLE_NANOS = 5_000_000_000L;
    private static final int HOLE_CADENCES = 3;
    /** Of the interval at which looks are meant to be made. */
    private static final double HOLE_INTERVALS = 2.5;
    private static final int FIRST_LOOKS = 4;
    /** How much a gap moves the cadence; extra looks around the ends of a measurement hardly do. */
    private static final double SHARE_OF_LOOKS = 0.1;
    private static final double SHARE_OF_EXTRA_LOOKS = 0.01;
    private static final double EXTRA_LOOK_PART = 0.4;
    /** So many looks in quick succession, more than at the ends of a measurement, are the new cadence. */
    private static final int MAX_EXTRA_LOOKS = 16;
    /** Holes that are remembered; older ones are older than the timeline's memory, or there are too many to trust. */
    private static final int MAX_HOLES = 512;

    private final long[] holeBegin = new long[MAX_HOLES];
    private final long[] holeEnd = new long[MAX_HOLES];
    private int holes;
    private int looks;
    private long last;
    private long passed;
    private long lastGap;
    private double cadence;
    private long meantNanos;
    private long meantBeforeNanos;
    private int extraLooks;
    private long extraBegin;

    /** Looks are meant to be made at that interval from now on: while nobody listens, less often than before. */
    public void meanEvery(long intervalNanos) {
        meantNanos = intervalNanos;
    }

    /** Takes in an answer at that moment; true when a hole lies before it. */
    public boolean add(long nanos) {
        long gap = nanos - last;
        boolean hole = looks > 0 && gap > limitNanos();
        if (hole) {
            holeBegin[holes % MAX_HOLES] = last;
            holeEnd[holes % MAX_HOLES] = nanos;
            holes++;
        }
        if (looks > 0) {
            extraLooks = gap < EXTRA_LOOK_PART * cadence && extraLooks < MAX_EXTRA_LOOKS ? extraLooks + 1 : 0;
            extraBegin = extraLooks == 1 ? last : extraBegin;
            boolean again = gap > 0.5 * lastGap && gap < 2 * lastGap;
            if (looks == 1 || again && gap > 2 * cadence) {
                cadence = gap;
            } else if (extraLooks == MAX_EXTRA_LOOKS) {
                cadence = (double) (nanos - extraBegin) / extraLooks;
            } else {
                double share = gap < EXTRA_LOOK_PART * cadence ? SHARE_OF_EXTRA_LOOKS : SHARE_OF_LOOKS;
                cadence += share * (Math.min(gap, 3 * cadence) - cadence);
            }
            lastGap = gap;
        }
        meantBeforeNanos = meantNanos;
        last = nanos;
        passed = nanos;
        looks++;
        return hole;
    }

    /** There was no answer until that moment. */
    public void addNothing(long nanos) {
        passed = nanos;
    }

    /** Whether the time between the latest answer and a later moment is a hole, as far as is known now. */
    public boolean isSilentAt(long nanos) {
        return nanos - last > 0 && (nanos - last > limitNanos() || passed - last > limitNanos());
    }

    /** A longer time without an answer is a hole. */
    public long limitNanos() {
        if (looks < FIRST_LOOKS) {
            return FIRST_HOLE_NANOS;
        }
        double meant = HOLE_INTERVALS * Math.max(meantNanos, meantBeforeNanos);
        return (long) Math.max(MIN_HOLE_NANOS, Math.max(HOLE_CADENCES * cadence, meant));
    }

    /** Nanoseconds from look to look. */
    public double cadenceNanos() {
        return cadence;
    }

    /** The latest answer. */
    public long last() {
        return last;
    }

    public boolean isEmpty() {
        return looks == 0;
    }

    /** Nanoseconds of the longest part of a hole between two moments. */
    public long longestHole(long from, long to) {
        long longest = Math.max(0, isSilentAt(to) ? to - Math.max(from, last) : 0);
        for (int i = Math.max(0, holes - MAX_HOLES); i < holes; i++) {
            long begin = Math.max(from, holeBegin[i % MAX_HOLES]);
            long end = Math.min(to, holeEnd[i % MAX_HOLES]);
            longest = Math.max(longest, end - begin);
        }
        return longest;
    }

    /** Nanoseconds of all holes between two moments. */
    public long holeNanos(long from, long to) {
        long sum = Math.max(0, isSilentAt(to) ? to - Math.max(from, last) : 0);
        for (int i = Math.max(0, holes - MAX_HOLES); i < holes; i++) {
            sum += Math.max(0, Math.min(to, holeEnd[i % MAX_HOLES]) - Math.max(from, holeBegin[i % MAX_HOLES]));
        }
        return sum;
    }

    /** Whether that moment lies in a hole. */
    public boolean isInHole(long nanos) {
        return longestHole(nanos - 1, nanos + 1) > 1;
    }
}
