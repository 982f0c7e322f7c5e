package cli.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SteadinessTest {

    private static final long STEP_NANOS = 50_000_000;

    private final Steadiness steadiness = new Steadiness();
    private long nanos = 123;

    @Test
    void powerIsSteadyAfterFourSecondsOfLittleVariation() {
        feed(79, 200);
        assertThat(steadiness.isSteady()).isFalse();
        feed(2, 200);
        assertThat(steadiness.isSteady()).isTrue();
    }

    @Test
    void noiseAroundASteadyMeanIsNoVariation() {
        for (int i = 0; i < 100; i++) {
            feed(1, i % 2 == 0 ? 150 : 250);
        }
        assertThat(steadiness.isSteady()).isTrue();
    }

    @Test
    void aFallingPowerIsNotSteadyUntilItHasFallen() {
        for (int i = 0; i < 100; i++) {
            feed(1, 400 - i);
        }
        assertThat(steadiness.isSteady()).isFalse();
        feed(81, 300);
        assertThat(steadiness.isSteady()).isTrue();
    }

    @Test
    void aGapBeginsAnew() {
        feed(100, 200);
        feed(1, -1);
        feed(10, 200);
        assertThat(steadiness.isSteady()).isFalse();
    }

    private void feed(int samples, double watts) {
        for (int i = 0; i < samples; i++) {
            steadiness.add(nanos += STEP_NANOS, watts);
        }
    }
}
