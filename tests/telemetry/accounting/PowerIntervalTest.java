package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import telemetry.accounting.steps.Looks;
import telemetry.accounting.steps.PowerTrace;

/** A steady load costs its power times the time, wherever in the interval nothing was told. */
class PowerIntervalTest {

    private static final double WATTS = 100;
    private static final double MAX_WATTS = 700;
    private static final double SECONDS = 40;
    private static final double GAP_SECONDS = 0.01;
    private static final double LEAST_HOLE_SECONDS = 0.25;

    @ParameterizedTest
    @CsvSource({"0, 0, 0, 1", "0.3, 0, 0, 0.9925", "0, 0.3, 0, 0.9925", "0, 0, 0.3, 0.9925", "0.1, 0.26, 0, 0.991",
        "0.009, 0, 0, 1"})
    void timeOfWhichNothingIsToldIsFilledOnce(double early, double late, double inner, double coverage) {
        PowerTrace power = new PowerTrace();
        Looks looks = new Looks();
        double middle = SECONDS / 2;
        for (double at = early; at <= SECONDS - late + 1e-9; at += inner > 0 && at < middle && at + GAP_SECONDS >= middle
                ? inner : GAP_SECONDS) {
            long nanos = nanos(at);
            power.add(nanos, WATTS, looks.add(nanos));
        }
        EnergyInterval interval = PowerInterval.between(power, looks, MAX_WATTS, 0, nanos(SECONDS), UNAVAILABLE);
        assertThat(interval.joules()).isCloseTo(WATTS * SECONDS, within(1e-6));
        assertThat(interval.coverage()).isCloseTo(coverage, within(1e-9));
        assertThat(interval.uncertaintyJoules()).as("what is filled is uncertain")
                .isGreaterThanOrEqualTo((1 - coverage) * WATTS * SECONDS);
        assertThat(interval.longestHoleSeconds() > LEAST_HOLE_SECONDS).isEqualTo(Math.max(inner, late) > 0 || early == 0.3);
    }

    private static long nanos(double seconds) {
        return Math.round(seconds * 1e9);
    }
}
