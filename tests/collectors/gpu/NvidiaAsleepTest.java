package collectors.gpu;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import collectors.DeviceSample;
import collectors.GpuInfo;
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

    @Test
    void gpusThatAllSleepAtTheStartAreNotWoken() throws Exception {
        FakeNvml fake = FakeNvml.create();
        Path power = laptop("suspended");
        try (GpuCollector collector = fake.collector("utilization=0", FakeNvml.context(sysfs))) {
            assertThat(collector.gpuInfo()).isEqualTo(new GpuInfo("NVIDIA GPU x1", "NVIDIA", "GPU", "NVML"));
            DeviceSample sample = collector.collect().get(0);
            assertThat(sample.asleep).isTrue();
            assertThat(sample.id).isEqualTo("0000:0a:00.0");
            long now = System.nanoTime();
            for (int i = 1; i < 100; i++) {
                collector.collect(now + i * SECOND);
            }
            assertThat(fake.calls("*")).as("anything at all").isZero();

            Files.writeString(power.resolve("runtime_status"), "active\n");
            assertThat(collector.collect(now + 100 * SECOND).get(0)).isSameAs(sample);
            assertThat(sample.asleep).isFalse();
            assertThat(sample.powerWatts).isEqualTo(300);
        }
        assertThat(fake.violation()).isNull();
        assertThat(fake.references()).isZero();
    }

    @Test
    void aLaptopsGpuIsLeftAloneAfterAMinuteWithoutWorkAndFallsAsleep() throws Exception {
        FakeNvml fake = FakeNvml.create();
        Path power = laptop("active");
        try (GpuCollector collector = fake.collector("utilization=50", FakeNvml.context(sysfs))) {
            collector.setListenedTo(false);
            long now = System.nanoTime();
            DeviceSample sample = collector.collect(now).get(0);
            now = sweepFor(collector, now, 100);
            assertThat(fake.references()).as("while it works").isOne();

            fake.set("utilization=0");
            now = sweepFor(collector, now, 62);
            assertThat(fake.references()).isZero();
            assertThat(sample.powerWatts).isEqualTo(UNAVAILABLE);
            assertThat(sample.asleep).isFalse();
            assertThat(sample.problem).startsWith("idle:");

            Files.writeString(power.resolve("runtime_status"), "suspended\n");
            now = sweepFor(collector, now, 100);
            assertThat(sample.asleep).isTrue();
            assertThat(sample.problem).isEqualTo(DeviceSample.ASLEEP);
            assertThat(fake.calls("nvmlInit_v2")).isOne();

            Files.writeString(power.resolve("runtime_status"), "active\n");
            now = sweepFor(collector, now, 1);
            assertThat(sample.powerWatts).isEqualTo(300);
            assertThat(sample.problem).isNull();
            assertThat(fake.calls("nvmlInit_v2")).isEqualTo(2);
        }
        assertThat(fake.violation()).isNull();
        assertThat(fake.references()).isZero();
    }

    @Test
    void aGpuThatSomethingElseKeepsAwakeIsMeasuredAgainAfterTenSeconds() throws Exception {
        FakeNvml fake = FakeNvml.create();
        laptop("active");
        try (GpuCollector collector = fake.collector("utilization=0", FakeNvml.context(sysfs))) {
            collector.setListenedTo(false);
            long now = sweepFor(collector, System.nanoTime(), 62);
            assertThat(fake.references()).isZero();
            now = sweepFor(collector, now, 11);
            assertThat(fake.references()).isOne();
            assertThat(collector.collect(now).get(0).powerWatts).isEqualTo(300);
            sweepFor(collector, now, 100);
            assertThat(fake.references()).as("the next try comes later").isOne();
        }
    }

    @Test
    void whoListensKeepsTheLibraryOpenAndGetsItBackAtOnce() throws Exception {
        FakeNvml fake = FakeNvml.create();
        laptop("active");
        try (GpuCollector collector = fake.collector("utilization=0", FakeNvml.context(sysfs))) {
            long now = sweepFor(collector, System.nanoTime(), 200);
            assertThat(fake.references()).as("while somebody listens").isOne();
            collector.setListenedTo(false);
            now = sweepFor(collector, now, 62);
            assertThat(fake.references()).isZero();
            collector.setListenedTo(true);
            now = sweepFor(collector, now, 1);
            assertThat(collector.collect(now).get(0).powerWatts).isEqualTo(300);
        }
    }

    @Test
    void aServersGpuIsNeverLeft() throws Exception {
        FakeNvml fake = FakeNvml.create();
        Files.writeString(laptop("active").resolve("control"), "on\n");
        try (GpuCollector collector = fake.collector("utilization=0", FakeNvml.context(sysfs))) {
            sweepFor(collector, System.nanoTime(), 300);
            assertThat(fake.references()).isOne();
            assertThat(fake.calls("nvmlInit_v2")).isOne();
        }
    }

    /** Sweeps twice a second; gives the time after that. */
    private static long sweepFor(GpuCollector collector, long now, int seconds) {
        for (int i = 1; i <= 2 * seconds; i++) {
            collector.collect(now + i * SECOND / 2);
        }
        return now + seconds * SECOND;
    }

    /** The fake's first GPU as the kernel shows it; gives its folder for power. */
    private Path laptop(String status) throws Exception {
        Path device = Files.createDirectories(sysfs.resolve("bus/pci/devices/0000:0a:00.0"));
        Files.writeString(device.resolve("vendor"), "0x10de\n");
        Files.writeString(device.resolve("class"), "0x030200\n");
        Files.createSymbolicLink(device.resolve("driver"), Path.of("../../../bus/pci/drivers/nvidia"));
        Path power = Files.createDirectories(device.resolve("power"));
        Files.writeString(power.resolve("control"), "auto\n");
        Files.writeString(power.resolve("runtime_status"), status + "\n");
        return power;
    }
}
