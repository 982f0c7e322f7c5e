package telemetry.accounting.steps;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PowerIntegralTest {

    private static final long MILLI = 1_000_000L;

    private final Random random = new Random(17);

    @Test
    void theJoulesAloneAreThoseThatComeWithTheirDeviation() {
        for (double delaySeconds : new double[] {UNAVAILABLE, 0.5}) {
            PowerTrace trace = trace(delaySeconds);
            int told = 0;
            for (double averagingSeconds : new double[] {UNAVAILABLE, 0, 0.05, 1}) {
                for (int i = 0; i < 500; i++) {
                    long from = (random.nextInt(14_000) - 2_000) * MILLI;
                    long to = from + (1 + random.nextInt(3_000)) * MILLI;
                    PowerIntegral.Estimate both = PowerIntegral.told(trace, from, to, averagingSeconds);
                    double alone = PowerIntegral.toldJoules(trace, from, to, averagingSeconds);
                    told += both == null ? 0 : 1;
                    assertThat(alone).isCloseTo(both == null ? UNAVAILABLE : both.joules(), within(1e-9));
                }
            }
            assertThat(told).as("some are told, some are not").isBetween(500, 1_900);
        }
    }

    @Test
    void aHoleCountsAsMuchAsTheRestAndIsUncertain() {
        for (double averagingSeconds : new double[] {UNAVAILABLE, 0, 0.05, 1}) {
            PowerTrace trace = new PowerTrace();
            for (int i = 0; i <= 500; i++) {
                if (i < 200 || i > 230) {
                    trace.add(i * 20 * MILLI, 100, i == 231);
                }
            }
            PowerIntegral.Estimate estimate = PowerIntegral.told(trace, 0, 8_000 * MILLI, averagingSeconds);
            assertThat(estimate.joules()).as("mean of %s s", averagingSeconds).isCloseTo(800, within(1e-6));
            assertThat(estimate.deviation()).isGreaterThan(100 * 0.62 / 2);
        }
    }

    /** Ten seconds at 20 Hz, with a hole of half a second. */
    private PowerTrace trace(double delaySeconds) {
        PowerTrace trace = new PowerTrace();
        trace.setMaxDelay(delaySeconds);
        for (int i = 0; i < 200; i++) {
            if (i < 100 || i > 110) {
                trace.add(i * 50 * MILLI, 100 + random.nextInt(300), i == 111);
            }
        }
        return trace;
    }
}
