package collectors.apple.powermetrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class UncountedTimeTest {

    private static final long MILLI = 1_000_000;

    private final UncountedTime time = new UncountedTime();

    @Test
    void listsThatFollowOneAnotherLeaveNothingOutHoweverTheyAreDelayed() {
        Random random = new Random(7);
        for (int list = 1; list <= 10_000; list++) {
            assertThat(time.add((50L * list + random.nextInt(90)) * MILLI, 50 * MILLI)).isZero();
        }
        assertThat(time.totalNanos()).isZero();
    }

    @Test
    void aHoleIsAsLongAsNoListCoversIt() {
        time.add(1000 * MILLI, 50 * MILLI);
        assertThat(time.add(1050 * MILLI, 50 * MILLI)).isZero();
        assertThat(time.add(3100 * MILLI, 50 * MILLI)).isEqualTo(2000 * MILLI);
        assertThat(time.add(3150 * MILLI, 50 * MILLI)).isZero();
        assertThat(time.add(4200 * MILLI, 50 * MILLI)).isEqualTo(1000 * MILLI);
        assertThat(time.totalNanos()).isEqualTo(3000 * MILLI);
    }

    @Test
    void singleListsThatAreLostAddUp() {
        for (int list = 0; list < 100; list++) {
            if (list % 10 != 5) {
                time.add(50L * list * MILLI, 50 * MILLI);
            }
        }
        assertThat(time.totalNanos()).isEqualTo(10 * 50 * MILLI);
    }

    @Test
    void aListThatIsLongerThanTheTimeSinceTheOneBeforeHidesNoLaterHole() {
        time.add(1000 * MILLI, 50 * MILLI);
        time.add(1050 * MILLI, 60_000 * MILLI);
        assertThat(time.add(2100 * MILLI, 50 * MILLI)).isEqualTo(1000 * MILLI);
    }
}
