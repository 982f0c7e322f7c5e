package collectors.gpu;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.gpu.NvidiaCollectorTest.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import collectors.Accounting;
import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.GpuInfo;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import telemetry.accounting.EnergySource;
import telemetry.accounting.LiveMeter;

/** What the collector makes of ROCm SMI's answers, of its refusals, and of what the kernel shows beside it. */
class AmdCollectorTest {

    private static final long SECOND = 1_000_000_000L;
    /** Power, energy, temperature, memory used and total, utilisation of GPU and memory, limit: the fake's. */
    private static final double[] ALL = {500, 1000, 55, 1024, 196608, 50, UNAVAILABLE, 750};
    private static final double[] NONE = {-1, -1, -1, -1, -1, -1, -1, -1};

    @TempDir
    Path sysfs;

    private final FakeRocmSmi fake = FakeRocmSmi.without();
    private GpuCollector collector;

    @AfterEach
    void nothingWasMisused() {
        if (collector != null) {
            collector.close();
        }
        assertThat(fake.violation()).isNull();
        assertThat(fake.references()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void everyGpuIsReadInItsUnits(int gpus) throws Exception {
        open("gpus=" + gpus);
        List<DeviceSample> samples = collector.collect();
        assertThat(samples).hasSize(gpus);
        assertThat(collector.platform()).isEqualTo("amd");
        assertThat(collector.gpuInfo()).isEqualTo(new GpuInfo("AMD Instinct MI300X x" + gpus, "AMD", "GPU", "AMDSMI"));
        for (int i = 0; i < gpus; i++) {
            DeviceSample sample = samples.get(i);
            assertThat(sample.id).isEqualTo("GPU-5a1b3c7d9e0f200" + i);
            assertThat(sample.kind).isEqualTo(DeviceKind.GPU);
            assertThat(sample.accounting).isEqualTo(Accounting.ADDED);
            assertThat(numbers(sample)).isEqualTo(ALL);
            assertThat(sample.problem).isNull();
        }
    }

    @Test
    void powerAndEnergyAreAskedAtEverySweepAndTheRestSeldom() throws Exception {
        open("gpus=1");
        for (int millis = 0; millis < 1000; millis++) {
            collector.collect(millis * 1_000_000L);
        }
        assertThat(fake.calls("rsmi_dev_power_get")).isEqualTo(1000);
        assertThat(fake.calls("rsmi_dev_energy_count_get")).isEqualTo(1000);
        assertThat(fake.calls("rsmi_dev_temp_metric_get")).isEqualTo(5);
        assertThat(fake.calls("rsmi_dev_memory_usage_get")).isEqualTo(5);
        assertThat(fake.calls("rsmi_dev_memory_total_get")).isEqualTo(1);
        assertThat(fake.calls("rsmi_dev_power_cap_get")).isEqualTo(1);
    }

    @Test
    void sweepOverEightGpusAllocatesNextToNothing() throws Exception {
        int sweeps = 20_000;
        open("gpus=8;gpu7.error.rsmi_dev_energy*=2");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int i = 0; i < 2 * sweeps; i++) {
            before = i == sweeps ? threads.getThreadAllocatedBytes(Thread.currentThread().getId()) : before;
            collector.collect(i * 1_000_000L);
        }
        long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertThat(bytes / (double) sweeps).isLessThan(200);
    }

    @Test
    void edgeStandsInForAJunctionThatIsNotMeasured() throws Exception {
        open("gpus=2;gpu1.junction_mc=0;edge_mc=41500");
        List<DeviceSample> samples = collector.collect();
        assertThat(samples.get(0).temperatureCelsius).isEqualTo(55);
        assertThat(samples.get(1).temperatureCelsius).isEqualTo(41.5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17",
        "0xFFFFFFFF"})
    void functionThatFailsTakesOnlyItsOwnNumbersAndComesBack(String code) throws Exception {
        Map<String, List<Integer>> missing = Map.of("rsmi_dev_*power*_[ag]*", List.of(0, 7),
                "rsmi_dev_energy_count_get", List.of(1), "rsmi_dev_temp_metric_get", List.of(2),
                "rsmi_dev_memory_usage_get", List.of(3), "rsmi_dev_memory_total_get", List.of(4),
                "rsmi_dev_busy_percent_get", List.of(5));
        for (Map.Entry<String, List<Integer>> function : missing.entrySet()) {
            open("gpus=2");
            fake.set("gpu0.error." + function.getKey() + "=" + code);
            double[] expected = ALL.clone();
            function.getValue().forEach(i -> expected[i] = UNAVAILABLE);
            for (long now = 0; now < 10 * SECOND; now += SECOND / 2) {
                List<DeviceSample> samples = collector.collect(now);
                assertThat(numbers(samples.get(0))).as(function.getKey()).isEqualTo(expected);
                assertThat(numbers(samples.get(1))).isEqualTo(ALL);
            }
            assertThat(fake.calls("rsmi_init")).as(function.getKey()).isEqualTo(1);
            fake.set("gpu0.error.*=0");
            assertThat(numbers(collector.collect(20 * SECOND).get(0))).isEqualTo(ALL);
            collector.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "3", "4", "6", "7", "8", "10", "14", "15", "16", "0xFFFFFFFF"})
    void gpuThatAnswersNothingHasNoNumbersAndTheReasonAndComesBack(String code) throws Exception {
        open("gpus=3");
        collector.collect(0);
        fake.set("gpu1.error.rsmi_dev_[!pnu]*=" + code + ";gpu1.error.rsmi_dev_po*=" + code);
        for (long now = 6 * SECOND; now < 16 * SECOND; now += SECOND / 2) {
            List<DeviceSample> samples = collector.collect(now);
            assertThat(numbers(samples.get(0))).isEqualTo(ALL);
            assertThat(numbers(samples.get(1))).containsExactly(NONE);
            assertThat(samples.get(1).problem).contains("(ROCm SMI code " + Long.decode(code) + ")");
            assertThat(numbers(samples.get(2))).isEqualTo(ALL);
        }
        fake.set("gpu1.error.*=0");
        DeviceSample back = collector.collect(21 * SECOND).get(1);
        assertThat(numbers(back)).isEqualTo(ALL);
        assertThat(back.problem).isNull();
    }

    @Test
    void lostGpuComesBackAndTheOthersKeepTheirNumbersThoughTheirIndicesChange() throws Exception {
        open("gpus=3;gpu0.power_uw=100000000;gpu1.power_uw=200000000;gpu2.power_uw=300000000");
        fake.set("gpu0.removed=1");
        for (long now = 0; now < 20 * SECOND; now += SECOND / 20) {
            List<DeviceSample> samples = collector.collect(now);
            assertThat(numbers(samples.get(0))).containsExactly(NONE);
            assertThat(samples.get(1).powerWatts).isEqualTo(200);
            assertThat(samples.get(2).powerWatts).isEqualTo(300);
        }
        assertThat(collector.collect(20 * SECOND).get(0).problem).isEqualTo("ROCm SMI no longer shows this GPU");
        assertThat(fake.calls("rsmi_init")).as("with growing pauses").isBetween(4L, 12L);

        fake.set("gpu0.removed=0");
        assertThat(collector.collect(25 * SECOND).stream().map(sample -> sample.powerWatts))
                .containsExactly(100.0, 200.0, 300.0);
    }

    @Test
    void driverThatIsGoneAndBackIsOpenedAgain() throws Exception {
        open("gpus=2");
        fake.set("error.rsmi_[!s]*=8");
        assertThat(collector.collect(0)).allSatisfy(sample -> assertThat(numbers(sample)).containsExactly(NONE));
        assertThat(collector.collect(SECOND).get(1).problem).isEqualTo("ROCm SMI: RSMI_STATUS (ROCm SMI code 8)");
        fake.set("error.*=0");
        assertThat(collector.collect(6 * SECOND)).allSatisfy(sample -> assertThat(numbers(sample)).isEqualTo(ALL));
    }

    @Test
    void sentinelIsNoNumber() throws Exception {
        open("power_uw=0xFFFFFFFFFFFFFFFF;counter=0xFFFFFFFFFFFFFFFF;cap_uw=0xFFFFFFFFFFFFFFFF;"
                + "junction_mc=0x8000000000000000;edge_mc=0x8000000000000000;vram_used=0xFFFFFFFFFFFFFFFF");
        assertThat(numbers(collector.collect().get(0))).containsExactly(-1, -1, -1, -1, 196608, 50, -1, -1);
    }

    @Test
    void counterThatStaysAtZeroIsNone() throws Exception {
        open("counter=0");
        DeviceSample sample = collector.collect().get(0);
        assertThat(sample.energyCounterJoules).isEqualTo(UNAVAILABLE);
        assertThat(sample.powerWatts).isEqualTo(500);
        assertThat(sample.problem).isNull();
    }

    /** 10 s at 500 W are 5000 J, also by a counter that has stopped. */
    @Test
    void counterThatIsStuckLosesNoJoules() throws Exception {
        open("counter=123456789");
        LiveMeter meter = new LiveMeter();
        DeviceSample sample = collector.collect(0).get(0);
        // The call itself takes its time, the first one above all: the joules are those from its middle on.
        double begunSeconds = (sample.askedNanos + (sample.answeredNanos - sample.askedNanos) / 2) / 1e9;
        meter.add(sample, 0);
        for (long now = SECOND / 20; now <= 10 * SECOND; now += SECOND / 20) {
            meter.add(collector.collect(now).get(0), now);
        }
        assertThat(meter.source()).isEqualTo(EnergySource.INTEGRATED);
        assertThat(meter.joules()).isCloseTo(500 * (10 - begunSeconds), within(0.1));
    }

    @Test
    void secondDieIsShownWithoutPowerThatTheFirstMeasures() throws Exception {
        device(0, "device", "0x740c");
        device(1, "device", "0x740c");
        open("gpus=2;name=AMD Instinct MI250X;gpu1.power_uw=0");
        List<DeviceSample> samples = collector.collect();
        assertThat(samples.get(0).powerWatts).isEqualTo(500);
        assertThat(samples.get(0).energyCounterJoules).isEqualTo(1000);
        assertThat(numbers(samples.get(1))).containsExactly(-1, -1, 55, 1024, 196608, 50, -1, 750);
        assertThat(samples.get(1).problem).isEqualTo("the other part of its module or board measures its power too");
        assertThat(samples.get(1).accounting).isEqualTo(Accounting.ADDED);
        assertThat(collector.gpuInfo().name()).isEqualTo("AMD Instinct MI250X x2");

        fake.set("gpu1.error.rsmi_dev_*power*=16");
        collector.collect();
        assertThat(samples.get(1).energyCounterJoules).as("while its power is not known").isEqualTo(UNAVAILABLE);
    }

    @Test
    void zeroWattsOfAnyOtherGpuIsNoMeasurement() throws Exception {
        open("gpus=2;gpu1.power_uw=0;counter=0");
        DeviceSample sample = collector.collect().get(1);
        assertThat(sample.powerWatts).isEqualTo(UNAVAILABLE);
        assertThat(sample.problem).isEqualTo("the power sensor reads 0 W, which no running GPU draws");
    }

    @Test
    void partitionsOfOneBoardAreNotAddedToIt() throws Exception {
        open("gpus=3;gpu1.bdf=0x10000a01;gpu1.unique_id=0x5a1b3c7d9e0f2000");
        List<DeviceSample> samples = collector.collect();
        assertThat(samples.stream().map(sample -> sample.accounting))
                .containsExactly(Accounting.ADDED, Accounting.CONTAINED, Accounting.ADDED);
        assertThat(samples.stream().map(sample -> sample.id)).doesNotHaveDuplicates();
        assertThat(collector.gpuInfo().name()).isEqualTo("AMD Instinct MI300X x2");
    }

    @Test
    void apuIsBesideACardAndTheWholeWhenAlone() throws Exception {
        device(1, "hwmon/hwmon3/name", "amdgpu");
        device(1, "hwmon/hwmon3/in1_label", "vddnb");
        open("gpus=2;gpu1.name=AMD Radeon Graphics");
        DeviceSample apu = collector.collect().get(1);
        assertThat(apu.kind).isEqualTo(DeviceKind.SYSTEM_ON_CHIP);
        assertThat(apu.accounting).isEqualTo(Accounting.BESIDE);
        assertThat(apu.powerWatts).isEqualTo(500);
        assertThat(collector.gpuInfo().name()).isEqualTo("AMD Instinct MI300X x1");
        collector.close();

        collector = fake.collector("gpus=2", new CollectorContext(sysfs, Path.of("/proc"), Map.of(), 50,
                "1", CollectorContext.MacosPower.COMBINED));
        assertThat(collector.collect()).hasSize(1).allSatisfy(alone -> {
            assertThat(alone.kind).isEqualTo(DeviceKind.SYSTEM_ON_CHIP);
            assertThat(alone.accounting).isEqualTo(Accounting.ADDED);
        });
    }

    @Test
    void mi300aIsAChipThatHasACpu() throws Exception {
        device(0, "device", "0x74a0");
        open("gpus=1");
        assertThat(collector.collect().get(0).kind).isEqualTo(DeviceKind.SYSTEM_ON_CHIP);
        assertThat(collector.collect().get(0).accounting).isEqualTo(Accounting.ADDED);
    }

    @Test
    void suspendedGpuIsNotAskedUntilSomethingElseWakesIt() throws Exception {
        device(1, "power/control", "auto");
        device(1, "power/runtime_status", "suspended");
        open("gpus=2");
        long identified = fake.calls("rsmi_dev_*");
        for (int i = 0; i < 10; i++) {
            List<DeviceSample> samples = collector.collect(i * SECOND);
            assertThat(numbers(samples.get(0))).isEqualTo(ALL);
            assertThat(numbers(samples.get(1))).containsExactly(NONE);
            assertThat(samples.get(1).problem).isEqualTo(DeviceSample.ASLEEP);
        }
        assertThat(fake.calls("rsmi_dev_*") - identified).as("of the other GPU").isLessThanOrEqualTo(10 * 7);
        device(1, "power/runtime_status", "active");
        assertThat(numbers(collector.collect(11 * SECOND).get(1))).isEqualTo(ALL);
    }

    @Test
    void whyThereIsNoPowerIsToldAgainAfterSleepAndLoss() throws Exception {
        String unsupported = "power and energy: RSMI_STATUS_NOT_SUPPORTED: not supported here (ROCm SMI code 2)";
        device(0, "power/control", "auto");
        device(0, "power/runtime_status", "active");
        open("error.rsmi_dev_power_*=2;error.rsmi_dev_current*=2;error.rsmi_dev_energy*=2");
        DeviceSample sample = collector.collect(0).get(0);
        assertThat(sample.problem).isEqualTo(unsupported);
        device(0, "power/runtime_status", "suspended");
        collector.collect(SECOND);
        assertThat(sample.problem).isEqualTo(DeviceSample.ASLEEP);
        device(0, "power/runtime_status", "active");
        collector.collect(2 * SECOND);
        assertThat(sample.problem).isEqualTo(unsupported);
        fake.set("removed=1");
        collector.collect(8 * SECOND);
        assertThat(sample.problem).isEqualTo("ROCm SMI no longer shows this GPU");
        fake.set("removed=0");
        collector.collect(20 * SECOND);
        assertThat(sample.problem).isEqualTo(unsupported);
    }

    @Test
    void whatTheRuntimeWouldSeeIsMeasured() throws Exception {
        assertThat(visible("2,0")).containsExactly("GPU-5a1b3c7d9e0f2000", "GPU-5a1b3c7d9e0f2002");
        assertThat(visible("GPU-5a1b3c7d9e0f2001,0,nothing,2"))
                .containsExactly("GPU-5a1b3c7d9e0f2000", "GPU-5a1b3c7d9e0f2001");
        assertThatThrownBy(() -> visible("")).isInstanceOf(CollectorUnavailableException.class)
                .hasMessage("ROCR_VISIBLE_DEVICES= hides every GPU: unset it, or give --devices all");
    }

    private List<String> visible(String list) throws CollectorUnavailableException {
        try (GpuCollector some = fake.collector("gpus=3", 
                FakeNvml.context("visible", Map.of("ROCR_VISIBLE_DEVICES", list)))) {
            return some.collect().stream().map(sample -> sample.id).toList();
        }
    }

    @Test
    void libraryWithoutGpusIsRefused() {
        assertThatThrownBy(() -> open("gpus=0")).isInstanceOf(CollectorUnavailableException.class)
                .hasMessage("ROCm SMI shows no AMD GPU");
        assertThatThrownBy(() -> open("error.rsmi_init=3")).isInstanceOf(CollectorUnavailableException.class)
                .hasMessage("ROCm SMI cannot start: RSMI_STATUS_FILE_ERROR: a file is gone (ROCm SMI code 3)");
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000_000, Integer.MAX_VALUE, -1})
    void absurdNumberOfGpusIsRefused(int claimed) {
        assertThatThrownBy(() -> open("claimed_gpus=" + claimed)).isInstanceOf(CollectorUnavailableException.class)
                .hasMessage("ROCm SMI shows no AMD GPU");
    }

    @Test
    void nameThatHasNoEndIsCutWhereItsArrayEnds() throws Exception {
        open("unterminated=1");
        assertThat(collector.collect().get(0).name).isEqualTo("x".repeat(128));
    }

    private void open(String settings) throws CollectorUnavailableException {
        collector = fake.collector(settings, FakeNvml.context(sysfs));
    }

    /** Writes a file of the GPU with that number as the kernel shows it. */
    private void device(int gpu, String file, String text) throws Exception {
        Path path = sysfs.resolve(String.format("bus/pci/devices/0000:%02x:00.0", 10 + gpu)).resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text + "\n");
    }
}
