package telemetry.sampling;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import collectors.DeviceSample;
import collectors.FakeCollector;
import collectors.TelemetryCollector;
import energy.DeviceReading;
import energy.TelemetryReading;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import telemetry.accounting.DeviceState;
import telemetry.accounting.MachineTotal;
import telemetry.accounting.MeteredDevice;
import telemetry.wire.DetailsEncoder;

/** A collector that fails, is slow or hangs, by a clock of the test's, and what its devices' details say meanwhile. */
@Timeout(60)
class CollectorLoopTest {

    private static final long MILLI = 1_000_000L;
    private static final long INTERVAL = 50 * MILLI;

    private final DeviceSample gpu = FakeCollector.gpu("0", 100);
    private final FakeCollector collector = new FakeCollector("fake", gpu);
    private final AtomicLong now = new AtomicLong();
    private final CollectorLoop loop = new CollectorLoop(collector, now::get);

    @Test
    void aCollectorThatFailsIsAskedWithGrowingPauses() {
        sweepFor(100);
        assertThat(collector.collections).hasValue(2);
        collector.failure = new IllegalStateException("gone");
        sweepFor(10_000);
        assertThat(collector.collections).as("at 0, 0.25, 0.75, 1.75, 3.75 and 7.75 s").hasValue(2 + 6);
        assertThat(loop.silence(now.get(), 0, INTERVAL)).contains("gone");
        collector.failure = null;
        sweepFor(4000);
        assertThat(loop.silence(now.get(), 0, INTERVAL)).isNull();
    }

    @Test
    void aCollectorThatFindsNoMemoryIsAskedAgain() {
        boolean[] full = {true};
        CollectorLoop memory = new CollectorLoop(new TelemetryCollector() {
            @Override
            public String platform() {
                return "memory";
            }

            @Override
            public List<DeviceSample> collect() {
                if (full[0]) {
                    throw new OutOfMemoryError("Java heap space");
                }
                return List.of(gpu);
            }
        }, now::get);
        memory.sweep();
        assertThat(memory.silence(now.get(), 0, INTERVAL)).contains("Java heap space");
        full[0] = false;
        now.addAndGet(1000 * MILLI);
        memory.sweep();
        assertThat(memory.silence(now.get(), 0, INTERVAL)).isNull();
    }

    @Test
    void noListOfDevicesIsAFailureLikeAnyOther() {
        CollectorLoop wrong = new CollectorLoop(new TelemetryCollector() {
            @Override
            public String platform() {
                return "wrong";
            }

            @Override
            public List<DeviceSample> collect() {
                return null;
            }
        }, now::get);
        wrong.sweep();
        assertThat(wrong.silence(now.get(), 0, INTERVAL)).contains("gave no list");
    }

    @Test
    void anAnswerThatIsOverdueSilencesTheCollectorUntilItComes() {
        sweepFor(1000);
        long answered = now.get() - INTERVAL;
        assertThat(loop.silence(answered + 120 * MILLI, 0, INTERVAL)).as("a thread may be late").isNull();
        assertThat(loop.silence(answered + 130 * MILLI, 0, INTERVAL)).isEqualTo("does not answer");
        assertThat(loop.silence(answered + 900 * MILLI, 0, 1000 * MILLI)).as("its interval is longer").isNull();
        assertThat(loop.silence(answered + 900 * MILLI, answered + 800 * MILLI, INTERVAL))
                .as("its interval was longer").isNull();
        now.addAndGet(5000 * MILLI);
        loop.sweep();
        assertThat(loop.silence(now.get(), 0, INTERVAL)).isNull();
    }

    @Test
    void aCollectorThatAlwaysTakesItsTimeIsGivenIt() {
        CollectorLoop slow = new CollectorLoop(new TelemetryCollector() {
            @Override
            public String platform() {
                return "slow";
            }

            @Override
            public List<DeviceSample> collect() {
                now.addAndGet(300 * MILLI);
                return List.of(gpu);
            }
        }, now::get);
        slow.sweep();
        assertThat(slow.silence(now.get() + 590 * MILLI, 0, INTERVAL)).isNull();
        assertThat(slow.silence(now.get() + 610 * MILLI, 0, INTERVAL)).isEqualTo("does not answer");
    }

    @Test
    void aHungCallKeepsItsOwnThreadOnlyAndIsClosedWhenItComesBack() throws Exception {
        CollectorLoop real = new CollectorLoop(collector);
        collector.gate = new CountDownLatch(1);
        Pace pace = new Pace(System.nanoTime(), 0, MILLI, true);
        real.start(() -> pace, () -> { }, () -> false);
        while (collector.collections.get() < 1) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        real.close();
        real.join(10);
        assertThat(collector.closings).as("never under a call").hasValue(0);
        collector.gate.countDown();
        real.join(10_000);
        assertThat(collector.closings).hasValue(1);
        assertThat(collector.collections).hasValue(1);
    }

    @Test
    void whateverIsThrownAndWhateverIsNoDeviceIsAFailureLikeAnyOther() {
        AtomicInteger calls = new AtomicInteger();
        CollectorLoop strange = new CollectorLoop(new TelemetryCollector() {
            @Override
            public String platform() {
                return "strange";
            }

            @Override
            public List<DeviceSample> collect() {
                if (calls.incrementAndGet() == 1) {
                    throw new AssertionError("for the test");
                }
                return calls.get() == 2 ? Collections.singletonList(null) : List.of(gpu);
            }
        }, now::get);
        strange.sweep();
        assertThat(strange.silence(now.get(), 0, INTERVAL)).contains("for the test");
        now.addAndGet(10_000 * MILLI);
        strange.sweep();
        assertThat(strange.silence(now.get(), 0, INTERVAL)).contains("NullPointerException");
        now.addAndGet(10_000 * MILLI);
        strange.sweep();
        assertThat(strange.silence(now.get(), 0, INTERVAL)).isNull();
    }

    @Test
    void oneDeviceInTroubleLeavesTheOthersAlone() throws Exception {
        DeviceSample lost = FakeCollector.gpu("1", 50);
        CollectorLoop both = new CollectorLoop(new FakeCollector("fake", gpu, lost), now::get);
        both.sweep();
        lost.clear();
        lost.problem = "GPU is lost";
        gpu.temperatureCelsius = 41;
        now.addAndGet(50 * MILLI);
        both.sweep();
        List<DeviceReading> details = TelemetryReading.parseFrom(
                DetailsEncoder.encode(states(both), new MachineTotal(), 1, 50, 0)).getDetails().getDevicesList();
        assertThat(details).extracting(DeviceReading::getIndex).containsExactly(0, 1);
        assertThat(details).extracting(DeviceReading::getKind).containsOnly("gpu");
        assertThat(details).extracting(DeviceReading::getPowerWatts).containsExactly(100.0, UNAVAILABLE);
        assertThat(details).extracting(DeviceReading::getEnergyJoules)
                .as("joules keep their last value").containsExactly(5.0, 0.0);
        assertThat(details).extracting(DeviceReading::getTemperatureCelsius).containsExactly(41.0, UNAVAILABLE);
        assertThat(details).extracting(DeviceReading::getProblem).containsExactly("", "GPU is lost");
    }

    private List<DeviceState> states(CollectorLoop loop) {
        List<DeviceState> states = new ArrayList<>();
        for (MeteredDevice device : loop.devices()) {
            DeviceState state = new DeviceState("fake", true, states.size(), device);
            device.fill(state, now.get());
            states.add(state);
        }
        return states;
    }

    private void sweepFor(long millis) {
        for (long i = 0; i < millis; i += 50) {
            loop.sweep();
            now.addAndGet(50 * MILLI);
        }
    }
}
