package telemetry.sampling;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.FakeCollector;
import collectors.TelemetryCollector;
import collectors.host.Host;
import collectors.host.HostInfo;
import energy.IntervalEnergy;
import energy.TelemetryReading;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SamplerTest {

    private final LogLines log = new LogLines(CollectorLoop.class);
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final Broadcast broadcast = new Broadcast();
    private final StoringSubscriber client = new StoringSubscriber();
    private final Flaky collector = new Flaky();
    private long wallSeconds = 1_700_000_000L;
    private final Sampler sampler = new Sampler(collector, new FixedHost(), new FixedHost().info(), broadcast,
            executor, 20, () -> Instant.ofEpochSecond(wallSeconds));

    @BeforeEach
    void listen() {
        broadcast.subscribe(client, false, 0).start();
    }

    @AfterEach
    void stopListening() {
        log.close();
        sampler.close();
        executor.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void samplingGoesOnWhenTheHeapHasRoomAgainAndAfterAnyOtherError(boolean noRoom) throws Exception {
        AtomicBoolean fails = new AtomicBoolean();
        Host host = new Host() {
            @Override
            public HostInfo info() {
                return new FixedHost().info();
            }

            @Override
            public double memoryUsedMb() {
                if (fails.get() && noRoom) {
                    throw new OutOfMemoryError("Java heap space");
                } else if (fails.get()) {
                    throw new IllegalStateException("the system does not tell");
                }
                return 1;
            }

            @Override
            public double ownResidentMb() {
                return 1;
            }
        };
        // At this interval the host's memory is read for every reading.
        try (Sampler threaded = new Sampler(collector, host, host.info(), broadcast, executor, 200)) {
            threaded.start();
            await(() -> client.readings().size() > 1 && threaded.isHealthy());
            fails.set(true);
            await(() -> !threaded.isHealthy());
            int before = client.readings().size();
            long missed = threaded.missedDeadlines();
            await(() -> threaded.missedDeadlines() > missed);
            fails.set(false);
            await(() -> client.readings().size() > before + 1 && threaded.isHealthy());
            assertThat(last().getPowerWatts()).isEqualTo(100);
        }
    }

    @Test
    void aCollectorThatThrowsGivesUnavailableReadingsIsLoggedOnceAndComesBack() throws Exception {
        sample(3);
        assertThat(last().getPowerWatts()).isEqualTo(100);
        collector.failure = new IllegalStateException("the library is gone");
        double joules = last().getEnergyJoules();
        sample(50);
        assertThat(last().getPowerWatts()).isEqualTo(UNAVAILABLE);
        assertThat(last().getEnergyJoules()).as("the last value stays").isEqualTo(joules);
        assertThat(sampler.isHealthy()).isFalse();
        assertThat(collector.calls).as("asked with growing pauses only").isLessThan(3 + 5);
        assertThat(log.lines()).filteredOn(line -> line.contains("the library is gone")).hasSize(1);

        collector.failure = null;
        for (int i = 0; i < 300 && last().getPowerWatts() != 100; i++) {
            Thread.sleep(20);
            sample(1);
        }
        assertThat(last().getPowerWatts()).isEqualTo(100);
        assertThat(sampler.isHealthy()).isTrue();
        assertThat(log.lines()).filteredOn(line -> line.contains("answers again")).hasSize(1);
        assertThat(client.readings()).hasSizeGreaterThan(53);
    }

    @Test
    void aLibraryThatCannotBeLinkedIsAFailureLikeAnyOther() {
        collector.linkFailure = true;
        sample(1);
        assertThat(last().getPowerWatts()).isEqualTo(UNAVAILABLE);
    }

    @Test
    void aDevicesTroubleIsLoggedOnceAndSoIsItsEnd() {
        sample(2);
        collector.device.powerWatts = UNAVAILABLE;
        collector.device.problem = "GPU is lost";
        sample(10);
        collector.device.powerWatts = 100;
        collector.device.problem = null;
        sample(10);
        assertThat(log.lines()).filteredOn(line -> line.contains("GPU is lost")).hasSize(1);
        assertThat(log.lines()).filteredOn(line -> line.contains("answers again")).hasSize(1);
    }

    @Test
    void theSensorsAreAskedOncePerReadingHoweverManyListen() {
        List<StoringSubscriber> clients = Stream.generate(StoringSubscriber::new).limit(100).toList();
        clients.forEach(other -> broadcast.subscribe(other, false, 0).start());
        sample(10);
        assertThat(collector.calls).isEqualTo(10);
        assertThat(clients).allSatisfy(other -> assertThat(other.readings()).hasSize(10));
    }

    @Test
    void theClockOnTheWallMovesTheTimestampsAndNothingElse() throws Exception {
        double joules = -1;
        for (long hours : new long[] {0, -5, 7, -1000, 3, 0}) {
            wallSeconds = 1_700_000_000L + 3600 * hours;
            Thread.sleep(2);
            sample(1);
            assertThat(last().getTimestampNanos()).isEqualTo(wallSeconds * 1_000_000_000L);
            assertThat(last().getEnergyJoules()).isBetween(Math.max(0, joules), joules + 100);
            joules = last().getEnergyJoules();
        }
    }

    @Test
    void aMissedDeadlineIsLeftOutAndTheOthersStayWhereTheyWere() {
        Pace pace = new Pace(1000, 7, 50, true);
        assertThat(pace.deadline(7)).isEqualTo(1000);
        assertThat(pace.deadline(9)).isEqualTo(1100);
        assertThat(pace.latest(7, 999)).as("never before the one given").isEqualTo(7);
        assertThat(pace.latest(7, 1049)).isEqualTo(7);
        assertThat(pace.latest(7, 1150)).as("the machine was busy").isEqualTo(10);
        assertThat(pace.next(7, 1007)).isEqualTo(8);
        assertThat(pace.next(7, 1050)).isEqualTo(8);
        assertThat(pace.next(7, 1051)).as("one is missed").isEqualTo(9);
        assertThat(pace.next(7, 31_234)).as("604 are missed").isEqualTo(7 + 605);
    }

    @Test
    void withNobodyListeningTheSensorsAreAskedOnceASecondUntilSomebodyComes() throws Exception {
        broadcast.complete(); // the test's own client leaves
        sampler.onSecond(second -> { });
        sampler.start();
        await(() -> sampler.isIdle());
        assertThat(sampler.nextUnixNanos() % 1_000_000_000L).as("at the ends of the seconds that are told").isZero();
        int calls = collector.calls;
        await(() -> collector.calls > calls);
        long idleSequence = client.readings().size();
        StoringSubscriber late = new StoringSubscriber();
        long came = System.currentTimeMillis();
        broadcast.subscribe(late, false, 0).start();
        await(() -> late.readings().size() > 10);
        assertThat(sampler.isIdle()).isFalse();
        assertThat(late.readings().get(0).getPowerWatts()).isEqualTo(100);
        assertThat(client.readings()).as("nobody else was served").hasSize((int) idleSequence);
        assertThat(System.currentTimeMillis() - came).as("not at the idle pace, at which it would take 10 s")
                .isLessThan(9_000);
    }

    @Test
    void aMarkCountsAsListening() throws Exception {
        broadcast.complete();
        sampler.start();
        await(() -> sampler.isIdle());
        sampler.mark();
        await(() -> !sampler.isIdle());
        int calls = collector.calls;
        await(() -> collector.calls > calls + 10);
        assertThat(sampler.isIdle()).isFalse();
    }

    @Test
    void theEnergyOfTheTimeInWhichNobodyListenedIsKnownToo() throws Exception {
        broadcast.complete();
        sampler.start();
        Broadcast heard = new Broadcast();
        heard.subscribe(new StoringSubscriber(), false, 0).start();
        Sampler slow = new Sampler(new Flaky(), new FixedHost(), new FixedHost().info(), heard, executor, 1000);
        slow.onSecond(second -> { });
        slow.start();
        await(() -> sampler.isIdle());
        int calls = collector.calls;
        await(() -> collector.calls > calls + 2);
        assertThat(slow.isIdle()).isFalse();
        assertThat(slow.nextUnixNanos() % 1_000_000_000L).as("a reading a second is made as seconds end").isZero();
        slow.close();
        long now = sampler.mark();
        await(() -> !sampler.isIdle());
        IntervalEnergy total = sampler.energy(now - 1_500_000_000L, now).get().getTotal();
        assertThat(total.getProblem()).isEmpty();
        assertThat(total.getJoules()).isCloseTo(150, within(1.0));
    }

    @Test
    void readingsGoOnWhileTheirCollectorHangsAndItRecovers() throws Exception {
        FakeCollector hanging = new FakeCollector("hanging", FakeCollector.gpu("0", 50));
        sampler.start();
        sampler.addAuxiliary(hanging);
        await(() -> hanging.collections.get() > 2);
        hanging.gate = new CountDownLatch(1);
        int before = client.readings().size();
        await(() -> client.readings().size() > before + 50);
        assertThat(last().getPowerWatts()).as("the other one's").isEqualTo(100);
        int calls = hanging.collections.get();
        Thread.sleep(50);
        assertThat(hanging.collections).as("no second call while one hangs").hasValue(calls);
        hanging.gate.countDown();
        await(() -> hanging.collections.get() > calls + 5);
    }

    @Test
    void whatIsOverdueIsUnavailableWithItsReasonUntilItAnswers() throws Exception {
        collector.gate = new CountDownLatch(0);
        StoringSubscriber detailed = new StoringSubscriber();
        broadcast.subscribe(detailed, true, 0).start();
        sampler.start();
        await(() -> !detailed.readings().isEmpty() && sampler.isHealthy());
        collector.gate = new CountDownLatch(1);
        await(() -> last().getPowerWatts() == UNAVAILABLE);
        TelemetryReading overdue = last();
        assertThat(sampler.isHealthy()).isFalse();
        assertThat(overdue.getEnergyJoules()).as("joules keep their last value").isNotNegative();
        collector.gate.countDown();
        await(sampler::isHealthy);
        assertThat(log.lines()).filteredOn(line -> line.contains("failed")).isEmpty();
    }

    @Test
    void atARealPaceReadingsComeAtTheirIntervalAndClosingEndsThem() throws Exception {
        long began = System.nanoTime();
        sampler.start();
        while (collector.calls < 25) {
            Thread.sleep(1);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        assertThat(seconds).as("24 intervals of 20 ms, never faster").isGreaterThan(24 * 0.02 - 0.001);
        sampler.close();
        int calls = collector.calls;
        assertThat(collector.closed).isTrue();
        Thread.sleep(60);
        assertThat(collector.calls).isLessThanOrEqualTo(calls + 1);
    }

    private void sample(int times) {
        for (int i = 0; i < times; i++) {
            sampler.sample(System.nanoTime());
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(5);
        }
    }

    private TelemetryReading last() {
        return client.last();
    }

    private static final class Flaky implements TelemetryCollector {

        private final DeviceSample device = new DeviceSample("0", DeviceKind.GPU, "GPU");
        private volatile int calls;
        private volatile RuntimeException failure;
        private boolean linkFailure;
        private volatile CountDownLatch gate = new CountDownLatch(0);
        private volatile boolean closed;

        Flaky() {
            device.powerWatts = 100;
        }

        @Override
        public String platform() {
            return "flaky";
        }

        @Override
        public List<DeviceSample> collect() {
            calls++;
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (linkFailure) {
                throw new UnsatisfiedLinkError("no such symbol");
            }
            if (failure != null) {
                throw failure;
            }
            return List.of(device);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
