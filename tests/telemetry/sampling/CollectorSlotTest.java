package telemetry.sampling;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import collectors.DeviceSample;
import collectors.FakeCollector;
import collectors.TelemetryCollector;
import energy.DeviceReading;
import energy.EnergySource;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import telemetry.wire.DetailsEncoder;

/** A collector that fails or hangs, by a clock of the test's, and what its devices' details say meanwhile. */
@Timeout(60)
class CollectorSlotTest {

    private static final long MILLI = 1_000_000L;
    private static final long LIMIT = 2000 * MILLI;

    private final DeviceSample gpu = FakeCollector.gpu("0", 100);
    private final FakeCollector collector = new FakeCollector("fake", gpu);
    private final AtomicLong now = new AtomicLong();
    private final CollectorSlot slot = new CollectorSlot(collector, 50, now::get);

    @Test
    void aCollectorThatFailsIsAskedWithGrowingPauses() {
        sweepFor(100);
        assertThat(collector.collections).hasValue(2);
        collector.failure = new IllegalStateException("gone");
        sweepFor(10_000);
        assertThat(collector.collections).as("at 0, 0.25, 0.75, 1.75, 3.75 and 7.75 s").hasValue(2 + 6);
        assertThat(slot.sampledDevices()).isEmpty();
        assertThat(slot.failure()).contains("gone");
        collector.failure = null;
        sweepFor(4000);
        assertThat(slot.sampledDevices()).containsExactly(gpu);
        assertThat(slot.failure()).isNull();
    }

    @Test
    void aCollectorThatFindsNoMemoryIsAskedAgain() {
        boolean[] full = {true};
        CollectorSlot memory = new CollectorSlot(new TelemetryCollector() {
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
        }, 50, now::get);
        assertThat(memory.sweep()).isTrue();
        assertThat(memory.failure()).contains("Java heap space");
        full[0] = false;
        now.addAndGet(1000 * MILLI);
        assertThat(memory.sweep()).isTrue();
        assertThat(memory.sampledDevices()).containsExactly(gpu);
    }

    @Test
    void noListOfDevicesIsAFailureLikeAnyOther() {
        CollectorSlot wrong = new CollectorSlot(new TelemetryCollector() {
            @Override
            public String platform() {
                return "wrong";
            }

            @Override
            public List<DeviceSample> collect() {
                return null;
            }
        }, 50, now::get);
        assertThat(wrong.sweep()).isTrue();
        assertThat(wrong.failure()).contains("gave no list");
    }

    @Test
    void aCallThatHangsIsNotRepeatedUntilItComesBack() throws Exception {
        sweepFor(1000);
        collector.gate = new CountDownLatch(1);
        CompletableFuture<Boolean> hanging = CompletableFuture.supplyAsync(slot::sweep);
        while (collector.collections.get() < 21) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        now.addAndGet(LIMIT - MILLI);
        assertThat(slot.markHanging(LIMIT)).as("it may be slow").isFalse();
        now.addAndGet(MILLI);
        assertThat(slot.markHanging(LIMIT)).isTrue();
        assertThat(slot.markHanging(LIMIT)).as("told once").isFalse();

        assertThat(slot.sweep()).as("another thread goes on").isTrue();
        assertThat(collector.collections).hasValue(21);
        assertThat(slot.failure()).isEqualTo("does not answer");
        DeviceReading details = DetailsEncoder.devices(List.of(slot)).get(0);
        assertThat(details.getPowerWatts()).isEqualTo(UNAVAILABLE);
        assertThat(details.getEnergyJoules()).isEqualTo(UNAVAILABLE);
        assertThat(details.getProblem()).isEqualTo("does not answer");
        slot.close();
        assertThat(collector.closings).as("never under a call").hasValue(0);

        collector.gate.countDown();
        assertThat(hanging.get()).as("the thread that hung ends").isFalse();
        now.addAndGet(50 * MILLI);
        assertThat(slot.sweep()).isTrue();
        assertThat(slot.sampledDevices()).as("not within a second: it might keep the others waiting").isEmpty();
        assertThat(slot.failure()).isEqualTo("does not answer");
        now.addAndGet(950 * MILLI);
        assertThat(slot.sweep()).isTrue();
        assertThat(slot.sampledDevices()).containsExactly(gpu);
        details = DetailsEncoder.devices(List.of(slot)).get(0);
        assertThat(details.getEnergyJoules()).as("nothing is made up for the hang").isEqualTo(95);
        assertThat(details.getEnergySource()).isEqualTo(EnergySource.ENERGY_SOURCE_INTEGRATED);
        assertThat(details.getProblem()).isEmpty();
    }

    @Test
    void whateverIsThrownAndWhateverIsNoDeviceIsAFailureLikeAnyOther() {
        AtomicInteger calls = new AtomicInteger();
        CollectorSlot strange = new CollectorSlot(new TelemetryCollector() {
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
        }, 50, now::get);
        assertThat(strange.sweep()).isTrue();
        assertThat(strange.failure()).contains("for the test");
        now.addAndGet(10_000 * MILLI);
        assertThat(strange.sweep()).isTrue();
        assertThat(strange.failure()).contains("NullPointerException");
        now.addAndGet(10_000 * MILLI);
        assertThat(strange.sweep()).isTrue();
        assertThat(strange.sampledDevices()).containsExactly(gpu);
    }

    @Test
    void aClosedCollectorIsNeitherAskedNorClosedAgain() {
        sweepFor(100);
        slot.close();
        slot.close();
        assertThat(slot.sweep()).isTrue();
        assertThat(collector.closings).hasValue(1);
        assertThat(collector.collections).hasValue(2);
        assertThat(slot.sampledDevices()).isEmpty();
    }

    @Test
    void oneDeviceInTroubleLeavesTheOthersAlone() {
        DeviceSample lost = FakeCollector.gpu("1", 50);
        CollectorSlot both = new CollectorSlot(new FakeCollector("fake", gpu, lost), 50, now::get);
        both.sweep();
        lost.clear();
        lost.problem = "GPU is lost";
        gpu.temperatureCelsius = 41;
        now.addAndGet(50 * MILLI);
        both.sweep();
        List<DeviceReading> details = DetailsEncoder.devices(List.of(both));
        assertThat(details).extracting(DeviceReading::getIndex).containsExactly(0, 1);
        assertThat(details).extracting(DeviceReading::getKind).containsOnly("gpu");
        assertThat(details).extracting(DeviceReading::getPowerWatts).containsExactly(100.0, UNAVAILABLE);
        assertThat(details).extracting(DeviceReading::getEnergyJoules).containsExactly(5.0, UNAVAILABLE);
        assertThat(details).extracting(DeviceReading::getTemperatureCelsius).containsExactly(41.0, UNAVAILABLE);
        assertThat(details).extracting(DeviceReading::getProblem).containsExactly("", "GPU is lost");
    }

    private void sweepFor(long millis) {
        for (long i = 0; i < millis; i += 50) {
            slot.sweep();
            now.addAndGet(50 * MILLI);
        }
    }
}
