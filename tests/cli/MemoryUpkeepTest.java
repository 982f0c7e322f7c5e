package cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryUpkeepTest {

    private static final String UPKEEP = "upkeep";

    @Test
    void comesSoonAfterTheStartThenSeldom() {
        List<String> events = new ArrayList<>();
        long[] passed = {0};
        assertThatThrownBy(() -> MemoryUpkeep.run(seconds -> {
            passed[0] += seconds;
            if (passed[0] > 1260) {
                throw new InterruptedException("ended");
            }
        }, () -> events.add(UPKEEP + " at " + passed[0]))).isInstanceOf(InterruptedException.class);
        assertThat(events).containsExactly("upkeep at 10", "upkeep at 60", "upkeep at 660", "upkeep at 1260");
    }

    @Test
    void endsWithItsThread() throws InterruptedException {
        Thread.currentThread().interrupt();
        assertThatThrownBy(MemoryUpkeep::run).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }
}
