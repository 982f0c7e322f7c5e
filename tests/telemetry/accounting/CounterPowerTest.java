package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CounterPowerTest {

    private static final long MILLI = 1_000_000L;

    private final CounterPower power = new CounterPower();

    @Test
    void aCounterThatMovesInBatchesGivesItsMeanPowerAndNeverZero() {
        for (long ms = 0; ms <= 20_000; ms += 50) {
            long batch = ms / 2100;
            power.add(batch * 2.1 * 80, ms * MILLI);
            if (batch >= 2) {
                assertThat(power.watts()).isCloseTo(80, within(80 * 0.03));
            } else {
                assertThat(power.watts()).isEqualTo(UNAVAILABLE);
            }
        }
    }

    @Test
    void aCounterSampledAsFastAsItMovesGivesSteadyPower() {
        for (long ms = 0; ms <= 1000; ms++) {
            long steps = (ms * MILLI - (ms % 3) * 300_000) / MILLI; // the counter's step and ours drift apart
            power.add(steps * 0.15, ms * MILLI);
            if (ms > 100) {
                assertThat(power.watts()).isCloseTo(150, within(150 * 0.05));
            }
        }
    }

    @Test
    void aCounterThatStopsIsUnavailableAndNotZero() {
        power.add(0, 0);
        power.add(5, 50 * MILLI);
        power.add(10, 100 * MILLI);
        assertThat(power.watts()).isCloseTo(100, within(1e-6));
        power.add(10, 5000 * MILLI);
        assertThat(power.watts()).isCloseTo(100, within(1e-6));
        power.add(10, 5200 * MILLI);
        assertThat(power.watts()).isEqualTo(UNAVAILABLE);
        power.add(11, 9000 * MILLI);
        assertThat(power.watts()).isEqualTo(UNAVAILABLE);
        power.add(12, 9100 * MILLI);
        assertThat(power.watts()).isCloseTo(10, within(1e-6));
    }
}
