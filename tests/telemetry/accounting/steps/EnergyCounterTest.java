package telemetry.accounting.steps;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import telemetry.accounting.steps.EnergyCounter.Outcome;

class EnergyCounterTest {

    private static final double NONE = UNAVAILABLE;

    private final EnergyCounter counter = new EnergyCounter();

    @Test
    void theFirstValueMeansNothingAndTheNextOnesAreDifferences() {
        assertThat(counter.take(500, 0, NONE, 300, NONE)).isEqualTo(Outcome.FIRST);
        assertThat(counter.take(500, 0.05, NONE, 300, NONE)).isEqualTo(Outcome.STILL);
        assertThat(counter.take(510, 0.1, NONE, 300, NONE)).isEqualTo(Outcome.MOVED);
        assertThat(counter.differenceJoules()).isEqualTo(10);
    }

    @Test
    void whetherItStandsStillIsKnownBeforeItIsTaken() {
        assertThat(counter.isStill(0)).as("nothing was read yet").isFalse();
        counter.take(0, 0, NONE, 300, NONE);
        assertThat(counter.isStill(0)).isTrue();
        assertThat(counter.isStill(5)).isFalse();
        assertThat(counter.take(5, 0.1, NONE, 300, NONE)).as("asking has changed nothing").isEqualTo(Outcome.MOVED);
    }

    @Test
    void aLowerValueIsAResetWithoutARangeAndAWrapWithOne() {
        counter.take(500, 0, NONE, 300, NONE);
        assertThat(counter.take(3, 0.1, NONE, 300, NONE)).isEqualTo(Outcome.RESET);
        counter.take(995, 0.1, 1000, 30_000, NONE);
        assertThat(counter.take(10, 0.1, 1000, 300, NONE)).isEqualTo(Outcome.MOVED);
        assertThat(counter.differenceJoules()).isCloseTo(15, within(1e-9));
        assertThat(counter.take(4, 0.1, 1000, 300, NONE)).as("994 J in 0.1 s").isEqualTo(Outcome.RESET);
    }

    @Test
    void aJumpBeyondWhatTheDeviceCanDrawIsAReset() {
        counter.take(500, 0, NONE, 300, NONE);
        counter.take(510, 0.1, NONE, 300, NONE);
        assertThat(counter.take(3510, 0.1, NONE, 300, NONE)).isEqualTo(Outcome.RESET);
    }

    @Test
    void powerTellsHowOftenACounterWrapped() {
        counter.take(1000, 0, 65_536, 2000, NONE);
        assertThat(counter.take(33_000, 240, 65_536, 2000, 97_000)).isEqualTo(Outcome.MOVED);
        assertThat(counter.differenceJoules()).isEqualTo(32_000 + 65_536);
    }

    @Test
    void wrapsThatNothingTellsAreAmbiguous() {
        counter.take(1000, 0, 65_536, 2000, NONE);
        assertThat(counter.take(33_000, 240, 65_536, 2000, NONE)).isEqualTo(Outcome.AMBIGUOUS);
        assertThat(counter.take(40_000, 240, 65_536, 2000, 40_000)).as("half way between").isEqualTo(Outcome.AMBIGUOUS);
        assertThat(counter.take(41_000, 5, 65_536, 2000, NONE)).as("no time to wrap").isEqualTo(Outcome.MOVED);
    }

    @Test
    void accumulatorsOf32BitsWrapWhereTheyWrap() {
        counter.take(65_530, 0, NONE, 300, NONE);
        assertThat(counter.take(4, 0.1, NONE, 300, NONE)).isEqualTo(Outcome.MOVED);
        assertThat(counter.differenceJoules()).isCloseTo(10, within(1.0));
    }

    /** From 3000 J to 600 J is a wrap at 4295 J or a reset: 1895 J or anything. */
    @Test
    void aWrapThatNoDriverAnnouncedMustAgreeWithPower() {
        counter.take(3000, 0, NONE, 300, NONE);
        assertThat(counter.take(600, 15, NONE, 300, 150)).as("power tells 150 J").isEqualTo(Outcome.RESET);
        assertThat(counter.take(2900, 15, NONE, 300, 2300)).isEqualTo(Outcome.MOVED);
        assertThat(counter.take(500, 15, NONE, 300, 1890)).as("power tells 1890 J").isEqualTo(Outcome.MOVED);
        assertThat(counter.differenceJoules()).isCloseTo(1895, within(1.0));
        assertThat(counter.take(3000, 15, NONE, 300, 2500)).isEqualTo(Outcome.MOVED);
        assertThat(counter.take(600, 15, NONE, 300, NONE)).as("nothing tells").isEqualTo(Outcome.RESET);
    }

    /** A counter that was reset some hundred joules before it would have wrapped. */
    @Test
    void aResetNearTheWrapIsNoneThatTheDeviceCannotHaveDrawn() {
        for (double expected : new double[] {NONE, 40}) {
            EnergyCounter reset = new EnergyCounter();
            reset.take(4000, 0, NONE, 2100, NONE);
            for (double raw = 4040; raw < 4180; raw += 40) {
                assertThat(reset.take(raw, 0.1, NONE, 2100, expected)).isEqualTo(Outcome.MOVED);
            }
            assertThat(reset.take(8, 0.1, NONE, 2100, expected)).as("142 J in 0.1 s, by power %s J", expected)
                    .isEqualTo(Outcome.RESET);
        }
        EnergyCounter wrapped = new EnergyCounter();
        wrapped.take(4230, 0, NONE, 2100, NONE);
        wrapped.take(4270, 0.1, NONE, 2100, NONE);
        assertThat(wrapped.take(15, 0.1, NONE, 2100, NONE)).as("40 J in 0.1 s").isEqualTo(Outcome.MOVED);
    }
}
