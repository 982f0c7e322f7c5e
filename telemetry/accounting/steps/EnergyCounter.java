package telemetry.accounting.steps;

import static collectors.DeviceSample.isAvailable;

/** Turns a raw energy counter, which may wrap, jump or be reset, into joules between two looks. */
public final class EnergyCounter {

    /** What a look at the counter told. */
    public enum Outcome {
        /** The first value ever: only later differences mean anything. */
        FIRST,
        /** The counter has not moved. */
        STILL,
        /** So many joules were used, see {@link #differenceJoules}. */
        MOVED,
        /** The counter was reset, or jumped by more than the device can draw: what it counted meanwhile is lost. */
        RESET,
        /** The counter may have wrapped more often than once, and nothing tells how often. */
        AMBIGUOUS
    }

    /** Counters are published in batches, up to 2.2 s apart: the first change may contain what came before us. */
    private static final double MAX_BATCH_SECONDS = 2.5;
    /** Later changes: how far the moment of a change can lie from the moment that we saw it. */
    private static final double JITTER_SECONDS = 0.25;
    /** Power tells the number of wraps if it is off by less than this part of the range. */
    private static final double MAX_PART_OF_RANGE = 0.3;
    /** Power and counters disagree by up to that part; more wraps than that allows cannot be told apart. */
    private static final double POWER_ERROR = 0.15;
    /** Power sensors and counters disagree by up to 1.7 on idle devices. */
    private static final double POWER_FACTOR = 1.7;
    /** By how much the highest of late fades from change to change. */
    private static final double MEMORY = 0.98;
    /** Where 32-bit accumulators of 1 µJ, 2^-16 J, 15.259 µJ and 1 mJ wrap, whether the driver says so or not. */
    private static final double[] RANGES_32_BIT = {4294.967296, 65_536, 65_536.906, 4_294_967.296};

    private boolean begun;
    private boolean moved;
    private double last;
    private double difference;
    /** Of late, by the changes and the times in which they may have come. */
    private double highestWatts;

    /**
     * Takes in the counter's value.
     *
     * @param secondsSinceMove since the counter was seen to move
     * @param rangeJoules      where it wraps, or unavailable
     * @param maxWatts         the most that the device can draw
     * @param expectedJoules   what power tells about the time since the counter moved, or unavailable
     */
    public Outcome take(double raw, double secondsSinceMove, double rangeJoules, double maxWatts, double expectedJoules) {
        if (!begun) {
            begun = true;
            last = raw;
            return Outcome.FIRST;
        }
        if (raw == last) {
            return Outcome.STILL;
        }
        double most = maxWatts * (secondsSinceMove + (moved ? JITTER_SECONDS : MAX_BATCH_SECONDS));
        double before = last;
        last = raw;
        moved = true;
        double seconds = secondsSinceMove + JITTER_SECONDS;
        Outcome outcome = unwrap(raw - before, before, rangeJoules, most,
                mostUnstated(expectedJoules, seconds, maxWatts), expectedJoules);
        moved = outcome == Outcome.MOVED;
        if (moved) {
            highestWatts = Math.max(MEMORY * highestWatts, difference / seconds);
        }
        return outcome;
    }

    /** Whether {@link #take} of that value would tell that the counter stands still. */
    public boolean isStill(double raw) {
        return begun && raw == last;
    }

    private Outcome unwrap(double plain, double before, double rangeJoules, double most, double mostUnstated,
            double expectedJoules) {
        double range = rangeJoules;
        difference = plain;
        if (!isAvailable(range) || range <= 0) {
            if (plain >= 0) {
                return plain <= most ? Outcome.MOVED : Outcome.RESET;
            }
            range = range32Bit(before, before + plain, Math.min(most, mostUnstated));
            difference = plain + range;
            return range > 0 ? Outcome.MOVED : Outcome.RESET;
        }
        difference = plain < 0 ? plain + range : plain;
        if (difference < 0 || difference > most) {
            return Outcome.RESET;
        }
        if (difference + range > most) {
            return Outcome.MOVED;
        }
        if (!isAvailable(expectedJoules)) {
            return Outcome.AMBIGUOUS;
        }
        double wraps = Math.max(0, Math.rint((expectedJoules - difference) / range));
        difference += wraps * range;
        boolean clear = Math.abs(expectedJoules - difference) < MAX_PART_OF_RANGE * range
                && POWER_ERROR * expectedJoules < MAX_PART_OF_RANGE * range && difference <= most;
        return clear ? Outcome.MOVED : Outcome.AMBIGUOUS;
    }

    /**
     * A wrap that no driver has announced must agree with power, which knows as well what a reset has lost. Without power
     * it must agree with what the counter told lately, and be the work of a moment.
     */
    private double mostUnstated(double expectedJoules, double seconds, double maxWatts) {
        if (isAvailable(expectedJoules)) {
            return POWER_FACTOR * expectedJoules;
        }
        double moment = maxWatts * MAX_BATCH_SECONDS;
        return highestWatts > 0 ? Math.min(moment, POWER_FACTOR * highestWatts * seconds) : moment;
    }

    private static double range32Bit(double before, double now, double most) {
        for (double range : RANGES_32_BIT) {
            if (before <= range && now >= 0 && now + range - before <= Math.min(most, range / 2)) {
                return range;
            }
        }
        return 0;
    }

    /** Joules since the look before, after {@link Outcome#MOVED}. */
    public double differenceJoules() {
        return difference;
    }
}
