package telemetry.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CloseLooksTest {

    private static final long MILLI = 1_000_000L;

    private boolean wanted = true;
    private final CloseLooks looks = new CloseLooks(() -> wanted);

    @Test
    void thereIsNoneWhileNobodyAsksForIntervals() {
        wanted = false;
        assertThat(count(50, 10_000)).isZero();
    }

    @Test
    void thereAreFourASecondBetweenTheLooksOfAnEvenPace() {
        assertThat(count(50, 10_000)).isBetween(30, 50);
    }

    @Test
    void aSlowPaceIsFilledUp() {
        assertThat(count(1000, 10_000)).isBetween(150, 260);
    }

    @Test
    void aQuickPaceNeedsNone() {
        assertThat(count(1, 1000)).isZero();
    }

    @Test
    void noneHoldsUpTheLookAtTheDeadline() {
        long now = 0;
        for (int i = 0; i < 1000; i++) {
            now += 7 * MILLI;
            assertThat(looks.nanosUntil(now, 10 * MILLI, 50 * MILLI, 6 * MILLI)).isPositive();
        }
    }

    /** How many are made within some time, by a thread that parks as long as it is told. */
    private int count(long intervalMillis, long millis) {
        int made = 0;
        long interval = intervalMillis * MILLI;
        long now = 0;
        for (long deadline = interval; deadline <= millis * MILLI; deadline += interval) {
            while (now < deadline) {
                long until = looks.nanosUntil(now, deadline - now, interval, MILLI / 10);
                if (until == 0) {
                    made++;
                    looks.set(now, interval);
                    now += MILLI / 10;
                } else {
                    now += until;
                }
            }
        }
        return made;
    }
}
