package collectors.gpu;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import collectors.CollectorUnavailableException;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.GpuInfo;
import collectors.TelemetryCollector;
import collectors.host.OperatingSystem;
import collectors.registry.CollectorRegistry;
import collectors.registry.NullCollector;
import collectors.registry.Searched;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the collector makes of NVML's answers, and of its refusals. */
class NvidiaCollectorTest {

    private static final String STILL = "counting=0;energy_mj=5000;";

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

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 8})
    void everyGpuIsReadInItsUnits(int gpus) throws Exception {
        open("gpus=" + gpus + ";power_mw=123456;limit_mw=350000;temperature_c=61;utilization=87;memory_utilization=31;"
                + "memory_total=1073741824;memory_used=536870912;counting=0;energy_mj=98765432100");
        List<DeviceSample> samples = collector.collect();

        assertThat(samples).hasSize(gpus);
        assertThat(samples.stream().map(sample -> sample.id).distinct()).hasSize(gpus);
        assertThat(collector.gpuInfo().name()).isEqualTo("NVIDIA H100 80GB HBM3 x" + gpus);
        for (DeviceSample sample : samples) {
            assertThat(sample.id).startsWith("GPU-");
            assertThat(sample.kind).isEqualTo(DeviceKind.GPU);
            assertThat(sample.powerWatts).isEqualTo(123.456);
            assertThat(sample.energyCounterJoules).isEqualTo(98_765_432.1);
            assertThat(sample.energyCounterRangeJoules).isEqualTo(UNAVAILABLE);
            assertThat(sample.temperatureCelsius).isEqualTo(61);
            assertThat(sample.memoryUsedMb).isEqualTo(512);
            assertThat(sample.memoryTotalMb).isEqualTo(1024);
            assertThat(sample.utilizationPercent).isEqualTo(87);
            assertThat(sample.memoryUtilizationPercent).isEqualTo(31);
            assertThat(sample.powerLimitWatts).isEqualTo(350);
            assertThat(sample.problem).isNull();
        }
    }

    @Test
    void theSourceNamesTheLibraryAndTheDriver() throws Exception {
        open("gpus=1");
        assertThat(collector.source()).matches("NVML \\(/.+\\), driver 570\\.00");
    }

    @Test
    void mixedModelsAreNamedByTheirVendor() throws Exception {
        open("gpus=4;gpu2.name=NVIDIA A100-SXM4-40GB");
        assertThat(collector.gpuInfo()).isEqualTo(new GpuInfo("NVIDIA (4 GPUs)", "NVIDIA", "GPU", "NVML"));
    }

    @Test
    void samplesKeepTheirIdentityAndFollowTheSensors() throws Exception {
        open("gpus=2;" + STILL);
        List<DeviceSample> before = List.copyOf(collector.collect(0));
        fake.set("gpu1.power_mw=41000;gpu1.energy_mj=7000;gpu1.temperature_c=70");
        List<DeviceSample> after = collector.collect(200_000_000L);

        assertThat(after.get(0)).isSameAs(before.get(0));
        assertThat(after.get(1)).isSameAs(before.get(1));
        assertThat(after.get(0).powerWatts).isEqualTo(300);
        assertThat(after.get(1).powerWatts).isEqualTo(41);
        assertThat(after.get(1).energyCounterJoules).isEqualTo(7);
        assertThat(after.get(1).temperatureCelsius).isEqualTo(70);
    }

    @Test
    void powerAndEnergyAreAskedAtEverySweepAndTheRestSeldom() throws Exception {
        open("gpus=1");
        for (int millis = 0; millis < 1000; millis++) {
            collector.collect(millis * 1_000_000L);
        }
        assertThat(fake.calls("nvmlDeviceGetFieldValues")).as("power and energy at once").isEqualTo(1000);
        assertThat(fake.calls("nvmlDeviceGetPowerUsage")).isZero();
        assertThat(fake.calls("nvmlDeviceGetTotalEnergyConsumption")).isZero();
        assertThat(fake.calls("nvmlDeviceGetTemperature*")).isEqualTo(5);
        assertThat(fake.calls("nvmlDeviceGetMemoryInfo*")).as("used and total").isEqualTo(5 + 1);
        assertThat(fake.calls("nvmlDeviceGetUtilizationRates")).isEqualTo(5);
        assertThat(fake.calls("nvmlDeviceGetEnforcedPowerLimit")).isEqualTo(1);
        assertThat(fake.calls("nvmlDeviceGetName")).isEqualTo(1);
    }

    @Test
    void counterThatWasResetIsPassedOnAsItIs() throws Exception {
        open("counting=0;energy_mj=5000000");
        assertThat(collector.collect().get(0).energyCounterJoules).isEqualTo(5000);
        fake.set("energy_mj=12");
        DeviceSample sample = collector.collect().get(0);
        assertThat(sample.energyCounterJoules).isEqualTo(0.012);
        assertThat(DeviceSample.isAvailable(sample.energyCounterRangeJoules)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 6, 7, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19, 25, 27, 999})
    void functionThatFailsTakesOnlyItsOwnNumbers(int code) throws Exception {
        Map<String, List<Integer>> missing = Map.of(
                "nvmlDeviceGetPowerUsage", List.of(0),
                "nvmlDeviceGetTotalEnergyConsumption", List.of(1),
                "nvmlDeviceGetTemperature*", List.of(2),
                "nvmlDeviceGetMemoryInfo*", List.of(3, 4),
                "nvmlDeviceGetUtilizationRates", List.of(5, 6),
                "nvmlDeviceGetEnforcedPowerLimit", List.of(7));
        double[] all = {300, 5, 40, 1024, 81920, 50, 20, 700};
        for (Map.Entry<String, List<Integer>> function : missing.entrySet()) {
            open("gpus=2;" + STILL);
            fake.set("gpu0.error." + function.getKey() + "=" + code);
            double[] expected = all.clone();
            function.getValue().forEach(i -> expected[i] = UNAVAILABLE);
            // 20 sweeps, 500 ms apart: what is tried again must not disturb the others either
            for (long millis = 0; millis < 10_000; millis += 500) {
                List<DeviceSample> samples = collector.collect(millis * 1_000_000L);
                assertThat(numbers(samples.get(0))).as(function.getKey()).isEqualTo(expected);
                assertThat(numbers(samples.get(1))).isEqualTo(all);
            }
            assertThat(fake.calls("nvmlInit_v2")).as(function.getKey()).isEqualTo(1);
            fake.set("gpu0.error." + function.getKey() + "=0");
            assertThat(numbers(collector.collect(15_000_000_000L).get(0))).isEqualTo(all);
            collector.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 6, 7, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19, 25, 27, 999})
    void gpuThatAnswersNothingHasNoNumbersAndTheReason(int code) throws Exception {
        for (String functions : List.of("error", "error.nvmlDeviceGet[!HC]*", "error.nvmlDeviceGet[!C]*")) {
            open("gpus=3;" + STILL);
            failsAndComesBack(functions, code);
            collector.close();
        }
    }

    private void failsAndComesBack(String functions, int code) {
        collector.collect(0);
        fake.set("gpu1." + functions + "=" + code);
        double[] all = {300, 5, 40, 1024, 81920, 50, 20, 700};
        for (long millis = 6_000; millis < 16_000; millis += 500) {
            List<DeviceSample> samples = collector.collect(millis * 1_000_000L);
            assertThat(numbers(samples.get(0))).isEqualTo(all);
            assertThat(numbers(samples.get(1))).containsOnly(UNAVAILABLE);
            assertThat(samples.get(1).problem).contains("NVML code " + code + ")");
            assertThat(numbers(samples.get(2))).isEqualTo(all);
        }
        fake.set("gpu1." + functions + "=0");
        DeviceSample back = collector.collect(21_000_000_000L).get(1);
        assertThat(numbers(back)).isEqualTo(all);
        assertThat(back.problem).isNull();
    }

    @Test
    void problemNamesBothReasonsWhenTheyDiffer() throws Exception {
        open("gpu0.error.nvmlDeviceGetPowerUsage=3;gpu0.error.nvmlDeviceGetTotalEnergyConsumption=4");
        assertThat(collector.collect().get(0).problem).isEqualTo(
                "power: Not Supported (NVML code 3), energy: Insufficient Permissions (NVML code 4)");
    }

    @Test
    void sentinelIsNoNumber() throws Exception {
        open("counting=0;power_mw=0xFFFFFFFF;energy_mj=0xFFFFFFFFFFFFFFFF;limit_mw=0xFFFFFFFF;"
                + "temperature_c=0xFFFFFFFF;memory_total=0xFFFFFFFFFFFFFFFF;utilization=0xFFFFFFFF;"
                + "memory_utilization=0xFFFFFFFF");
        DeviceSample sample = collector.collect().get(0);
        assertThat(numbers(sample)).containsOnly(UNAVAILABLE);
        assertThat(sample.problem).isEqualTo("power and energy: Not Supported (NVML code 3)");
    }

    @Test
    void autoDetectionPassesOverALibraryThatSupportsNothing() throws Exception {
        CollectorRegistry registry = new CollectorRegistry()
                .detect("nvidia", EnumSet.allOf(OperatingSystem.class), context -> fake.open("gpus=2;error=3"))
                .detect("null", EnumSet.allOf(OperatingSystem.class), context -> new NullCollector());
        Searched choice = Searched.of(registry, CollectorRegistry.AUTO, FakeNvml.ALL, false);

        assertThat(choice.primary().collector()).isInstanceOf(NullCollector.class);
        assertThat(choice.refusals()).containsExactly(new CollectorRegistry.Refusal("nvidia", "no device gives power "
                + "or energy (NVIDIA H100 80GB HBM3: power and energy: Not Supported (NVML code 3))", ""));
    }

    @Test
    void oneGpuThatAnswersIsEnoughForAutoDetection() throws Exception {
        CollectorRegistry registry = new CollectorRegistry()
                .detect("nvidia", EnumSet.allOf(OperatingSystem.class), context -> fake.open("gpus=2;gpu0.error=3"));
        try (TelemetryCollector chosen =
                     Searched.of(registry, CollectorRegistry.AUTO, FakeNvml.ALL, false).primary().collector()) {
            assertThat(chosen.platform()).isEqualTo("nvidia");
        }
    }

    @Test
    void gpuThatIsDeniedAtOpeningIsListedWithTheReasonAndNotAskedForOften() throws Exception {
        open("gpus=3;gpu0.name=NVIDIA T4;gpu0.error.nvmlDeviceGetHandleByIndex_v2=4;" + STILL);
        assertThat(collector.gpuInfo().name()).isEqualTo("NVIDIA H100 80GB HBM3 x2");
        for (long millis = 0; millis < 60_000; millis += 50) {
            List<DeviceSample> samples = collector.collect(millis * 1_000_000L);
            assertThat(numbers(samples.get(0))).containsOnly(UNAVAILABLE);
            assertThat(samples.get(0).problem)
                    .isEqualTo("NVML: Insufficient Permissions (NVML code 4)");
            assertThat(samples.get(1).powerWatts).isEqualTo(300);
            assertThat(samples.get(2).powerWatts).isEqualTo(300);
        }
        assertThat(fake.calls("nvmlInit_v2")).isEqualTo(1);
        assertThat(fake.calls("nvmlDeviceGetHandleByIndex_v2")).isLessThan(3 + 20);

        fake.set("gpu0.error.nvmlDeviceGetHandleByIndex_v2=0");
        assertThat(collector.collect(65_000_000_000L).get(0).powerWatts).isEqualTo(300);
    }

    @Test
    void driverWithoutGpusIsRefused() {
        assertThatThrownBy(() -> open("gpus=0")).isInstanceOf(CollectorUnavailableException.class)
                .hasMessage("NVML shows no NVIDIA GPU");
        assertThatThrownBy(() -> open("error.nvmlDeviceGetCount_v2=999"))
                .hasMessage("NVML cannot start: Unknown Error (NVML code 999)");
        assertThat(fake.calls("nvmlShutdown")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000_000, Integer.MAX_VALUE, -1})
    void absurdNumberOfGpusIsRefused(int claimed) {
        assertThatThrownBy(() -> open("claimed_gpus=" + claimed)).isInstanceOf(CollectorUnavailableException.class)
                .hasMessage("NVML cannot start: the driver reports " + Integer.toUnsignedString(claimed)
                        + " GPUs, more than there can be");
        assertThat(fake.calls("nvmlDeviceGetHandleByIndex_v2")).isZero();
    }

    @Test
    void textThatHasNoEndIsCutWhereItsArrayEnds() throws Exception {
        open("unterminated=1");
        assertThat(collector.collect().get(0).name).isEqualTo("x".repeat(96));
        assertThat(collector.collect().get(0).powerWatts).isPositive();
    }

    @Test
    void initialisationThatFailsIsRefusedWithTheReason() {
        assertThatThrownBy(() -> open("error.nvmlInit_v2=9")).isInstanceOf(CollectorUnavailableException.class)
                .hasMessage("NVML cannot start: Driver Not Loaded (NVML code 9)");
        assertThat(fake.calls("nvmlShutdown")).isZero();
    }

    @Test
    void migDoesNotMultiplyOrHideTheBoardsPower() throws Exception {
        open("gpus=2;mig=1;error.nvmlDeviceGetUtilizationRates=3;" + STILL);
        List<DeviceSample> samples = collector.collect();
        assertThat(samples).hasSize(2);
        assertThat(samples).allSatisfy(sample -> {
            assertThat(sample.powerWatts).isEqualTo(300);
            assertThat(sample.energyCounterJoules).isEqualTo(5);
            assertThat(sample.utilizationPercent).isEqualTo(UNAVAILABLE);
        });
    }

    @Test
    void everyInitialisationIsShutDownOnce() throws Exception {
        open("gpus=2");
        collector.collect();
        collector.close();
        collector.close();
        assertThat(fake.calls("nvmlInit_v2")).isEqualTo(1);
        assertThat(fake.calls("nvmlShutdown")).isEqualTo(1);
    }

    private void open(String settings) throws CollectorUnavailableException {
        collector = fake.collector(settings, FakeNvml.ALL);
    }

    static double[] numbers(DeviceSample sample) {
        return new double[] {sample.powerWatts, sample.energyCounterJoules, sample.temperatureCelsius,
            sample.memoryUsedMb, sample.memoryTotalMb, sample.utilizationPercent, sample.memoryUtilizationPercent,
            sample.powerLimitWatts};
    }
}
