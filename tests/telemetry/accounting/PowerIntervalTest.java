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

    /** A mean of the last second tells of the time in a hole too. */
    @ParameterizedTest
    @CsvSource({"10", "10.3", "17.77"})
    void aHoleIsFilledOnceWherePowerIsAMean(double holeBegin) {
        PowerTrace power = new PowerTrace();
        Looks looks = new Looks();
        for (double at = 0; at <= SECONDS + 2; at += Math.abs(at - holeBegin) < GAP_SECONDS / 2 ? 0.3 : GAP_SECONDS) {
            power.add(nanos(at), WATTS, looks.add(nanos(at)));
        }
        for (double from : new double[] {0, 0.25, 9.4, 9.9}) {
            EnergyInterval interval = PowerInterval.between(power, looks, MAX_WATTS, nanos(from), nanos(SECONDS), 1);
            assertThat(interval.problem()).isNull();
            assertThat(interval.joules()).isCloseTo(WATTS * (SECONDS - from), within(1e-3));
        }
    }

    @ParameterizedTest
    @CsvSource({"0.3, 0.1", "0.3, 0.24", "5, 0.2", "500, 0.05"})
    void aDeviceThatIsSilentSinceLongUsesNothingThatIsKnownHoweverShortTheInterval(double since, double length) {
        PowerTrace power = new PowerTrace();
        Looks looks = new Looks();
        for (double at = 0; at <= SECONDS; at += GAP_SECONDS) {
            power.add(nanos(at), WATTS, looks.add(nanos(at)));
        }
        double from = SECONDS + since;
        EnergyInterval interval = PowerInterval.between(power, looks, MAX_WATTS, nanos(from), nanos(from + length),
                UNAVAILABLE);
        assertThat(interval.isValid()).isFalse();
        assertThat(interval.coverage()).isZero();
    }

    private static long nanos(double seconds) {
        return Math.round(seconds * 1e9);
    }
}
