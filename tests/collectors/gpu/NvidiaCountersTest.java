package collectors.gpu;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.gpu.nvml.NvmlIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Energy and power of NVML with what there is to know about them: moments, means, and what they cover. */
class NvidiaCountersTest {

    private final FakeNvml fake = FakeNvml.create();
    private GpuCollector collector;

    @AfterEach
    void nothingWasMisused() {
        if (collector != null) {
            collector.close();
        }
        assertThat(fake.violation()).isNull();
        assertThat(fake.references()).isZero();
    }

    @Test
    void oneCallTellsEnergyWithItsMomentMeanPowerAndPowerNow() throws Exception {
        DeviceSample sample = read("power_average_ms=1000;load_period_ms=4000000000;load_high_ms=4000000000;"
                + "load_high_mw=250000;counting=0;energy_mj=7000");
        assertThat(sample.powerWatts).isEqualTo(250);
        assertThat(sample.powerAveragingSeconds).isEqualTo(1);
        assertThat(sample.instantPowerWatts).isEqualTo(250);
        assertThat(sample.energyCounterJoules).isEqualTo(7);
        assertThat(sample.energyCounterNanos / 1e9).isCloseTo(System.currentTimeMillis() / 1e3, within(5.0));
        assertThat(fake.calls("nvmlDeviceGetFieldValues")).isEqualTo(1);
        assertThat(fake.calls("nvmlDeviceGetPowerUsage")).isZero();
    }

    @Test
    void theMomentStandsStillAsLongAsTheCounterDoes() throws Exception {
        DeviceSample sample = read("energy_publish_ms=400");
        long moment = sample.energyCounterNanos;
        double joules = sample.energyCounterJoules;
        int same = 0;
        int moved = 0;
        for (int i = 0; i < 120; i++) {
            LockSupport.parkNanos(10_000_000);
            collector.collect();
            if (sample.energyCounterJoules == joules) {
                assertThat(sample.energyCounterNanos).isEqualTo(moment);
                same++;
            } else {
                assertThat(sample.energyCounterNanos).isGreaterThan(moment + 300_000_000);
                moved++;
            }
            moment = sample.energyCounterNanos;
            joules = sample.energyCounterJoules;
        }
        assertThat(same).isGreaterThan(20);
        assertThat(moved).isBetween(2, 20);
    }

    @Test
    void everyDevicesCounterIsBracketedByTheMomentsAroundItsReading() throws Exception {
        long before = System.nanoTime();
        open("gpus=2;call_us=3000");
        List<DeviceSample> samples = collector.collect();
        long after = System.nanoTime();
        for (DeviceSample sample : samples) {
            assertThat(sample.askedNanos).isGreaterThanOrEqualTo(before);
            assertThat(sample.answeredNanos - sample.askedNanos).isBetween(3_000_000L, 1_000_000_000L);
            assertThat(sample.answeredNanos).isLessThanOrEqualTo(after);
        }
        assertThat(samples.get(1).askedNanos).isGreaterThan(samples.get(0).answeredNanos);
    }

    @Test
    void aDriverWithoutFieldsIsAskedForEachNumber() throws Exception {
        DeviceSample sample = read("fields=0;counting=0;energy_mj=5000");
        assertThat(sample.powerWatts).isEqualTo(300);
        assertThat(sample.energyCounterJoules).isEqualTo(5);
        assertThat(sample.energyCounterNanos).isZero();
        assertThat(sample.instantPowerWatts).isEqualTo(UNAVAILABLE);
        assertThat(sample.powerAveragingSeconds).as("of a Hopper").isEqualTo(1);
    }

    /** nvml.h: averaged over 1 s on Ampere (except GA100) or newer GPUs, instantaneous on GA100 and older ones. */
    @ParameterizedTest
    @CsvSource({"NVIDIA A100-SXM4-80GB, 7, 1, 0", "NVIDIA A30, 7, 1, 0", "NVIDIA RTX A3000 Laptop GPU, 7, 0, 1",
        "NVIDIA A10, 7, 0, 1", "Tesla V100-SXM2-16GB, 5, 0, 0", "NVIDIA H100 PCIe, 9, 0, 1", "NVIDIA X1, -1, 1, -1"})
    void powerIsAMeanOfASecondByTheHeadersWords(String name, int architecture, int ga100, double seconds)
            throws Exception {
        DeviceSample sample = read("name=" + name + ";architecture=" + Integer.toUnsignedString(architecture)
                + ";ga100=" + ga100);
        assertThat(sample.powerAveragingSeconds).isEqualTo(seconds);
        assertThat(sample.instantPowerWatts).as("power now, on every architecture").isEqualTo(300);
    }

    @Test
    void graceHopperWithoutPowerOfItsGpuIsAModule() throws Exception {
        DeviceSample sample = read("name=NVIDIA GH200 480GB;error.nvmlDeviceGetPowerUsage=3;module_power_mw=610000;"
                + "counting=0;energy_mj=9000");
        assertThat(sample.kind).isEqualTo(DeviceKind.MODULE);
        assertThat(sample.integrated).isTrue();
        assertThat(sample.powerWatts).isEqualTo(610);
        assertThat(sample.powerAveragingSeconds).isZero();
        assertThat(sample.energyCounterJoules).isEqualTo(9);
    }

    @Test
    void graceHopperWithPowerOfItsGpuHasNoEnergyFromTheModulesCounter() throws Exception {
        DeviceSample sample = read("name=NVIDIA GH200 480GB;module_power_mw=610000;counting=0;energy_mj=9000");
        assertThat(sample.kind).isEqualTo(DeviceKind.GPU);
        assertThat(sample.integrated).isTrue();
        assertThat(sample.powerWatts).isEqualTo(300);
        assertThat(sample.energyCounterJoules).isEqualTo(UNAVAILABLE);
    }

    @Test
    void unifiedMemoryIsTheHosts(@TempDir Path procfs) throws Exception {
        Files.writeString(procfs.resolve("meminfo"),
                "MemTotal:       125829120 kB\nMemFree:         1024 kB\nMemAvailable:   104857600 kB\n");
        CollectorContext context = new CollectorContext(Path.of("/sys"), procfs, Map.of(), 50, "all",
                CollectorContext.MacosPower.COMBINED);
        String unsupported = ";error.nvmlDeviceGetMemoryInfo*=3";
        collector = fake.collector("name=NVIDIA GB10" + unsupported, context);
        DeviceSample sample = collector.collect().get(0);
        assertThat(sample.memoryTotalMb).isEqualTo(120 * 1024);
        assertThat(sample.memoryUsedMb).isEqualTo(20 * 1024);
        assertThat(sample.integrated).isTrue();
        collector.close();

        collector = fake.collector("name=NVIDIA GRID A100-4C" + unsupported, context);
        assertThat(collector.collect().get(0).memoryTotalMb).as("of a vGPU").isEqualTo(UNAVAILABLE);
    }

    @Test
    void aDeprecatedFunctionForTheTemperatureGivesWayToItsSuccessor() throws Exception {
        assertThat(read("temperature_c=66;error.nvmlDeviceGetTemperature=26").temperatureCelsius).isEqualTo(66);
    }

    @Test
    void pciAddressesAreWrittenAsTheKernelWritesThem() {
        assertThat(NvmlIdentity.pciAddressOf("00000000:01:00.0")).isEqualTo("0000:01:00.0");
        assertThat(NvmlIdentity.pciAddressOf("0000000F:0A:1F.0")).isEqualTo("000f:0a:1f.0");
        assertThat(NvmlIdentity.pciAddressOf("00010000:C1:00.0")).isEqualTo("10000:c1:00.0");
        assertThat(NvmlIdentity.pciAddressOf("nonsense")).isNull();
    }

    @Test
    void oneMeasuredGpuHasItsIndexAndSeveralHaveNone() throws Exception {
        collector = fake.collector("gpus=4", FakeNvml.context("2", Map.of()));
        assertThat(collector.gpuInfo().deviceId()).isEqualTo(2);
        collector.close();
        collector = fake.collector("gpus=4", FakeNvml.context("2,3", Map.of()));
        assertThat(collector.gpuInfo().deviceId()).isZero();
    }

    @Test
    void theFakesCounterIsTheLoadItTellsOf() throws Exception {
        open("load_period_ms=100;load_high_ms=30;load_high_mw=700000;load_low_mw=90000;energy_publish_ms=20;"
                + "energy_jitter_ms=5;energy_late_ms=2");
        DeviceSample sample = collector.collect().get(0);
        double first = sample.energyCounterJoules;
        long from = sample.answeredNanos;
        LockSupport.parkNanos(1_000_000_000);
        collector.collect();
        double drawn = fake.drawnJoules(0, from, sample.answeredNanos);
        assertThat(drawn / ((sample.answeredNanos - from) / 1e9)).isCloseTo(273, within(20.0));
        assertThat(sample.energyCounterJoules - first).as("but for a step at each end")
                .isCloseTo(drawn, within(2 * 0.027 * 700));
    }

    private DeviceSample read(String settings) throws CollectorUnavailableException {
        open(settings);
        return collector.collect().get(0);
    }

    private void open(String settings) throws CollectorUnavailableException {
        collector = fake.collector(settings, FakeNvml.ALL);
    }
}
