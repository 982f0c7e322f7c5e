package collectors.apple;

import static collectors.apple.AppleCollectorTest.device;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import collectors.Accounting;
import collectors.CollectorContext.MacosPower;
import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A counter that stops: powermetrics, here a made-up one, stands in for it where it may. */
@Timeout(60)
class PowermetricsFallbackTest {

    private final FakeApple fake = new FakeApple("chip=max");
    private final Other other = new Other();

    @AfterEach
    void everythingWasReleased() {
        assertThat(fake.violation()).isNull();
        assertThat(fake.liveObjects()).isZero();
        assertThat(fake.openPorts()).isZero();
    }

    @Test
    void aCpuThatStandsStillAtFirstIsLeftToPowermetricsWhichIsToldWhy() throws Exception {
        fake.set("freeze=CPU Energy");
        try (TelemetryCollector collector = fake.open(MacosPower.COMBINED, other)) {
            assertThat(collector).isSameAs(other);
            assertThat(other.reason).contains("CPU energy stands still");
        }
    }

    @Test
    void aCpuThatStandsStillLeavesTheGpuWhereThatIsAskedFor() throws Exception {
        fake.set("freeze=CPU Energy");
        try (TelemetryCollector collector = fake.open(MacosPower.GPU)) {
            List<DeviceSample> devices = fake.collectFor(collector, 10);
            assertThat(device(devices, "macos-gpu").powerWatts).isCloseTo(30, within(0.01));
            assertThat(device(devices, "macos-cpu").hasPowerOrEnergy()).isFalse();
            assertThat(device(devices, "macos-cpu").problem).contains("stands still").contains("may not run");
            assertThat(collector.source()).contains("the CPU's energy stands still");
            assertThat(collector.remedy()).isEqualTo("sudo something");
        }
    }

    @Test
    void aCounterThatStopsLaterIsGoneOnWithByPowermetricsAndBackWithoutAJump() throws Exception {
        try (TelemetryCollector collector = fake.open(MacosPower.COMBINED, other)) {
            double joules = device(fake.collectFor(collector, 10), "macos-cpu").energyCounterJoules;
            fake.set("freeze=CPU Energy");
            List<DeviceSample> devices = awaitOther(collector);
            DeviceSample cpu = device(devices, "macos-cpu");
            assertThat(cpu.powerWatts).isEqualTo(17);
            assertThat(cpu.energyCounterJoules).as("no jump").isBetween(joules, joules + 2 * 19);
            assertThat(cpu.energyMissedNanos / 1e9).as("was not counted").isBetween(5.9, 30.0);
            assertThat(device(devices, "macos-gpu").powerWatts).as("counts by itself").isCloseTo(30, within(0.01));
            assertThat(device(devices, "macos-cpu-P").problem).contains("powermetrics does not know it");
            double shown = cpu.energyCounterJoules + 50;
            other.joules += 50;
            assertThat(device(collector.collect(), "macos-cpu").energyCounterJoules).isCloseTo(shown, within(1e-9));
            long missed = cpu.energyMissedNanos;
            fake.set("thaw=CPU Energy");
            cpu = device(fake.collectFor(collector, 3.3), "macos-cpu");
            assertThat(cpu.energyCounterJoules).as("a publication later").isCloseTo(shown + 1.6 * 19, within(0.1));
            assertThat(cpu.energyMissedNanos).isEqualTo(missed);
            assertThat(other.closed).isTrue();
            devices = fake.collectFor(collector, 16);
            assertThat(device(devices, "macos-cpu").energyCounterJoules).isCloseTo(shown + 16 * 19, within(2 * 19.0));
            assertThat(devices).extracting(device -> device.problem).containsOnlyNulls();
        }
    }

    @Test
    void whereItMayNotRunTheSumIsMissingUntilTheCounterMovesAgainAndTheGapIsTold() throws Exception {
        try (TelemetryCollector collector = fake.open(MacosPower.COMBINED)) {
            fake.collectFor(collector, 10);
            fake.set("freeze=CPU Energy");
            List<DeviceSample> devices = fake.collectFor(collector, 10);
            assertThat(devices).filteredOn(device -> device.accounting == Accounting.ADDED)
                    .noneMatch(DeviceSample::hasPowerOrEnergy);
            assertThat(device(devices, "macos-machine").powerWatts).isEqualTo(20);
            fake.set("thaw=CPU Energy");
            devices = fake.collectFor(collector, 6);
            assertThat(devices).filteredOn(device -> device.accounting == Accounting.ADDED)
                    .allMatch(device -> device.powerWatts >= 0 && device.problem == null);
            assertThat(device(devices, "macos-cpu").energyMissedNanos / 1e9).isBetween(10.0, 14.0);
            assertThat(device(devices, "macos-gpu").energyMissedNanos).isZero();
        }
    }

    @Test
    void aGpuThatRestsIsNotFrozenAndOneThatWorksWithoutCountingIs() throws Exception {
        try (TelemetryCollector collector = fake.open(MacosPower.GPU)) {
            fake.collectFor(collector, 2);
            fake.set("watts=GPU Energy:0");
            DeviceSample gpu = device(fake.collectFor(collector, 20), "macos-gpu");
            assertThat(gpu.powerWatts).isZero();
            assertThat(gpu.problem).isNull();
            fake.set("utilization=90");
            gpu = device(fake.collectFor(collector, 7), "macos-gpu");
            assertThat(gpu.hasPowerOrEnergy()).isFalse();
            assertThat(gpu.problem).contains("stands still");
            fake.set("watts=GPU Energy:10");
            assertThat(device(fake.collectFor(collector, 1), "macos-gpu").powerWatts).isCloseTo(10, within(0.1));
        }
    }

    @Test
    void oneDieThatStopsIsNotTakenForTheWholeCpu() throws Exception {
        fake.set("chip=ultra");
        try (TelemetryCollector collector = fake.open(MacosPower.GPU)) {
            fake.collectFor(collector, 10);
            fake.set("freeze=DIE_1_CPU Energy");
            DeviceSample cpu = device(fake.collectFor(collector, 12), "macos-cpu");
            assertThat(cpu.hasPowerOrEnergy()).isFalse();
            assertThat(cpu.problem).contains("stands still");
        }
    }

    /** Collects until what stands in has answered: it is started in a thread of its own. */
    private List<DeviceSample> awaitOther(TelemetryCollector collector) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        List<DeviceSample> devices = fake.collectFor(collector, 6.5);
        while (device(devices, "macos-cpu").powerWatts != 17) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(1);
            devices = fake.collectFor(collector, 0.05);
        }
        return devices;
    }

    private static final class Other implements TelemetryCollector, AppleOpening.Powermetrics {

        private final DeviceSample cpu = new DeviceSample("macos-cpu", DeviceKind.CPU_PACKAGE, "Apple CPU");
        private final DeviceSample neuralEngine =
                new DeviceSample("macos-ane", DeviceKind.NEURAL_ENGINE, "Apple neural engine");
        private volatile String reason;
        private volatile boolean closed;
        private volatile double joules;

        @Override
        public TelemetryCollector open(CollectorContext context, String why)
                throws CollectorUnavailableException {
            reason = why;
            return this;
        }

        @Override
        public String platform() {
            return "macos";
        }

        @Override
        public List<DeviceSample> collect() {
            cpu.powerWatts = 17;
            cpu.energyCounterJoules = joules;
            neuralEngine.powerWatts = 1;
            return List.of(cpu, neuralEngine);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
