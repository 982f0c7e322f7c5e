package telemetry.accounting.steps;

/** Arrays whose length is a power of two, filled round and round: an element's place is its index modulo the length. */
final class Ring {

    private Ring() {
    }

    /** The last index from first to below next whose moment is not after the given one; first - 1 when there is none. */
    static int lastBefore(long[] moments, int first, int next, long moment) {
        int mask = moments.length - 1;
        int high = next - 1;
        int low = high; // mostly the latest ones are asked for: from there backward in growing strides
        for (int stride = 1; low >= first && moments[low & mask] - moment > 0; stride *= 2) {
            high = low - 1;
            low = Math.max(first - 1, low - stride);
        }
        while (low < high) {
            int middle = low + (high - low + 1) / 2;
            if (moments[middle & mask] - moment <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The same elements, from first to below next, in twice the room. */
    static double[] grown(double[] old, int first, int next) {
        double[] grown = new double[2 * old.length];
        for (int i = first; i < next; i++) {
            grown[i & (grown.length - 1)] = old[i & (old.length - 1)];
        }
        return grown;
    }

    /** The same for moments. */
    static long[] grown(long[] old, int first, int next) {
        long[] grown = new long[2 * old.length];
        for (int i = first; i < next; i++) {
            grown[i & (grown.length - 1)] = old[i & (old.length - 1)];
        }
        return grown;
    }

    /** The same for counts. */
    static int[] grown(int[] old, int first, int next) {
        int[] grown = new int[2 * old.length];
        for (int i = first; i < next; i++) {
            grown[i & (grown.length - 1)] = old[i & (old.length - 1)];
        }
        return grown;
    }
}
