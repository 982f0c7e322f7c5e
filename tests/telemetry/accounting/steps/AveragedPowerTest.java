package telemetry.accounting.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Power that is a mean of a second, around a time of which nothing was told. */
class AveragedPowerTest {

    private static final double WATTS = 100;
    private static final long WINDOW_NANOS = 1_000_000_000L;
    private static final long GAP_NANOS = 20_000_000L;

    @Test
    void aHoleIsNoPlaceWhereTheLoadWasSteady() {
        PowerTrace trace = new PowerTrace();
        for (long at = 0; at <= 30 * WINDOW_NANOS; at += at == 10 * WINDOW_NANOS ? 5 * WINDOW_NANOS : GAP_NANOS) {
            double ripple = at / GAP_NANOS % 2; // so that nowhere but in the hole the load looks quite steady
            trace.add(at, WATTS + ripple, at == 15 * WINDOW_NANOS);
        }
        for (long from = 15 * WINDOW_NANOS + GAP_NANOS; from < 19 * WINDOW_NANOS; from += GAP_NANOS) {
            long to = from + 2 * WINDOW_NANOS + WINDOW_NANOS / 3;
            double truth = (WATTS + 0.5) * (to - from) / 1e9;
            PowerIntegral.Estimate estimate = PowerIntegral.between(trace, from, to, WINDOW_NANOS / 1e9);
            assertThat(estimate.joules()).as("from %s", from).isCloseTo(truth, within(0.01 * truth));
        }
    }
}
