package cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PowerHistoryTest {

    private final PowerHistory history = new PowerHistory(4);

    @Test
    void aSecondIsTheMeanOfItsReadings() {
        history.add(10, 100);
        history.add(10, 200);
        history.add(11, 50);
        assertThat(history.latest(2)).containsExactly(150, 50);
    }

    @Test
    void whatIsNotKnownIsUnavailable() {
        history.add(10, 100);
        history.add(12, -1);
        history.add(13, 70);
        assertThat(history.latest(4)).containsExactly(100, -1, -1, 70);
        assertThat(new PowerHistory(3).latest(3)).containsExactly(-1, -1, -1);
    }

    @Test
    void theOldestSecondsGo() {
        for (int second = -3; second <= 5; second++) {
            history.add(second, second + 10);
        }
        assertThat(history.latest(9)).containsExactly(12, 13, 14, 15);
        history.add(1000, 1);
        assertThat(history.latest(4)).containsExactly(-1, -1, -1, 1);
    }
}
