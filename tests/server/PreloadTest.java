package server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PreloadTest {

    /** A library that renames one of them would make every start slower, and nothing else would tell. */
    @Test
    void everyClassThatItNamesExists() {
        for (String name : Preload.CLASSES) {
            assertThatCode(() -> Class.forName(name, false, getClass().getClassLoader())).as(name)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void whoeverWaitsFindsAllOfItDone() {
        AtomicBoolean done = new AtomicBoolean();
        Preload.start(() -> done.set(true));
        Preload.await();
        assertThat(done).isTrue();
    }

    @Test
    void whatFailsThereIsLeftToWhoeverNeedsIt() {
        Preload.start(() -> {
            throw new IllegalStateException("no such time zone");
        });
        assertThatCode(Preload::await).doesNotThrowAnyException();
    }

    @Test
    void anInterruptionIsKeptForWhoeverWaits() {
        Preload.start(() -> { });
        Thread.currentThread().interrupt();
        Preload.await();
        assertThat(Thread.interrupted()).isTrue();
    }
}
