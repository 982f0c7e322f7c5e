package telemetry.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Power over time whose energy is known exactly: straight pieces, one after the other. Seconds, watts, joules. */
public final class Load {

    private final double[] begins;
    private final double[] levels;
    private final double[] slopes;
    private final double[] joules;

    private Load(List<double[]> pieces) {
        int n = pieces.size();
        begins = new double[n];
        levels = new double[n];
        slopes = new double[n];
        joules = new double[n];
        double begin = 0;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double seconds = pieces.get(i)[0];
            begins[i] = begin;
            levels[i] = pieces.get(i)[1];
            slopes[i] = (pieces.get(i)[2] - pieces.get(i)[1]) / seconds;
            joules[i] = sum;
            begin += seconds;
            sum += (pieces.get(i)[1] + pieces.get(i)[2]) / 2 * seconds;
        }
    }

    /** A load made of pieces: seconds, watts at the begin, watts at the end; the last one goes on for ever. */
    public static Load of(double[]... pieces) {
        return new Load(Arrays.asList(pieces));
    }

    public static Load constant(double watts) {
        return of(new double[] {1e6, watts, watts});
    }

    /** Switches between two levels for times between two lengths. */
    public static Load switching(Random random, double low, double high, double shortest, double longest, double end) {
        List<double[]> pieces = new ArrayList<>();
        boolean on = random.nextBoolean();
        for (double t = 0; t < end; on = !on) {
            double seconds = shortest + random.nextDouble() * (longest - shortest);
            double watts = on ? high : low;
            pieces.add(new double[] {seconds, watts, watts});
            t += seconds;
        }
        return new Load(pieces);
    }

    /** Changes to any level after random times. */
    public static Load random(Random random, double low, double high, double meanSeconds, double end) {
        List<double[]> pieces = new ArrayList<>();
        for (double t = 0; t < end;) {
            double seconds = 0.01 - meanSeconds * Math.log(1 - random.nextDouble());
            double watts = low + random.nextDouble() * (high - low);
            pieces.add(new double[] {seconds, watts, watts});
            t += seconds;
        }
        return new Load(pieces);
    }

    /** Rises and falls in straight lines. */
    public static Load ramps(Random random, double low, double high, double shortest, double longest, double end) {
        List<double[]> pieces = new ArrayList<>();
        double watts = low;
        for (double t = 0; t < end;) {
            double seconds = shortest + random.nextDouble() * (longest - shortest);
            double next = low + random.nextDouble() * (high - low);
            pieces.add(new double[] {seconds, watts, next});
            watts = next;
            t += seconds;
        }
        return new Load(pieces);
    }

    /** A sine, in straight lines of a sixtieth of its period. */
    public static Load sine(Random random, double low, double high, double period, double end) {
        List<double[]> pieces = new ArrayList<>();
        double phase = random.nextDouble() * 2 * Math.PI;
        double step = period / 60;
        for (int i = 0; i * step < end; i++) {
            double from = (low + high) / 2 + (high - low) / 2 * Math.sin(phase + i * Math.PI / 30);
            double to = (low + high) / 2 + (high - low) / 2 * Math.sin(phase + (i + 1) * Math.PI / 30);
            pieces.add(new double[] {step, from, to});
        }
        return new Load(pieces);
    }

    /** Holds levels for times between two lengths, with a short ramp between them. */
    public static Load levels(Random random, double low, double high, double shortest, double longest, double end) {
        List<double[]> pieces = new ArrayList<>();
        double watts = low;
        for (double t = 0; t < end;) {
            double seconds = shortest + random.nextDouble() * (longest - shortest);
            double next = low + random.nextDouble() * (high - low);
            pieces.add(new double[] {0.01, watts, next});
            pieces.add(new double[] {seconds, next, next});
            watts = next;
            t += 0.01 + seconds;
        }
        return new Load(pieces);
    }

    /** Rests with short bursts of any height at random times. */
    public static Load bursts(Random random, double idle, double high, double meanRest, double end) {
        List<double[]> pieces = new ArrayList<>();
        for (double t = 0; t < end;) {
            double rest = 0.01 - meanRest * Math.log(1 - random.nextDouble());
            double burst = 0.02 + 0.13 * random.nextDouble();
            double watts = idle + (0.4 + 0.6 * random.nextDouble()) * (high - idle);
            pieces.add(new double[] {rest, idle, idle});
            pieces.add(new double[] {burst, watts, watts});
            t += rest + burst;
        }
        return new Load(pieces);
    }

    /** Iterations of one length, each with a short dip while results are exchanged, and now and then a long pause. */
    public static Load training(Random random, double low, double high, double end) {
        List<double[]> pieces = new ArrayList<>();
        double iteration = 0.25 + 0.35 * random.nextDouble();
        double level = high - 0.3 * (high - low) * random.nextDouble();
        for (double t = 0; t < end;) {
            double dip = random.nextInt(25) == 0 ? 1.2 : 0.02 + 0.06 * random.nextDouble();
            double compute = iteration * (0.97 + 0.06 * random.nextDouble());
            pieces.add(new double[] {compute, level, level});
            pieces.add(new double[] {dip, low, low});
            t += compute + dip;
        }
        return new Load(pieces);
    }

    /** A service: rests, and serves requests with a burst at the begin and a lower level after it. */
    public static Load serving(Random random, double idle, double high, double end) {
        List<double[]> pieces = new ArrayList<>();
        for (double t = 0; t < end;) {
            double rest = 0.02 + random.nextDouble() * 0.8;
            double burst = 0.03 + random.nextDouble() * 0.15;
            double steady = 0.1 + random.nextDouble() * 1.5;
            double level = idle + (0.4 + 0.3 * random.nextDouble()) * (high - idle);
            pieces.add(new double[] {rest, idle, idle});
            pieces.add(new double[] {burst, high, high});
            pieces.add(new double[] {steady, level, level * (0.9 + 0.1 * random.nextDouble())});
            t += rest + burst + steady;
        }
        return new Load(pieces);
    }

    public double watts(double seconds) {
        int i = piece(seconds);
        return seconds < 0 ? levels[0] : levels[i] + slopes[i] * (seconds - begins[i]);
    }

    /** Joules since time 0; before that the first level was drawn. */
    public double joules(double seconds) {
        if (seconds < 0) {
            return levels[0] * seconds;
        }
        int i = piece(seconds);
        double within = seconds - begins[i];
        return joules[i] + (levels[i] + slopes[i] * within / 2) * within;
    }

    private int piece(double seconds) {
        int found = Arrays.binarySearch(begins, seconds);
        return found >= 0 ? found : Math.max(0, -found - 2);
    }
}
