package collectors.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import collectors.Accounting;
import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.SysfsTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HwmonCollectorTest {

    @TempDir
    private Path folder;

    @Test
    void aChannelNamesTheOneThatContainsItAndItsSocket() throws Exception {
        assertThat(collect("grace", HwmonPlatform.ACPI))
                .extracting(device -> device.id, device -> device.containedIn, device -> device.socket)
                .containsExactly(tuple("hwmon1/1", "", 0), tuple("hwmon2/1", "hwmon1/1", 0),
                        tuple("hwmon3/1", "hwmon2/1", 0), tuple("hwmon4/1", "hwmon2/1", 0),
                        tuple("hwmon5/1", "", 1), tuple("hwmon6/1", "hwmon5/1", 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"grace-hopper-kernel-6", "acpi-meter-server-kernel-6"})
    void metersInTheDevicesFolderAreFoundAlsoWhereThatOneHasAName(String machine) throws Exception {
        CollectorContext context = SysfsTree.machine(machine, folder);
        int meters = collect(context, HwmonPlatform.ACPI).size();
        assertThat(meters).isPositive();
        for (Path chip : SysfsFolder.entries(folder.resolve("class/hwmon"))) {
            Files.writeString(chip.resolve("device/name"), "power_meter\n");
        }
        assertThat(collect(context, HwmonPlatform.ACPI)).hasSize(meters);
    }

    @Test
    void theTimeThatAMeterAveragesOverIsTold() throws Exception {
        assertThat(collect("acpi-meter-server-kernel-6", HwmonPlatform.ACPI)).extracting(
                device -> device.powerAveragingSeconds).containsExactly(1.0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Total CPU Energy In uJ socket 0", "Chipthrot DDR Throttle (samples x1000) socket 0",
        "CPU Rail Output Power in uW socket 0", "Module Socket A", "Power Supply 1"})
    void aMeterWhoseLabelSaysNothingThatIsKnownIsNotRead(String label) throws Exception {
        acpiMeter("hwmon0", label, 5_000_000);
        assertThatThrownBy(() -> HwmonCollector.open(SysfsTree.context(folder), HwmonPlatform.ACPI))
                .isInstanceOf(CollectorUnavailableException.class).hasMessageContaining("no ACPI power meter");
    }

    @Test
    void ofTwoMetersOfTheMachineOneIsAdded() throws Exception {
        acpiMeter("hwmon0", "", 300_000_000);
        acpiMeter("hwmon1", "", 310_000_000);
        assertThat(collect(SysfsTree.context(folder), HwmonPlatform.ACPI)).extracting(device -> device.accounting)
                .containsExactly(Accounting.ADDED, Accounting.CONTAINED);
    }

    @Test
    void aMeterOfTheMachineStandsBesideThoseOfItsParts() throws Exception {
        assertThat(collect("vera", HwmonPlatform.ACPI)).filteredOn(device -> device.kind == DeviceKind.MACHINE)
                .singleElement().satisfies(device -> {
                    assertThat(device.accounting).isEqualTo(Accounting.BESIDE);
                    assertThat(device.containedIn).isEmpty();
                });
    }

    @Test
    void theGpuOnACardIsContainedInTheCard() throws Exception {
        assertThat(collect("intel-arc-desktop", HwmonPlatform.INTEL_GPU))
                .extracting(device -> device.id, device -> device.containedIn, device -> device.integrated)
                .containsExactly(tuple("0000:03:00.0/1", "", false),
                        tuple("0000:03:00.0/2", "0000:03:00.0/1", false));
    }

    @Test
    void aCardThatSleepsIsNotAsked() throws Exception {
        CollectorContext context = SysfsTree.machine("intel-arc-desktop", folder);
        Files.writeString(folder.resolve("devices/pci0000:00/0000:03:00.0/power/runtime_status"), "suspended\n");
        Files.delete(folder.resolve("class/hwmon/hwmon4/energy1_input"));
        Files.createDirectory(folder.resolve("class/hwmon/hwmon4/energy1_input")); // cannot be read
        assertThat(collect(context, HwmonPlatform.INTEL_GPU)).extracting(device -> device.asleep,
                device -> device.problem).containsOnly(tuple(true, DeviceSample.ASLEEP));
    }

    @Test
    void aRailThatOverlapsTheOthersInAnUnknownWayIsNeverAdded() throws Exception {
        assertThat(collect("igx-orin", HwmonPlatform.JETSON))
                .filteredOn(device -> device.name.contains("CVB")).hasSize(3)
                .allSatisfy(device -> assertThat(device.accounting).isEqualTo(Accounting.CONTAINED))
                .extracting(device -> device.containedIn).containsOnly("");
    }

    @Test
    void aRailIsContainedInNoneWhereSeveralMayContainIt() throws Exception {
        assertThat(collect("jetson-agx-orin", HwmonPlatform.JETSON)).filteredOn(device ->
                device.kind == DeviceKind.DRAM).singleElement().satisfies(device -> {
                    assertThat(device.accounting).isEqualTo(Accounting.CONTAINED);
                    assertThat(device.containedIn).isEmpty();
                });
    }

    @Test
    void chipsOfSeveralSocketsAreToldApartEvenWhenTheyAreOneDevices() throws Exception {
        CollectorContext context = SysfsTree.machine("epyc-2-socket-hsmp", folder);
        Path device = Files.createDirectories(folder.resolve("devices/platform/amd_hsmp"));
        for (String chip : List.of("hwmon9", "hwmon10")) {
            Files.createSymbolicLink(folder.resolve("class/hwmon").resolve(chip).resolve("device"), device);
        }
        assertThat(collect(context, HwmonPlatform.AMD_HSMP)).extracting(sample -> sample.id, sample -> sample.socket)
                .containsExactly(tuple("socket-0/1", 0), tuple("socket-1/1", 1));
    }

    private List<DeviceSample> collect(String machine, HwmonPlatform platform) throws Exception {
        return collect(SysfsTree.machine(machine, folder), platform);
    }

    private static List<DeviceSample> collect(CollectorContext context, HwmonPlatform platform)
            throws CollectorUnavailableException {
        try (HwmonCollector collector = HwmonCollector.open(context, platform)) {
            return collector.collect();
        }
    }

    private void acpiMeter(String chip, String label, long microwatts) throws IOException {
        Path path = Files.createDirectories(folder.resolve("class/hwmon").resolve(chip));
        Files.writeString(path.resolve("name"), "power_meter\n");
        Files.writeString(path.resolve("power1_oem_info"), label + "\n");
        Files.writeString(path.resolve("power1_average"), microwatts + "\n");
    }
}
