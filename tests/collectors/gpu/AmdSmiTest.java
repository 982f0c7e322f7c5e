package collectors.gpu;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import collectors.CollectorUnavailableException;
import collectors.DeviceSample;
import com.sun.jna.Function;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Energy from a fake AMD SMI, beside what the kernel's files say. */
class AmdSmiTest {

    private static final String SOURCE = "tests/fixtures/amd_smi/fake_amd_smi.c";
    private static final String LIBRARY = "libamd_smi.so";
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path sysfs;

    @Test
    void everyCardHasItsOwnCounterAndTheRestFromItsFiles() throws Exception {
        Path library = library();
        set(library, 0, 0, 65_536_000);
        card("card0", "0000:83:00.0", 200);
        card("card1", "0000:03:00.0", 100);
        card("card2", "0000:c3:00.0", 300);
        try (GpuCollector collector = open(library)) {
            List<DeviceSample> samples = collector.collect();
            assertThat(samples.stream().map(sample -> sample.id))
                    .containsExactly("0000:03:00.0", "0000:83:00.0", "0000:c3:00.0");
            assertThat(samples.stream().map(sample -> sample.powerWatts)).containsExactly(100.0, 200.0, 300.0);
            assertThat(samples.stream().map(sample -> sample.energyCounterJoules))
                    .containsExactly(1000.0, 2000.0, UNAVAILABLE);
        }
        assertThat(references(library)).isZero();
    }

    @Test
    void counterThatFailsLeavesThePower() throws Exception {
        Path library = library();
        card("card0", "0000:03:00.0", 100);
        for (int code : new int[] {1, 2, 10, 14, 18, 30, 32, 40, 43, -1, -2}) {
            set(library, 0, 0, 65_536_000);
            try (GpuCollector collector = open(library)) {
                DeviceSample sample = collector.collect(0).get(0);
                set(library, 0, code, 65_536_000);
                for (long now = SECOND; now < 5 * SECOND; now += SECOND) {
                    collector.collect(now);
                    assertThat(sample.powerWatts).isEqualTo(100);
                    assertThat(sample.energyCounterJoules).as("code " + code).isEqualTo(UNAVAILABLE);
                }
                set(library, 0, 0, 65_536_000);
                collector.collect(10 * SECOND);
                assertThat(sample.energyCounterJoules).isEqualTo(1000);
            }
        }
        assertThat(references(library)).isZero();
    }

    @Test
    void counterThatStaysAtZeroOrIsASentinelIsNone() throws Exception {
        Path library = library();
        card("card0", "0000:03:00.0", 100);
        for (long counter : new long[] {0, -1}) {
            set(library, 0, 0, counter);
            try (GpuCollector collector = open(library)) {
                assertThat(collector.collect().get(0).energyCounterJoules).isEqualTo(UNAVAILABLE);
            }
        }
    }

    @Test
    void libraryThatDoesNotBeginOrIsTooOldIsRefused() throws Exception {
        Path library = library();
        set(library, 34, 0, 1);
        assertThatThrownBy(() -> open(library)).isInstanceOf(CollectorUnavailableException.class)
                .hasMessage("AMD SMI cannot start: the driver amdgpu is not loaded (AMD SMI code 34)");
        assertThat(references(library)).isZero();
        Path old = FakeLibrary.compiled(SOURCE, LIBRARY, "amdsmi_get_processor_handles").resolve(LIBRARY);
        assertThatThrownBy(() -> open(old)).isInstanceOf(CollectorUnavailableException.class)
                .hasMessageContaining("is too old or no AMD SMI");
    }

    @Test
    void aCounterWithAnOldMomentIsUnavailable() throws Exception {
        Path library = library();
        set(library, 0, 0, 65_536_000);
        card("card0", "0000:03:00.0", 100);
        function(library, "fake_amd_smi_stamp").invokeVoid(new Object[] {77L});
        try (GpuCollector collector = open(library)) {
            DeviceSample sample = collector.collect(0).get(0);
            assertThat(sample.energyCounterJoules).isEqualTo(1000);
            assertThat(sample.energyCounterNanos).isEqualTo(77);
            collector.collect(SECOND);
            assertThat(sample.energyCounterJoules).isEqualTo(UNAVAILABLE);
            function(library, "fake_amd_smi_stamp").invokeVoid(new Object[] {78L});
            collector.collect(3 * SECOND);
            assertThat(sample.energyCounterJoules).isEqualTo(1000);
        } finally {
            function(library, "fake_amd_smi_stamp").invokeVoid(new Object[] {0L});
        }
    }

    @Test
    void theLibraryNamesTheModelUnlessItKnowsNone() throws Exception {
        Path library = library();
        set(library, 0, 0, 65_536_000);
        card("card0", "0000:03:00.0", 100);
        card("card1", "0000:83:00.0", 100);
        try (GpuCollector collector = open(library)) {
            assertThat(collector.collect().stream().map(sample -> sample.name))
                    .containsExactly("AMD Instinct MI300X", "AMD GPU");
        }
    }

    private GpuCollector open(Path library) throws CollectorUnavailableException {
        return new GpuCollector(AmdSmi.load(List.of(library.toString()), sysfs),
                FakeNvml.context(sysfs));
    }

    private static Path library() {
        return FakeLibrary.compiled(SOURCE, LIBRARY).resolve(LIBRARY);
    }

    private static void set(Path library, int init, int energy, long counter) {
        function(library, "fake_amd_smi_set").invokeVoid(new Object[] {init, energy, counter});
    }

    private static int references(Path library) {
        return function(library, "fake_amd_smi_references").invokeInt(new Object[0]);
    }

    private static Function function(Path library, String name) {
        return FakeLibrary.function(library, name);
    }

    private void card(String card, String address, int watts) throws Exception {
        Path device = Files.createDirectories(sysfs.resolve("devices").resolve(address));
        Path hwmon = Files.createDirectories(device.resolve("hwmon/hwmon1"));
        Files.writeString(device.resolve("vendor"), "0x1002\n");
        Files.writeString(hwmon.resolve("name"), "amdgpu\n");
        Files.writeString(hwmon.resolve("power1_average"), watts + "000000\n");
        Files.createDirectories(sysfs.resolve("class/drm").resolve(card));
        Files.createSymbolicLink(sysfs.resolve("class/drm").resolve(card).resolve("device"), device);
    }
}
