package collectors.apple;

import static org.assertj.core.api.Assertions.assertThat;

import collectors.CollectorContext.MacosPower;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import telemetry.accounting.EnergyInterval;
import telemetry.accounting.EnergyTimeline;

/** Joules of intervals out of batches up to 2.13 s apart, against what the fake has truly counted. */
@Timeout(60)
class AppleEnergyTest {

    private static final int LOOKS = 3000;
    private static final int LOOKS_A_SECOND = 20;
    private static final long JITTER_NANOS = 1_000_000;

    private final Map<String, EnergyTimeline> timelines = new TreeMap<>();
    private final long[] nanos = new long[LOOKS];
    private final double[] cpuJoules = new double[LOOKS];
    private final double[] gpuJoules = new double[LOOKS];

    @ParameterizedTest
    @CsvSource({"max, 3, 8", "m5, 3, 10", "m5, 10, 10"})
    void everyIntervalHasItsJoulesWithinItsBoundsAndNoneIsLost(String chip, int seconds, double mostRms)
            throws Exception {
        FakeApple fake = new FakeApple("chip=" + chip);
        Random random = new Random(5);
        try (TelemetryCollector collector = fake.open(MacosPower.COMBINED)) {
            for (int i = 0; i < LOOKS; i++) {
                if (i % 10 == 0) {
                    fake.set("watts=CPU Energy:" + (random.nextBoolean() ? 2 : 40)
                            + ";watts=GPU Energy:" + (random.nextBoolean() ? 1 : 60));
                }
                fake.advance(1_000_000_000L / LOOKS_A_SECOND);
                look(fake, collector, i);
            }
        }
        assertThat(timelines.values()).allMatch(timeline -> timeline.isReady() && timeline.problem() == null);
        assertIntervals("macos-cpu", cpuJoules, seconds, 1.5 * mostRms);
        assertIntervals("macos-gpu", gpuJoules, seconds, 1);
    }

    private void look(FakeApple fake, TelemetryCollector collector, int i) throws Exception {
        nanos[i] = fake.nanoTime();
        for (DeviceSample device : collector.collect()) {
            timelines.computeIfAbsent(device.id, id -> new EnergyTimeline())
                    .add(device, nanos[i] - JITTER_NANOS, nanos[i] + JITTER_NANOS);
        }
        cpuJoules[i] = fake.joules("CPU Energy");
        gpuJoules[i] = fake.joules("GPU Energy");
    }

    private void assertIntervals(String id, double[] truth, int seconds, double mostRms) {
        double squares = 0;
        double bias = 0;
        int covered = 0;
        int count = 0;
        for (int from = 400; from + seconds * LOOKS_A_SECOND < LOOKS - 100; from += 17) {
            int to = from + seconds * LOOKS_A_SECOND;
            EnergyInterval told = timelines.get(id).between(nanos[from], nanos[to]);
            double joules = truth[to] - truth[from];
            assertThat(told.problem()).as(id).isNull();
            assertThat(joules).as(id).isBetween(told.leastJoules() - 0.01, told.mostJoules() + 0.01);
            covered += Math.abs(told.joules() - joules) <= told.uncertaintyJoules() ? 1 : 0;
            squares += Math.pow(told.joules() - joules, 2);
            bias += told.joules() - joules;
            count++;
        }
        assertThat(Math.sqrt(squares / count)).as("rms of " + id).isLessThan(mostRms);
        assertThat(Math.abs(bias / count)).as("bias of " + id).isLessThan(mostRms / 4);
        assertThat((double) covered / count).as("coverage of " + id).isGreaterThan(0.9);
    }
}
