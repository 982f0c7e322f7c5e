package telemetry.accounting.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StepRhythmTest {

    private static final int SEEDS = 50;

    /** Looks come every 50 ms, moved forward by up to 25 ms. */
    @Test
    void thePeriodIsFoundAndTheNextStepForeseenThroughWideBrackets() {
        int found = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            StepRhythm rhythm = new StepRhythm();
            double phase = random.nextDouble() * 0.1;
            double look = 0;
            double stepBefore = 0;
            for (int i = 1; i < 600; i++) {
                double next = 0.05 * i - 0.025 * random.nextDouble();
                double step = Math.floor((next - phase) / 0.1) * 0.1 + phase;
                if (step > stepBefore && step > look) {
                    rhythm.add(look, next, 0);
                    stepBefore = step;
                    if (i > 400 && rhythm.hasPrior()) {
                        assertThat(rhythm.priorMean()).as("seed %s", seed).isCloseTo(step, within(0.014));
                    }
                }
                look = next;
            }
            if (!rhythm.isKnown()) {
                continue;
            }
            found++;
            assertThat(rhythm.periodSeconds()).as("seed %s", seed).isCloseTo(0.1, within(0.0005));
        }
        assertThat(found).isGreaterThan(SEEDS * 9 / 10);
    }

    @Test
    void stepsAtRandomTimesHaveNoRhythm() {
        int found = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            StepRhythm rhythm = new StepRhythm();
            double now = 0;
            for (int i = 0; i < 300; i++) {
                now += 0.06 - 0.1 * Math.log(1 - random.nextDouble());
                rhythm.add(now - 0.05 * random.nextDouble(), now, 0);
            }
            found += rhythm.isKnown() ? 1 : 0;
        }
        assertThat(found).isLessThanOrEqualTo(SEEDS / 10);
    }
}
