package telemetry.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import telemetry.simulation.Load;
import telemetry.simulation.SimulatedDevice;
import telemetry.simulation.SimulatedLooks;
import telemetry.simulation.Sources;

/** What is measured in the first seconds, as {@code measure --idle} does, while a counter's rhythm is hardly known. */
class EarlyIntervalTest {

    private static final int SEEDS = 100;
    /** Of 100 cases; the uncertainty is to hold 95, which so few cases tell to some percent. */
    private static final int MIN_INSIDE = 91;
    private static final double SECONDS = 1;

    private static final Map<String, Function<Random, Load>> LOADS = Map.of(
            "idle", random -> Load.constant(90),
            "sine", Sources.loads().get("slow sine"));

    @ParameterizedTest
    @CsvSource({"COUNTER_100_MS_MEAN_POWER, idle, 0", "COUNTER_100_MS_MEAN_POWER, idle, 1",
        "COUNTER_100_MS_MEAN_POWER, sine, 0",
        "COUNTER_100_MS_JITTER, idle, 0.3", "COUNTER_100_MS_JITTER, sine, 0"})
    void theUncertaintyHoldsTheTruthFromTheFirstIntervalOn(Sources source, String load, double waitSeconds) {
        int inside = 0;
        double uncertainty = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            Random random = new Random(seed * 7919L + 17);
            SimulatedDevice device = new SimulatedDevice(LOADS.get(load).apply(random), random);
            source.driver().accept(device);
            SimulatedLooks looks = new SimulatedLooks(device, random);
            source.sampling().accept(looks);
            double from = 0;
            while (!looks.timeline.isReady()) {
                from += looks.interval;
                looks.runTo(from);
            }
            from += looks.callSeconds + waitSeconds;
            double to = from + SECONDS;
            double now = to;
            while (!looks.timeline.isSettled(SimulatedLooks.clock(to))) {
                now += looks.interval;
                looks.runTo(now);
            }
            EnergyInterval energy = looks.timeline.between(SimulatedLooks.clock(from), SimulatedLooks.clock(to));
            double truth = looks.truth(from, to);
            assertThat(truth).isBetween(energy.leastJoules(), energy.mostJoules());
            inside += Math.abs(energy.joules() - truth) <= energy.uncertaintyJoules() ? 1 : 0;
            uncertainty += energy.uncertaintyJoules() / truth / SEEDS;
        }
        assertThat(inside).as(source + ", " + load + ": ± " + uncertainty).isGreaterThanOrEqualTo(MIN_INSIDE);
        assertThat(uncertainty).isLessThan(0.08);
    }
}
