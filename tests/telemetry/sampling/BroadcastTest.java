package telemetry.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import telemetry.wire.Reading;

class BroadcastTest {

    private static final int KEPT = Broadcast.MAILBOX_READINGS;
    private static final long MILLI = 1_000_000L;

    private final Broadcast broadcast = new Broadcast();

    @Test
    void aNewSubscriberGetsTheLatestReadingAtOnceAndThenEveryOne() {
        publish(1, 3);
        Recorder late = subscribe(new Recorder());
        assertThat(late.sequences).containsExactly(3L);
        publish(4, 5);
        assertThat(late.sequences).containsExactly(3L, 4L, 5L);
    }

    @Test
    void whoDoesNotReadGetsTheNewestWhenItComesBackAndLearnsHowManyItMissed() {
        Recorder slow = new Recorder();
        slow.ready = false;
        Broadcast.Subscription subscription = broadcast.subscribe(slow, false, 0);
        subscription.start();
        publish(1, KEPT + 10);
        assertThat(slow.sequences).isEmpty();
        slow.ready = true;
        subscription.ready();
        assertThat(slow.sequences).hasSize(KEPT).startsWith(11L).endsWith(KEPT + 10L);
        assertThat(slow.dropped).isEqualTo(10);
        assertThat(subscription.dropped()).isEqualTo(10);
    }

    @Test
    void whoHasLeftBeforeTheBeginTakesNoPlace() {
        publish(1, 3);
        Recorder left = new Recorder();
        Broadcast.Subscription subscription = broadcast.subscribe(left, true, 0);
        subscription.cancel();
        subscription.start();
        assertThat(broadcast.subscribers()).isZero();
        assertThat(broadcast.detailsWanted()).isFalse();
        assertThat(left.sequences).isEmpty();
    }

    @Test
    void oneThatDoesNotReadDisturbsNobody() {
        Recorder stuck = new Recorder();
        stuck.ready = false;
        subscribe(stuck);
        Recorder other = subscribe(new Recorder());
        publish(1, 1000);
        assertThat(other.sequences).hasSize(1000);
        assertThat(other.dropped).isZero();
    }

    @Test
    void oneWhoseStreamFailsIsEndedAndTheOthersGoOn() {
        Recorder broken = new Recorder();
        broken.fails = true;
        Recorder before = subscribe(new Recorder());
        subscribe(broken);
        Recorder after = subscribe(new Recorder());
        publish(1, 5);
        assertThat(before.sequences).hasSize(5);
        assertThat(after.sequences).hasSize(5);
        assertThat(broadcast.subscribers()).isEqualTo(2);
    }

    @Test
    void aSlowerStreamIsThinnedOutEvenly() {
        Recorder slow = new Recorder();
        broadcast.subscribe(slow, false, 100 * MILLI).start();
        for (long i = 1; i <= 100; i++) {
            broadcast.publish(new Reading(i, i * 30 * MILLI, 0, new byte[0], null));
        }
        assertThat(slow.sequences).startsWith(1L, 5L, 8L, 11L).hasSize(30);
        assertThat(slow.dropped).isZero();
    }

    @Test
    void aSlowerStreamThatDoesNotReadLearnsHowManyOfItsOwnReadingsItMissed() {
        Recorder slow = new Recorder();
        slow.ready = false;
        Broadcast.Subscription subscription = broadcast.subscribe(slow, false, 100 * MILLI);
        subscription.start();
        for (long i = 1; i <= 10 * (KEPT + 7); i++) {
            broadcast.publish(new Reading(i, i * 10 * MILLI, 0, new byte[0], null));
        }
        slow.ready = true;
        subscription.ready();
        assertThat(slow.sequences).hasSize(KEPT).startsWith(71L).endsWith(10L * (KEPT + 6) + 1);
        assertThat(slow.dropped).isEqualTo(7);
    }

    @Test
    void whoWantsDetailsWaitsForAReadingThatHasThem() {
        Recorder detailed = new Recorder();
        publish(1, 1);
        assertThat(broadcast.detailsWanted()).isFalse();
        Broadcast.Subscription subscription = broadcast.subscribe(detailed, true, 0);
        subscription.start();
        assertThat(broadcast.detailsWanted()).isTrue();
        assertThat(detailed.sequences).isEmpty();
        broadcast.publish(new Reading(2, 0, 0, new byte[0], new byte[1]));
        assertThat(detailed.sequences).containsExactly(2L);
        subscription.cancel();
        assertThat(broadcast.detailsWanted()).isFalse();
        publish(3, 3);
        assertThat(detailed.sequences).containsExactly(2L);
    }

    @Test
    void completingEndsEveryStreamOnce() {
        Recorder broken = subscribe(new Recorder());
        broken.fails = true;
        Recorder one = subscribe(new Recorder());
        broadcast.complete();
        broadcast.complete();
        publish(1, 1);
        assertThat(one.completions).isEqualTo(1);
        assertThat(broken.completions).isEqualTo(1);
        assertThat(one.sequences).isEmpty();
    }

    private Recorder subscribe(Recorder recorder) {
        broadcast.subscribe(recorder, false, 0).start();
        return recorder;
    }

    private void publish(long first, long last) {
        for (long sequence = first; sequence <= last; sequence++) {
            broadcast.publish(reading(sequence));
        }
    }

    private static Reading reading(long sequence) {
        return new Reading(sequence, sequence * MILLI, 0, new byte[0], null);
    }

    private static final class Recorder implements Broadcast.Subscriber {

        private final List<Long> sequences = new ArrayList<>();
        private boolean ready = true;
        private boolean fails;
        private long dropped;
        private int completions;

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void send(Reading reading, long droppedSoFar) {
            if (fails) {
                throw new IllegalStateException("broken");
            }
            sequences.add(reading.sequence());
            dropped = droppedSoFar;
        }

        @Override
        public void complete() {
            completions++;
            if (fails) {
                throw new IllegalStateException("broken");
            }
        }
    }
}
