package cli.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import telemetry.accounting.EnergyInterval;
import telemetry.simulation.Load;
import telemetry.simulation.SimulatedDevice;
import telemetry.simulation.SimulatedLooks;
import telemetry.simulation.Sources;

/** The mean over many runs of one command, whose joules are known in closed form, is to be within its uncertainty. */
class RepeatedRunsTest {

    private static final int RUNS = 25;
    private static final int SEEDS = 6;

    @Test
    void theMeanOfManyRunsIsWithinItsUncertainty() {
        for (Sources source : List.of(Sources.COUNTER_20_MS, Sources.COUNTER_100_MS_JITTER,
                Sources.COUNTER_100_MS_FRESH_POWER, Sources.COUNTER_100_MS_LATE, Sources.COUNTER_1_MS,
                Sources.POWER_INSTANT, Sources.POWER_MEAN)) {
            int within = 0;
            for (int seed = 0; seed < SEEDS; seed++) {
                within += isMeanWithin(source, new Random(31 * seed + 7)) ? 1 : 0;
            }
            assertThat(within).as("%s: means within", source).isEqualTo(SEEDS);
        }
    }

    /** Runs of 2 s at 700 W on a machine that idles at 90 W. */
    private static boolean isMeanWithin(Sources source, Random random) {
        List<double[]> pieces = new ArrayList<>();
        List<double[]> runs = new ArrayList<>();
        double t = 15;
        pieces.add(new double[] {t, 90, 90});
        for (int i = 0; i < RUNS; i++) {
            double run = 2 + 0.02 * random.nextDouble();
            double rest = 0.7 + 0.5 * random.nextDouble();
            runs.add(new double[] {t, t + run});
            pieces.add(new double[] {run, 700, 700});
            pieces.add(new double[] {rest, 90, 90});
            t += run + rest;
        }
        SimulatedDevice device = new SimulatedDevice(Load.of(pieces.toArray(new double[0][])), random);
        device.sample.powerLimitWatts = 700;
        source.driver().accept(device);
        SimulatedLooks looks = new SimulatedLooks(device, random);
        source.sampling().accept(looks);
        looks.runTo(t + 5);
        List<Figure.Value> values = new ArrayList<>();
        double truths = 0;
        for (double[] run : runs) {
            EnergyInterval energy = looks.timeline.between(SimulatedLooks.clock(run[0]), SimulatedLooks.clock(run[1]));
            if (energy.isValid()) {
                values.add(new Figure.Value(energy.joules(), energy.uncertaintyJoules(), energy.leastJoules(),
                        energy.mostJoules()));
                truths += looks.truth(run[0], run[1]);
            }
        }
        assertThat(values).as("%s", source).hasSizeGreaterThan(RUNS / 2);
        Figure.Value mean = new Figure("joules", "energy", "J", values).mean();
        return Math.abs(mean.best() - truths / values.size()) <= mean.uncertainty();
    }
}
