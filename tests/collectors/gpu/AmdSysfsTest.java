package collectors.gpu;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.gpu.NvidiaCollectorTest.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import collectors.CollectorUnavailableException;
import collectors.DeviceSample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel's files of AMD GPUs: units, what a driver does not have, cards that go and come back. */
class AmdSysfsTest {

    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path sysfs;

    @Test
    void everyFileIsReadInItsUnit() throws Exception {
        card(0, Map.of("mem_info_vram_used", "1073741824", "mem_info_vram_total", "8589934592",
                "gpu_busy_percent", "37", "hwmon/hwmon1/power1_average", "123456789",
                "hwmon/hwmon1/power1_input", "999000000", "hwmon/hwmon1/power1_cap", "250000000",
                "hwmon/hwmon1/temp1_label", "edge", "hwmon/hwmon1/temp1_input", "51000",
                "hwmon/hwmon1/temp2_label", "junction", "hwmon/hwmon1/temp2_input", "63500"));
        try (GpuCollector collector = open()) {
            assertThat(numbers(collector.collect().get(0))).containsExactly(123.456789, UNAVAILABLE, 63.5, 1024, 8192,
                    37, UNAVAILABLE, 250);
        }
    }

    @Test
    void whatADriverDoesNotHaveIsUnavailable() throws Exception {
        card(0, Map.of("hwmon/hwmon1/temp1_label", "edge", "hwmon/hwmon1/temp1_input", "51000"));
        try (GpuCollector collector = open()) {
            DeviceSample sample = collector.collect().get(0);
            assertThat(numbers(sample)).containsExactly(-1, -1, 51, -1, -1, -1, -1, -1);
            assertThat(sample.problem).isEqualTo("power and energy: the driver amdgpu has no such file");
        }
    }

    @Test
    void otherVendorsCardsAndConnectorsAreLeftOut() throws Exception {
        assertThatThrownBy(this::open).isInstanceOf(CollectorUnavailableException.class)
                .hasMessage("the driver amdgpu shows no AMD GPU");
        card(0, Map.of("vendor", "0x10de", "hwmon/hwmon1/power1_average", "1"));
        write("class/drm/card0-DP-1/device/vendor", "0x1002");
        assertThatThrownBy(this::open).isInstanceOf(CollectorUnavailableException.class);
    }

    @Test
    void cardThatIsGoneComesBackAndTheOtherGoesOn() throws Exception {
        card(0, Map.of("hwmon/hwmon1/power1_average", "50000000"));
        card(1, Map.of("hwmon/hwmon1/power1_average", "60000000"));
        try (GpuCollector collector = open()) {
            assertThat(watts(collector.collect(0))).containsExactly(50.0, 60.0);
            write("class/drm/card0/device/hwmon/hwmon1/power1_average", ""); // as what is open says at its end
            Files.move(sysfs.resolve("class/drm/card0"), sysfs.resolve("gone"));
            for (long now = SECOND; now < 10 * SECOND; now += SECOND / 4) {
                List<DeviceSample> samples = collector.collect(now);
                assertThat(watts(samples)).containsExactly(UNAVAILABLE, 60.0);
            }
            assertThat(collector.collect(10 * SECOND).get(0).problem)
                    .isEqualTo("the driver amdgpu no longer shows this GPU");
            Files.move(sysfs.resolve("gone"), sysfs.resolve("class/drm/card0"));
            write("class/drm/card0/device/hwmon/hwmon1/power1_average", "55000000");
            assertThat(watts(collector.collect(15 * SECOND))).containsExactly(55.0, 60.0);
        }
    }

    private GpuCollector open() throws CollectorUnavailableException {
        return new GpuCollector(new AmdSysfs(sysfs), FakeNvml.context(sysfs));
    }

    private static List<Double> watts(List<DeviceSample> samples) {
        return samples.stream().map(sample -> sample.powerWatts).toList();
    }

    /** A card with that number; its folder stands where the kernel has a link to it. */
    private void card(int number, Map<String, String> files) throws Exception {
        String device = "class/drm/card" + number + "/device/";
        write(device + "vendor", "0x1002");
        write(device + "unique_id", "0123456789abcde" + number);
        write(device + "hwmon/hwmon1/name", "amdgpu");
        for (Map.Entry<String, String> file : files.entrySet()) {
            write(device + file.getKey(), file.getValue());
        }
    }

    private void write(String file, String text) throws Exception {
        Path path = sysfs.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text.isEmpty() ? "" : text + "\n");
    }
}
