package collectors.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdleReleaseTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void itIsClosedAfterAMinuteWithoutAnyWork() {
        IdleRelease release = new IdleRelease(false);
        assertThat(release.release(0, true)).isFalse();
        assertThat(release.release(50 * SECOND, false)).as("work begins the minute anew").isFalse();
        assertThat(release.release(51 * SECOND, true)).isFalse();
        assertThat(release.release(110 * SECOND, true)).isFalse();
        assertThat(release.release(111 * SECOND, true)).isTrue();
        assertThat(release.isReleased()).isTrue();
    }

    @Test
    void whatFellAsleepIsOpenedWhenSomethingElseWakesIt() {
        IdleRelease release = released();
        assertThat(release.reopen(65 * SECOND, true, false)).as("it may yet fall asleep").isFalse();
        assertThat(release.reopen(66 * SECOND, false, false)).isFalse();
        assertThat(release.reopen(5000 * SECOND, false, false)).isFalse();
        assertThat(release.reopen(5001 * SECOND, true, false)).isTrue();
        assertThat(release.isReleased()).isFalse();
    }

    @Test
    void whatStaysAwakeIsOpenedAgainAndTriedLessAndLessOften() {
        IdleRelease release = released();
        long now = 60 * SECOND;
        long[] idleSeconds = {120, 240, 480, 960, 1920, 3600, 3600};
        for (long seconds : idleSeconds) {
            now += IdleRelease.SETTLING_NANOS;
            assertThat(release.reopen(now, true, false)).isTrue();
            assertThat(release.release(now, true)).isFalse();
            assertThat(release.release(now + seconds * SECOND - 1, true)).as("before " + seconds + " s").isFalse();
            now += seconds * SECOND;
            assertThat(release.release(now, true)).isTrue();
        }
    }

    private static IdleRelease released() {
        IdleRelease release = new IdleRelease(false);
        release.release(0, true);
        assertThat(release.release(60 * SECOND, true)).isTrue();
        return release;
    }
}
