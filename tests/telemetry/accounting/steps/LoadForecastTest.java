package telemetry.accounting.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LoadForecastTest {

    private final LoadForecast forecast = new LoadForecast();

    @Test
    void aSteadyLoadStays() {
        steps(40, 350);
        assertThat(forecast.watts()).isCloseTo(350, within(1e-6));
    }

    /** A step that lies between two levels holds the switch: what comes is the level that it went to. */
    @Test
    void aLoadThatHasSwitchedGoesToTheLevelItKnows() {
        for (int i = 0; i < 20; i++) {
            steps(4, 700);
            steps(1, 300 + 10 * (i % 5));
            steps(4, 90);
            steps(1, 400 + 20 * (i % 5));
        }
        steps(4, 700);
        steps(1, 400);
        assertThat(forecast.watts()).isLessThan(200);
    }

    @Test
    void aLoadThatNothingForetellsIsItsMean() {
        for (int i = 0; i < 200; i++) {
            steps(1, i * 7919 % 97 * 5);
        }
        assertThat(forecast.watts()).isBetween(150.0, 330.0);
    }

    private void steps(int count, double watts) {
        for (int i = 0; i < count; i++) {
            forecast.step(watts);
        }
    }
}
