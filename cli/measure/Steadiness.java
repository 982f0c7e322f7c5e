package cli.measure;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Tells when power has become steady: when the means of its latest seconds differ by little. */
final class Steadiness {

    static final double MAX_VARIATION = 0.05;

    private static final long SLICE_NANOS = 1_000_000_000L;
    private static final int SLICES = 4;

    private record Sample(long nanos, double watts) {
    }

    private final ArrayDeque<Sample> samples = new ArrayDeque<>();

    /** Takes in the power at a moment of {@link System#nanoTime}; -1 begins anew. */
    synchronized void add(long nanos, double watts) {
        if (watts < 0) {
            samples.clear();
            return;
        }
        samples.add(new Sample(nanos, watts));
        while (nanos - samples.peek().nanos > (SLICES + 1) * SLICE_NANOS) {
            samples.remove();
        }
    }

    synchronized boolean isSteady() {
        if (samples.isEmpty() || samples.peekLast().nanos - samples.peek().nanos < SLICES * SLICE_NANOS) {
            return false;
        }
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (int slice = 0; slice < SLICES; slice++) {
            long end = samples.peekLast().nanos - slice * SLICE_NANOS;
            List<Double> watts = new ArrayList<>();
            for (Sample sample : samples) {
                if (sample.nanos - end <= 0 && sample.nanos - end > -SLICE_NANOS) {
                    watts.add(sample.watts);
                }
            }
            if (watts.isEmpty()) {
                return false; // sampled more slowly than once a second
            }
            double mean = Spread.of(watts).mean();
            least = Math.min(least, mean);
            most = Math.max(most, mean);
        }
        return most - least <= MAX_VARIATION * most;
    }
}
