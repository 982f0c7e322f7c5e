package telemetry.simulation;

import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;

/** Measures random intervals of a simulated device, of which the truth is known. */
public final class AccuracyTrial {

    /** Nothing is measured before, as {@code measure} waits for the counter to be believed. */
    private static final double BEGIN = 15;
    private static final double END = 75;
    private static final int WINDOWS_PER_RUN = 60;
    private static final double LIVE_STEP = 0.05;

    private final Function<Random, Load> loads;
    private final Consumer<SimulatedDevice> driver;
    private final Consumer<SimulatedLooks> sampling;
    private final double window;
    public final Errors interval = new Errors();
    public final Errors live = new Errors();
    public final Errors raw = new Errors();
    /** The lowest truth to interval ratio. */
    public double worst;

    public AccuracyTrial(Function<Random, Load> loads, Consumer<SimulatedDevice> driver,
            Consumer<SimulatedLooks> sampling, double window) {
        this.loads = loads;
        this.driver = driver;
        this.sampling = sampling;
        this.window = window;
    }

    /** Measures with so many seeds. */
    public AccuracyTrial run(int firstSeed, int seeds) {
        for (int seed = firstSeed; seed < firstSeed + seeds; seed++) {
            run(seed);
        }
        return this;
    }

    private void run(int seed) {
        Random random = new Random(seed * 7919L + 17);
        SimulatedDevice device = new SimulatedDevice(loads.apply(random), random);
        device.sample.powerLimitWatts = 700;
        driver.accept(device);
        SimulatedLooks looks = new SimulatedLooks(device, random);
        sampling.accept(looks);
        int points = (int) ((END + 5) / LIVE_STEP);
        double[] shown = new double[points];
        double[] counter = new double[points];
        for (int i = 0; i < points; i++) {
            looks.runTo(i * LIVE_STEP);
            shown[i] = looks.timeline.joulesAt(SimulatedLooks.clock(i * LIVE_STEP));
            counter[i] = device.sample.energyCounterJoules;
        }
        for (int i = 0; i < WINDOWS_PER_RUN; i++) {
            double from = BEGIN + random.nextDouble() * (END - BEGIN - window);
            double truth = looks.truth(from, from + window);
            long begins = SimulatedLooks.clock(from);
            interval.add(looks.timeline.between(begins, SimulatedLooks.clock(from + window)), truth);
            int begin = (int) (from / LIVE_STEP);
            int end = begin + (int) Math.round(window / LIVE_STEP);
            double liveTruth = looks.truth(begin * LIVE_STEP, end * LIVE_STEP);
            live.add(shown[end] - shown[begin], liveTruth);
            raw.add(counter[end] - counter[begin], liveTruth);
        }
    }
}
