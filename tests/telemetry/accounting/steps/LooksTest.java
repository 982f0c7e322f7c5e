package telemetry.accounting.steps;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LooksTest {

    private static final long MILLI = 1_000_000L;

    private final Looks looks = new Looks();
    private long now;

    @Test
    void aTimeWithoutAnAnswerIsAHole() {
        looks.meanEvery(50 * MILLI);
        look(50, 100);
        assertThat(looks.add(now += 1000 * MILLI)).isTrue();
        assertThat(looks.longestHole(0, now)).isEqualTo(1000 * MILLI);
    }

    @Test
    void lookingLessOftenWhileNobodyListensIsNone() {
        looks.meanEvery(50 * MILLI);
        look(50, 100);
        looks.meanEvery(1000 * MILLI);
        look(1000, 5);
        looks.meanEvery(50 * MILLI);
        assertThat(looks.add(now += 700 * MILLI)).as("the last of the slow looks").isFalse();
        look(50, 100);
        assertThat(looks.longestHole(0, now)).isZero();
        assertThat(looks.add(now += 1000 * MILLI)).as("now it is a hole again").isTrue();
    }

    private void look(long everyMillis, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(looks.add(now += everyMillis * MILLI)).isFalse();
        }
    }
}
