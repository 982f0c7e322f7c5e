package collectors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final long MILLI = 1_000_000L;

    /** {@link System#nanoTime} may be anything, and may overflow. */
    private static final long START = Long.MAX_VALUE - 100 * MILLI;

    private final Backoff backoff = new Backoff();

    @Test
    void pausesDoubleUpToFourSecondsAndBeginAnewAfterASuccess() {
        assertThat(backoff.mayTry(START)).isTrue();
        long now = START;
        for (long pause : new long[] {250, 500, 1000, 2000, 4000, 4000}) {
            backoff.failed(now);
            assertThat(backoff.isFailing()).isTrue();
            assertThat(backoff.mayTry(now + (pause - 1) * MILLI)).as("before %s ms", pause).isFalse();
            assertThat(backoff.mayTry(now + pause * MILLI)).as("after %s ms", pause).isTrue();
            now += pause * MILLI;
        }
        backoff.succeeded();
        assertThat(backoff.isFailing()).isFalse();
        assertThat(backoff.mayTry(now)).isTrue();
        backoff.failed(now);
        assertThat(backoff.mayTry(now + 250 * MILLI)).isTrue();
    }

    @Test
    void whatCannotSucceedForNowIsTriedAfterTheLongestPause() {
        backoff.failedForNow(START);
        assertThat(backoff.mayTry(START + 3999 * MILLI)).isFalse();
        assertThat(backoff.mayTry(START + 4000 * MILLI)).isTrue();
    }
}
