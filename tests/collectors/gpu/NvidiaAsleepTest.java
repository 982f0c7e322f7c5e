package collectors.gpu;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import collectors.DeviceSample;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NvidiaAsleepTest {

    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path sysfs;

    @Test
    void aSuspendedGpuIsNotAskedUntilSomethingElseWakesIt() throws Exception {
        FakeNvml fake = FakeNvml.create();
        Path power = Files.createDirectories(sysfs.resolve("bus/pci/devices/0000:0b:00.0/power"));
        Files.writeString(power.resolve("control"), "auto\n");
        Files.writeString(power.resolve("runtime_status"), "active\n");
        try (GpuCollector collector = fake.collector("gpus=2", FakeNvml.context(sysfs))) {
            DeviceSample laptops = collector.collect().get(1);
            long now = System.nanoTime();
            assertThat(laptops.powerWatts).isEqualTo(300);

            Files.writeString(power.resolve("runtime_status"), "suspended\n");
            collector.collect(now + SECOND);
            long calls = fake.calls("nvmlDeviceGet*");
            for (int i = 2; i < 12; i++) {
                assertThat(collector.collect(now + i * SECOND).get(0).powerWatts).isEqualTo(300);
                assertThat(laptops.powerWatts).isEqualTo(UNAVAILABLE);
                assertThat(laptops.energyCounterJoules).isEqualTo(UNAVAILABLE);
                assertThat(laptops.problem).isEqualTo(DeviceSample.ASLEEP);
            }
            assertThat(fake.calls("nvmlDeviceGet*") - calls).as("of the other GPU").isLessThanOrEqualTo(10 * 6);

            Files.writeString(power.resolve("runtime_status"), "active\n");
            collector.collect(now + 12 * SECOND);
            assertThat(laptops.powerWatts).isEqualTo(300);
            assertThat(laptops.problem).isNull();
        }
        assertThat(fake.violation()).isNull();
    }

    @Test
    void aGpuThatWakesWithoutPowerSaysWhyAndNotThatItSleeps() throws Exception {
        FakeNvml fake = FakeNvml.create();
        Path power = Files.createDirectories(sysfs.resolve("bus/pci/devices/0000:0a:00.0/power"));
        Files.writeString(power.resolve("control"), "auto\n");
        Files.writeString(power.resolve("runtime_status"), "active\n");
        String unsupported = "error.nvmlDeviceGetPowerUsage=3;error.nvmlDeviceGetTotalEnergyConsumption=3";
        try (GpuCollector collector = fake.collector(unsupported, FakeNvml.context(sysfs))) {
            DeviceSample sample = collector.collect().get(0);
            long now = System.nanoTime();
            Files.writeString(power.resolve("runtime_status"), "suspended\n");
            collector.collect(now + SECOND);
            assertThat(sample.problem).isEqualTo(DeviceSample.ASLEEP);
            Files.writeString(power.resolve("runtime_status"), "active\n");
            collector.collect(now + 2 * SECOND);
            assertThat(sample.problem).isEqualTo("power and energy: Not Supported (NVML code 3)");
        }
    }
}
