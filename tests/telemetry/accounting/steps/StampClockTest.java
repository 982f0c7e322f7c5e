package telemetry.accounting.steps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StampClockTest {

    private static final long MILLIS = 1_000_000;

    @Test
    void timestampsOfStepsAreMappedOnOurClock() {
        Random random = new Random(1);
        StampClock clock = new StampClock();
        long offset = 1_700_000_000_000_000_000L;
        for (int i = 1; i < 200; i++) {
            long step = i * 100 * MILLIS;
            long earliest = step - (long) (random.nextDouble() * 50 * MILLIS);
            long latest = step + (long) (random.nextDouble() * 50 * MILLIS);
            clock.step(step + offset, earliest, latest);
            clock.still(step + offset);
            if (clock.isProved()) {
                assertThat(step).isBetween(clock.earliest(), clock.latest());
            }
        }
        assertThat(clock.isProved()).isTrue();
        assertThat(clock.latest() - clock.earliest()).isLessThan(4 * MILLIS);
    }

    @Test
    void timestampsOfTheAskingAreNotBelieved() {
        StampClock clock = new StampClock();
        for (int i = 1; i < 200; i++) {
            clock.step(i * 100 * MILLIS + 30 * MILLIS, i * 100 * MILLIS, i * 100 * MILLIS + 50 * MILLIS);
            clock.still(i * 100 * MILLIS + 80 * MILLIS);
        }
        assertThat(clock.isProved()).isFalse();
    }

    @Test
    void aCounterWithoutTimestampsHasNone() {
        StampClock clock = new StampClock();
        for (int i = 1; i < 200; i++) {
            clock.step(0, i * 100 * MILLIS, i * 100 * MILLIS + 50 * MILLIS);
        }
        assertThat(clock.isProved()).isFalse();
    }
}
