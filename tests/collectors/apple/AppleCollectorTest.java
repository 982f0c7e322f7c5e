package collectors.apple;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import collectors.Accounting;
import collectors.CollectorContext.MacosPower;
import collectors.CollectorUnavailableException;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.GpuInfo;
import collectors.TelemetryCollector;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The collector on libraries that are a fake: see tests/fixtures/apple. Time is simulated. */
@Timeout(60)
class AppleCollectorTest {

    private FakeApple fake;

    @AfterEach
    void everythingWasReleasedAndNothingWasUndefined() {
        assertThat(fake.violation()).isNull();
        assertThat(fake.liveObjects()).as("CF objects").isZero();
        assertThat(fake.openPorts()).as("services and connections").isZero();
    }

    @Test
    void theChipsPartsAreAddedUpAndItsClustersAndMemoryAreShown() throws Exception {
        fake = new FakeApple("chip=m1;utilization=37;memory=1073741824");
        try (TelemetryCollector collector = fake.open(MacosPower.COMBINED)) {
            List<DeviceSample> devices = fake.collectFor(collector, 10);
            assertThat(devices).extracting(device -> device.id, device -> device.kind, device -> device.accounting)
                    .containsExactly(tuple("macos-cpu", DeviceKind.CPU_PACKAGE, Accounting.ADDED),
                            tuple("macos-cpu-E", DeviceKind.CPU_CORES, Accounting.CONTAINED),
                            tuple("macos-cpu-P", DeviceKind.CPU_CORES, Accounting.CONTAINED),
                            tuple("macos-gpu", DeviceKind.GPU, Accounting.ADDED),
                            tuple("macos-ane", DeviceKind.NEURAL_ENGINE, Accounting.ADDED),
                            tuple("macos-dram", DeviceKind.DRAM, Accounting.BESIDE),
                            tuple("macos-machine", DeviceKind.MACHINE, Accounting.BESIDE));
            assertWatts(devices, "macos-cpu 4, macos-cpu-E 1, macos-cpu-P 3, macos-gpu 2, macos-ane 0, "
                    + "macos-dram 0.3, macos-machine 20");
            assertThat(devices).extracting(device -> device.problem).containsOnlyNulls();
            assertThat(device(devices, "macos-gpu").utilizationPercent).isEqualTo(37);
            assertThat(device(devices, "macos-gpu").memoryUsedMb).isEqualTo(1024);
            assertThat(device(devices, "macos-gpu").integrated).isTrue();
            assertThat(device(devices, "macos-cpu-E").containedIn).isEqualTo("macos-cpu");
            assertThat(collector.platform()).isEqualTo("macos");
            assertThat(collector.gpuInfo()).isEqualTo(
                    new GpuInfo("Apple GPU", "Apple", "Integrated GPU", "IOReport"));
            assertThat(collector.source()).contains("15 energy channels").contains("PSTR");
        }
    }

    @Test
    void theGpuAloneIsAddedUpWhereThatIsAskedFor() throws Exception {
        fake = new FakeApple("chip=max");
        try (TelemetryCollector collector = fake.open(MacosPower.GPU)) {
            assertThat(fake.collectFor(collector, 1)).filteredOn(device -> device.accounting == Accounting.ADDED)
                    .extracting(device -> device.id).containsExactly("macos-gpu");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            m1    | macos-cpu 4, macos-cpu-E 1, macos-cpu-P 3, macos-gpu 2, macos-ane 0, macos-dram 0.3
            max   | macos-cpu 19, macos-cpu-E 1, macos-cpu-P 17, macos-gpu 30, macos-ane 1
            ultra | macos-cpu 15, macos-cpu-E 2, macos-cpu-P 11, macos-gpu 60, macos-ane 0.3, macos-dram 3
            m5    | macos-cpu 29, macos-cpu-E 1, macos-cpu-M 7, macos-cpu-P 20, macos-gpu 10, macos-ane 0
            """)
    void everyChipsPowerAndJoulesAreThoseOfItsChannelsAndNothingCountsTwice(String chip, String watts)
            throws Exception {
        fake = new FakeApple("chip=" + chip + ";pstr=absent");
        try (TelemetryCollector collector = fake.open(MacosPower.COMBINED)) {
            double before = device(fake.collectFor(collector, 1), "macos-cpu").energyCounterJoules;
            List<DeviceSample> devices = fake.collectFor(collector, 40);
            assertWatts(devices, watts);
            double cpuWatts = device(devices, "macos-cpu").powerWatts;
            assertThat(device(devices, "macos-cpu").energyCounterJoules - before)
                    .isCloseTo(40 * cpuWatts, within(2.2 * cpuWatts));
        }
    }

    @Test
    void powerOfBatchesIsNeitherZeroNorTooMuchInBetween() throws Exception {
        fake = new FakeApple("chip=m5");
        try (TelemetryCollector collector = fake.open(MacosPower.COMBINED)) {
            int steps = 0;
            double last = device(collector.collect(), "macos-cpu").energyCounterJoules;
            for (int i = 0; i < 400; i++) {
                DeviceSample cpu = device(fake.collectFor(collector, 0.05), "macos-cpu");
                assertThat(cpu.powerWatts).isCloseTo(29, within(0.01));
                assertThat(cpu.powerAveragingSeconds).isCloseTo(2.13, within(1e-3));
                steps += cpu.energyCounterJoules > last ? 1 : 0;
                last = cpu.energyCounterJoules;
            }
            assertThat(steps).as("in 20 s").isEqualTo(9);
        }
    }

    @Test
    void twoDiesThatPublishAfterEachOtherMoveTogether() throws Exception {
        fake = new FakeApple("chip=ultra");
        try (TelemetryCollector collector = fake.open(MacosPower.COMBINED)) {
            for (int i = 0; i < 4000; i++) {
                fake.advance(5_000_000);
                DeviceSample cpu = device(collector.collect(), "macos-cpu");
                assertThat(cpu.powerWatts).isBetween(14.0, 16.0);
                assertThat(cpu.energyCounterNanos).isPositive();
            }
        }
    }

    @Test
    void aNeuralEngineOnTwoDiesIsNotDoubledWhenItWakes() throws Exception {
        fake = new FakeApple("chip=ultra;watts=ANE0_0:0;watts=ANE0_1:0");
        try (TelemetryCollector collector = fake.open(MacosPower.COMBINED)) {
            fake.collectFor(collector, 10);
            fake.set("watts=ANE0_0:4;watts=ANE0_1:4");
            for (int i = 0; i < 2000; i++) {
                fake.advance(5_000_000);
                assertThat(device(collector.collect(), "macos-ane").powerWatts).isBetween(0.0, 8.1);
            }
            assertThat(device(collector.collect(), "macos-ane").powerWatts).isCloseTo(8, within(0.01));
        }
    }

    @Test
    void withoutTimestampsPowerIsThatBetweenTheLooksThatSawItMove() throws Exception {
        fake = new FakeApple("chip=max;stamps=0");
        try (TelemetryCollector collector = fake.open(MacosPower.COMBINED)) {
            DeviceSample cpu = device(fake.collectFor(collector, 10), "macos-cpu");
            assertThat(cpu.powerWatts).isCloseTo(19, within(1.5));
            assertThat(cpu.energyCounterNanos).isZero();
            for (int i = 0; i < 200; i++) { // by two clocks nothing is divided
                fake.set("stamps=" + i / 50 % 2);
                double watts = device(fake.collectFor(collector, 0.05), "macos-cpu").powerWatts;
                assertThat(watts).satisfiesAnyOf(told -> assertThat(told).isCloseTo(19, within(2.0)),
                        told -> assertThat(told).isEqualTo(UNAVAILABLE));
            }
        }
    }

    @Test
    void aNeuralEngineThatRestsDrawsNothingAndItsFirstBatchIsNotSpreadOverItsRest() throws Exception {
        fake = new FakeApple("chip=m1");
        try (TelemetryCollector collector = fake.open(MacosPower.COMBINED)) {
            DeviceSample engine = device(fake.collectFor(collector, 60), "macos-ane");
            assertThat(engine.powerWatts).isZero();
            assertThat(engine.energyCounterJoules).as("was never seen to move").isEqualTo(UNAVAILABLE);
            fake.set("watts=ANE0:3");
            double first = UNAVAILABLE;
            for (int i = 0; i < 42; i++) {
                engine = device(fake.collectFor(collector, 0.05), "macos-ane");
                first = first < 0 ? engine.energyCounterJoules : first;
            }
            assertThat(engine.powerWatts).isCloseTo(3, within(1.6));
            assertThat(engine.energyCounterJoules - first).as("no batch is lost").isCloseTo(fake.joules("ANE0"),
                    within(3.01));
            assertThat(engine.energyCounterJoules - first).isPositive();
            assertThat(device(fake.collectFor(collector, 2), "macos-ane").powerWatts).isCloseTo(3, within(0.01));
            fake.set("watts=ANE0:0");
            assertThat(device(fake.collectFor(collector, 6), "macos-ane").powerWatts).isZero();
        }
    }

    @Test
    void aSampleThatLacksOneOfThemTellsNoSumAndTheNextOneDoes() throws Exception {
        fake = new FakeApple("chip=m1");
        try (TelemetryCollector collector = fake.open(MacosPower.COMBINED)) {
            fake.set("hide=CPU Energy");
            List<DeviceSample> devices = fake.collectFor(collector, 0.05);
            assertThat(devices).filteredOn(device -> device.accounting == Accounting.ADDED)
                    .allMatch(device -> !device.hasPowerOrEnergy() && device.problem != null);
            assertThat(device(devices, "macos-gpu").problem).contains("Apple CPU is unknown");
            assertThat(device(devices, "macos-cpu").problem).contains("does not have it");
            fake.set("show=CPU Energy;fail=sample");
            assertThat(device(fake.collectFor(collector, 0.05), "macos-cpu").hasPowerOrEnergy()).isFalse();
            fake.set("fail=none");
            assertWatts(fake.collectFor(collector, 2), "macos-cpu 4, macos-gpu 2, macos-ane 0");
        }
    }

    @ParameterizedTest
    @CsvSource({"array", "name", "value", "channel"})
    void whatIsOfTheWrongKindIsUnavailableAndHarmsNobody(String odd) throws Exception {
        fake = new FakeApple("chip=m1");
        try (TelemetryCollector collector = fake.open(MacosPower.COMBINED)) {
            fake.set("odd=" + odd);
            List<DeviceSample> devices = fake.collectFor(collector, 1);
            assertThat(device(devices, "macos-cpu").hasPowerOrEnergy()).isEqualTo(odd.equals("channel"));
            assertThat(device(devices, "macos-machine").powerWatts).isEqualTo(20);
            if (odd.equals("value")) {
                assertThat(device(devices, "macos-gpu").memoryUsedMb).isEqualTo(UNAVAILABLE);
            }
            fake.set("odd=none");
            assertThat(device(fake.collectFor(collector, 2), "macos-cpu").powerWatts).isCloseTo(4, within(0.01));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            fail=group                | no energy of an Apple chip
            fail=subscription         | no subscription
            fail=sample               | stands still
            odd=array                 | no energy of an Apple chip
            odd=name                  | no energy of an Apple chip
            odd=value                 | stands still
            unit=CPU Energy:frob      | 'frob', which is not known to be energy
            unit=GPU Energy:W         | 'W', which is not known to be energy
            freeze=CPU Energy         | stands still
            """)
    void whatCannotBeReadIsSaidWithThatOfPowermetrics(String settings, String reason) {
        fake = new FakeApple("chip=m1;" + settings);
        assertThatThrownBy(() -> fake.open(MacosPower.COMBINED)).isInstanceOf(CollectorUnavailableException.class)
                .hasMessageContaining(reason).hasMessageEndingWith("; powermetrics may not run")
                .satisfies(e -> assertThat(((CollectorUnavailableException) e).remedy()).isEqualTo("sudo something"));
    }

    @ParameterizedTest
    @CsvSource({"absent", "type", "0", "99999", "-3"})
    void whatTheControllerDoesNotSayIsMissing(String pstr) throws Exception {
        fake = new FakeApple("chip=m1;pstr=" + pstr);
        try (TelemetryCollector collector = fake.open(MacosPower.COMBINED)) {
            assertThat(fake.collectFor(collector, 1)).filteredOn(device -> device.kind == DeviceKind.MACHINE)
                    .allMatch(device -> device.powerWatts == UNAVAILABLE && device.problem != null)
                    .hasSize(pstr.matches("[a-z]+") ? 0 : 1);
        }
        fake.set("fail=smc;utilization=absent");
        try (TelemetryCollector collector = fake.open(MacosPower.COMBINED)) {
            List<DeviceSample> devices = fake.collectFor(collector, 1);
            assertThat(device(devices, "macos-gpu").utilizationPercent).isEqualTo(UNAVAILABLE);
            assertWatts(devices, "macos-gpu 2");
        }
    }

    @Test
    void aLibraryThatIsNotThereIsSaid() {
        fake = new FakeApple("chip=m1");
        AppleLibraries absent = new AppleLibraries("/no/such/library", "", "", "");
        assertThatThrownBy(() -> AppleOpening.open(FakeApple.context(MacosPower.GPU), absent, fake,
                (context, reason) -> {
                    throw new CollectorUnavailableException("powermetrics may not run");
                })).hasMessageStartingWith("/no/such/library cannot be used: ");
    }

    @Test
    void tenThousandSamplesLeaveNothingBehind() throws Exception {
        fake = new FakeApple("chip=ultra");
        try (TelemetryCollector collector = fake.open(MacosPower.COMBINED)) {
            collector.collect();
            long before = fake.liveObjects();
            fake.collectFor(collector, 500);
            assertThat(fake.liveObjects()).isEqualTo(before);
        }
    }

    static DeviceSample device(List<DeviceSample> devices, String id) {
        return devices.stream().filter(device -> device.id.equals(id)).findFirst().orElseThrow();
    }

    private static void assertWatts(List<DeviceSample> devices, String expected) {
        String told = devices.stream().filter(device -> expected.contains(device.id + " "))
                .map(device -> device.id + " " + String.format(Locale.ROOT, "%.1f", device.powerWatts)
                        .replaceFirst("\\.0$", "")).collect(Collectors.joining(", "));
        assertThat(told).isEqualTo(expected);
    }
}
