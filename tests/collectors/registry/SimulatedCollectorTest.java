package collectors.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import collectors.DeviceSample;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatedCollectorTest {

    @Test
    void theFirstGpusCounterIsTheIntegralOfItsPower() {
        double[] seconds = {0};
        SimulatedCollector collector = new SimulatedCollector(() -> (long) (seconds[0] * 1e9));
        double integral = 0;
        double last = Double.NaN;
        for (int i = 0; i <= 20_000; i++) {
            seconds[0] = i / 1000.0;
            DeviceSample gpu = collector.collect().get(0);
            integral += i == 0 ? 0 : (last + gpu.powerWatts) / 2 / 1000;
            last = gpu.powerWatts;
            assertThat(gpu.energyCounterJoules).isCloseTo(integral, within(0.01));
        }
        assertThat(integral).as("two periods of a mean of 200 W").isCloseTo(4000, within(0.01));
    }

    @Test
    void theSecondGpuHasNoCounterAndRisesAndFallsBetween50And150Watts() {
        double[] seconds = {0};
        SimulatedCollector collector = new SimulatedCollector(() -> (long) (seconds[0] * 1e9));
        for (double[] point : List.of(new double[] {0, 50}, new double[] {1, 100}, new double[] {2, 150},
                new double[] {3, 100}, new double[] {4, 50}, new double[] {402, 150})) {
            seconds[0] = point[0];
            DeviceSample gpu = collector.collect().get(1);
            assertThat(gpu.powerWatts).isCloseTo(point[1], within(1e-9));
            assertThat(gpu.energyCounterJoules).isEqualTo(DeviceSample.UNAVAILABLE);
        }
    }
}
