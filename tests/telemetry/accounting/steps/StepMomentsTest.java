package telemetry.accounting.steps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StepMomentsTest {

    private static final long MILLI = 1_000_000L;

    private final Random random = new Random(4);
    private final StepHistory history = new StepHistory();
    private final StepRhythm rhythm = new StepRhythm();
    private final StepInterval interval = new StepInterval();
    private final StepMoments kept = new StepMoments(history, rhythm, interval);

    @Test
    void momentsThatWereWorkedOutBeforeAreThoseOfSomebodyWhoWorksThemOutNow() {
        for (int look = 1; look < 400; look++) {
            boolean stepped = look % 2 == 0;
            interval.add(0.05, stepped); // also a look at which nothing has stepped tells how far steps are apart
            if (stepped) {
                long latest = (look * 50L + random.nextInt(5)) * MILLI;
                history.add(latest - 60 * MILLI, latest, look);
            }
            kept.forget();
            for (int again = 0; again < 2; again++) {
                if (!history.isEmpty()) {
                    compare(history.last() - 5, history.last());
                    compare(history.last() - 9, history.last() - 2);
                }
            }
        }
        assertThat(interval.isKnown()).isTrue();
    }

    private void compare(int from, int to) {
        StepMoments fresh = new StepMoments(history, rhythm, interval);
        fresh.locate(from, to);
        kept.locate(from, to);
        kept.locate(from, to);
        assertThat(kept.first()).isEqualTo(fresh.first());
        assertThat(kept.last()).isEqualTo(fresh.last());
        for (int i = fresh.first(); i <= fresh.last(); i++) {
            assertThat(kept.nanos(i)).as("step %d", i).isEqualTo(fresh.nanos(i));
            assertThat(kept.deviation(i)).isEqualTo(fresh.deviation(i));
        }
    }
}
