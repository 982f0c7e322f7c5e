package cli.watch;

import static collectors.DeviceSample.UNAVAILABLE;

/** The mean power of each of the latest seconds, in a ring. */
final class PowerHistory {

    private final double[] sums;
    private final int[] counts;
    private long newestSecond = Long.MIN_VALUE;

    PowerHistory(int seconds) {
        this(new double[seconds], new int[seconds]);
    }

    private PowerHistory(double[] sums, int[] counts) {
        this.sums = sums;
        this.counts = counts;
    }

    PowerHistory copy() {
        PowerHistory copy = new PowerHistory(sums.clone(), counts.clone());
        copy.newestSecond = newestSecond;
        return copy;
    }

    /** Takes a power in watts, or -1, of that second. Seconds never go back. */
    void add(long second, double watts) {
        if (newestSecond == Long.MIN_VALUE || second - newestSecond > sums.length) {
            newestSecond = second - sums.length;
        }
        while (newestSecond < second) {
            newestSecond++;
            sums[place(newestSecond)] = 0;
            counts[place(newestSecond)] = 0;
        }
        if (watts >= 0) {
            sums[place(second)] += watts;
            counts[place(second)]++;
        }
    }

    /** The latest seconds in watts, oldest first; -1 for those without power. */
    double[] latest(int seconds) {
        double[] watts = new double[Math.min(seconds, sums.length)];
        for (int i = 0; i < watts.length; i++) {
            int place = place(newestSecond - watts.length + 1 + i);
            watts[i] = counts[place] == 0 ? UNAVAILABLE : sums[place] / counts[place];
        }
        return watts;
    }

    private int place(long second) {
        return (int) Math.floorMod(second, (long) sums.length);
    }
}
