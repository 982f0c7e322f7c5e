package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ToldPowerTest {

    private static final long SECOND = 1_000_000_000L;

    private final ToldPower power = new ToldPower();

    @Test
    void eachTimeHasTheKindThatWasToldThen() {
        power.add(10 * SECOND, 100, 0, false);
        power.add(50 * SECOND, 100, 1, false);
        power.add(80 * SECOND, 100, 0, false);
        assertThat(power.averagingSeconds(0, 50 * SECOND - 1)).as("before the first look too").isZero();
        assertThat(power.averagingSeconds(40 * SECOND, 60 * SECOND)).isNaN();
        assertThat(power.averagingSeconds(56 * SECOND, 70 * SECOND)).isEqualTo(1);
        assertThat(power.averagingSeconds(52 * SECOND, 70 * SECOND)).as("too near to the change").isNaN();
        assertThat(power.averagingSeconds(56 * SECOND, 78 * SECOND)).as("too near to the change").isNaN();
        assertThat(power.averagingSeconds(40 * SECOND, 90 * SECOND)).isNaN();
        assertThat(power.averagingSeconds(81 * SECOND, 90 * SECOND)).isZero();
    }

    @Test
    void lengthsOfOneSensorVary() {
        power.add(0, 100, 1.6, false);
        power.add(2 * SECOND, 100, 2.2, false);
        assertThat(power.averagingSeconds(SECOND, 90 * SECOND)).isEqualTo(2.2);
        power.add(100 * SECOND, 100, UNAVAILABLE, false);
        power.add(101 * SECOND, 100, 0, false);
        assertThat(power.averagingSeconds(100 * SECOND, 110 * SECOND)).as("neither is a mean").isZero();
    }

    @Test
    void whatIsForgottenIsUnknown() {
        for (int i = 0; i < 100; i++) {
            power.add(i * SECOND, 100, i % 2, false);
        }
        assertThat(power.averagingSeconds(2 * SECOND, 2 * SECOND + 1)).isNaN();
    }
}
