package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PowerKindsTest {

    private static final long SECOND = 1_000_000_000L;

    private final PowerKinds kinds = new PowerKinds();

    @Test
    void eachTimeHasTheKindThatWasToldThen() {
        kinds.add(10 * SECOND, 0);
        kinds.add(50 * SECOND, 1);
        kinds.add(80 * SECOND, 0);
        assertThat(kinds.between(0, 50 * SECOND - 1)).as("before the first look too").isZero();
        assertThat(kinds.between(40 * SECOND, 60 * SECOND)).isNaN();
        assertThat(kinds.between(56 * SECOND, 70 * SECOND)).isEqualTo(1);
        assertThat(kinds.between(52 * SECOND, 70 * SECOND)).as("too near to the change").isNaN();
        assertThat(kinds.between(56 * SECOND, 78 * SECOND)).as("too near to the change").isNaN();
        assertThat(kinds.between(40 * SECOND, 90 * SECOND)).isNaN();
        assertThat(kinds.between(81 * SECOND, 90 * SECOND)).isZero();
    }

    @Test
    void lengthsOfOneSensorVary() {
        kinds.add(0, 1.6);
        kinds.add(2 * SECOND, 2.2);
        assertThat(kinds.between(SECOND, 90 * SECOND)).isEqualTo(2.2);
        kinds.add(100 * SECOND, UNAVAILABLE);
        kinds.add(101 * SECOND, 0);
        assertThat(kinds.between(100 * SECOND, 110 * SECOND)).as("neither is a mean").isZero();
    }

    @Test
    void whatIsForgottenIsUnknown() {
        for (int i = 0; i < 100; i++) {
            kinds.add(i * SECOND, i % 2);
        }
        assertThat(kinds.between(2 * SECOND, 2 * SECOND + 1)).isNaN();
    }
}
