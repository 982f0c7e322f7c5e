package collectors.gpu;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import collectors.CollectorUnavailableException;
import collectors.DeviceSample;
import collectors.gpu.nvml.Nvml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drivers older and newer than the collector, libraries that are none, and the system's own search for them. */
class NvmlLoadTest {

    @Test
    void oldDriverGivesWhatItHas() throws Exception {
        FakeNvml fake = FakeNvml.without("nvmlDeviceGetTotalEnergyConsumption", "nvmlDeviceGetMemoryInfo_v2",
                "nvmlDeviceGetTemperatureV", "nvmlDeviceGetEnforcedPowerLimit", "nvmlDeviceGetFieldValues",
                "nvmlDeviceGetArchitecture");
        DeviceSample sample = read(fake, "memory_used=1048576;memory_reserved=2097152");
        assertThat(NvidiaCollectorTest.numbers(sample))
                .containsExactly(300, UNAVAILABLE, 40, 3, 81920, 50, 20, UNAVAILABLE);
        assertThat(sample.problem).isNull();
    }

    @Test
    void newDriverGivesTheSameUnderItsNewNames() throws Exception {
        FakeNvml fake = FakeNvml.without("nvmlDeviceGetTemperature", "nvmlDeviceGetMemoryInfo");
        DeviceSample sample = read(fake, "counting=0;energy_mj=5000;memory_used=1048576;temperature_c=77");
        assertThat(NvidiaCollectorTest.numbers(sample)).containsExactly(300, 5, 77, 1, 81920, 50, 20, 700);
    }

    @Test
    void everyOptionalSymbolMayBeMissing() throws Exception {
        FakeNvml fake = FakeNvml.without("nvmlErrorString", "nvmlDeviceGetName", "nvmlDeviceGetUUID",
                "nvmlDeviceGetPowerUsage", "nvmlDeviceGetTotalEnergyConsumption", "nvmlDeviceGetEnforcedPowerLimit",
                "nvmlDeviceGetTemperature", "nvmlDeviceGetTemperatureV", "nvmlDeviceGetMemoryInfo",
                "nvmlDeviceGetMemoryInfo_v2", "nvmlDeviceGetUtilizationRates", "nvmlDeviceGetFieldValues",
                "nvmlDeviceGetPciInfo_v3");
        DeviceSample sample = read(fake, "");
        assertThat(NvidiaCollectorTest.numbers(sample)).containsOnly(UNAVAILABLE);
        assertThat(sample.id).isEqualTo("nvidia-0");
        assertThat(sample.name).isEqualTo("NVIDIA GPU");
        assertThat(sample.problem).isEqualTo("power and energy: error (NVML code 13)");
    }

    @Test
    void libraryThatIsNoNvmlIsRefused() {
        FakeNvml fake = FakeNvml.without("nvmlInit_v2", "nvmlDeviceGetCount_v2");
        assertThatThrownBy(() -> fake.open("")).isInstanceOf(CollectorUnavailableException.class)
                .hasMessageContaining(fake.file() + " is too old or no NVML").hasMessageContaining("nvml");
    }

    @Test
    void laterCandidateIsTakenWhenTheFirstIsNoNvml() throws Exception {
        FakeNvml none = FakeNvml.without("nvmlInit_v2", "nvmlDeviceGetCount_v2");
        FakeNvml right = FakeNvml.create();
        Nvml nvml = Nvml.load(List.of("libno-such-thing.so.1", none.file().toString(), right.file().toString()));
        assertThat(nvml.describe(15)).isEqualTo("GPU is lost (NVML code 15)");
    }

    @Test
    void missingLibraryIsOneActionableLine() {
        assertThatThrownBy(() -> Nvml.load(List.of("libno-such-thing.so.1", "/no/such/libno-such-thing.so.1")))
                .isInstanceOf(CollectorUnavailableException.class)
                .hasMessage("libno-such-thing.so.1 is not on this machine: is the NVIDIA driver installed?");
    }

    @Test
    void libraryThatIsThereAndCannotBeLoadedIsTheReason(@TempDir Path folder) throws Exception {
        Path broken = Files.writeString(folder.resolve("libbroken.so.1"), "no library");
        assertThatThrownBy(() -> Nvml.load(List.of("libno-such-thing.so.1", broken.toString())))
                .isInstanceOf(CollectorUnavailableException.class)
                .message().startsWith(broken + " cannot be loaded: ").doesNotContain("\n").contains("file too short");
    }

    /** LD_LIBRARY_PATH, a scenario and a control file: as tests of the whole program use the fake. */
    @Test
    void childProcessFindsTheLibraryAndFollowsTheControlFile(@TempDir Path folder) throws Exception {
        FakeNvml fake = FakeNvml.create();
        Path control = folder.resolve("control");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), Reader.class.getName());
        builder.environment().putAll(Map.of("LD_LIBRARY_PATH", fake.folder().toString(),
                "FAKE_NVML", "gpus=8;power_mw=250000", "FAKE_NVML_CONTROL", control.toString()));
        Process child = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (var out = child.inputReader()) {
            assertThat(out.readLine()).isEqualTo("NVIDIA H100 80GB HBM3 x8, 2000 W");
            // replaced at one stroke, so that the child never reads half of it
            Path next = Files.writeString(folder.resolve("next"), "gpu3.power_mw=50000;gpu4.error=15");
            Files.move(next, control, StandardCopyOption.ATOMIC_MOVE);
            assertThat(out.readLine()).isEqualTo("NVIDIA H100 80GB HBM3 x8, 1550 W");
            assertThat(Double.parseDouble(out.readLine())).as("watts, at least").isBetween(1.0, 250.1);
            assertThat(Double.parseDouble(out.readLine())).as("watts, at most").isGreaterThan(249.9);
            assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            child.destroyForcibly();
        }
    }

    /** Prints the sum of power when it changes, twice; then between which limits the first counter's speed lies. */
    static final class Reader {

        private Reader() {
        }

        public static void main(String... arguments) throws Exception {
            Nvml nvml = Nvml.load(List.of("libnvidia-ml.so.1"));
            try (GpuCollector collector = new GpuCollector(
                    new NvmlSource(nvml, FakeNvml.ALL.sysfs(), FakeNvml.ALL.procfs(), false), FakeNvml.ALL)) {
                double printed = 0;
                for (int lines = 0; lines < 2; Thread.sleep(2)) {
                    double watts = collector.collect().stream().mapToDouble(sample -> sample.powerWatts)
                            .filter(DeviceSample::isAvailable).sum();
                    if (watts != printed) {
                        System.out.printf(Locale.ROOT, "%s, %.0f W%n", collector.gpuInfo().name(), watts);
                        printed = watts;
                        lines++;
                    }
                }
                long beforeFirst = System.nanoTime();
                double first = collector.collect().get(0).energyCounterJoules;
                long afterFirst = System.nanoTime();
                Thread.sleep(500);
                long beforeLast = System.nanoTime();
                double joules = collector.collect().get(0).energyCounterJoules - first;
                System.out.println(joules / ((System.nanoTime() - beforeFirst) / 1e9));
                System.out.println(joules / ((beforeLast - afterFirst) / 1e9));
            }
        }
    }

    private static DeviceSample read(FakeNvml fake, String settings) throws CollectorUnavailableException {
        try (GpuCollector collector = fake.collector(settings, FakeNvml.ALL)) {
            DeviceSample sample = collector.collect().get(0);
            assertThat(fake.violation()).isNull();
            return sample;
        }
    }
}
