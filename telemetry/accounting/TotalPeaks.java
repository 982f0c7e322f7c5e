package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import java.util.Arrays;

/**
 * The highest power of the machine's total in each tenth of a second of the last ten minutes. Devices have their peaks at
 * different moments: the sum of those was never drawn. For one thread.
 */
public final class TotalPeaks {

    private static final long SLOT_NANOS = 100_000_000L;
    private static final int SLOTS = 6_000;

    private final float[] watts = new float[SLOTS];
    private final long[] slots = new long[SLOTS];

    public TotalPeaks() {
        Arrays.fill(slots, Long.MIN_VALUE);
    }

    /** Takes in the total's watts at a moment of {@link System#nanoTime}; unavailable ones are left out. */
    public void add(long nanos, double totalWatts) {
        if (!isAvailable(totalWatts)) {
            return;
        }
        long slot = Math.floorDiv(nanos, SLOT_NANOS);
        int at = Math.floorMod(slot, SLOTS);
        watts[at] = slots[at] == slot ? Math.max(watts[at], (float) totalWatts) : (float) totalWatts;
        slots[at] = slot;
    }

    /** The highest watts seen from one moment to another; unavailable when none were. */
    public double max(long fromNanos, long toNanos) {
        double max = UNAVAILABLE;
        long last = Math.floorDiv(toNanos, SLOT_NANOS);
        for (long slot = Math.max(Math.floorDiv(fromNanos, SLOT_NANOS), last - SLOTS + 1); slot <= last; slot++) {
            int at = Math.floorMod(slot, SLOTS);
            if (slots[at] == slot) {
                max = Math.max(max, watts[at]);
            }
        }
        return max;
    }
}
