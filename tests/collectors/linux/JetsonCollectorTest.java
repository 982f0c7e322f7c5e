package collectors.linux;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import collectors.Accounting;
import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceKind;
import collectors.GpuInfo;
import collectors.SysfsTree;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JetsonCollectorTest {

    @TempDir
    private Path folder;

    @Test
    void theGpuIsNamedAfterTheBoardAsTheDeviceTreeHasIt() throws Exception {
        CollectorContext context = SysfsTree.machine("jetson-agx-orin", folder);
        Files.writeString(folder.resolve("proc/device-tree/model"), "NVIDIA Jetson AGX Orin Developer Kit\0");
        try (JetsonCollector collector = JetsonCollector.open(context)) {
            assertThat(collector.gpuInfo()).isEqualTo(new GpuInfo("NVIDIA Jetson AGX Orin Developer Kit", "NVIDIA",
                    "SoC", "sysfs/ina3221"));
        }
    }

    @Test
    void whereTheDeviceTreeIsHiddenItIsReadFromSysfsAndElseAJetsonWithoutAModel() throws Exception {
        CollectorContext context = SysfsTree.machine("jetson-orin-nx", folder);
        try (JetsonCollector collector = JetsonCollector.open(context)) {
            assertThat(collector.gpuInfo().name()).isEqualTo("NVIDIA Jetson");
        }
        Path tree = Files.createDirectories(folder.resolve("firmware/devicetree/base"));
        Files.writeString(tree.resolve("model"), "NVIDIA Jetson Orin NX\0");
        try (JetsonCollector collector = JetsonCollector.open(context)) {
            assertThat(collector.gpuInfo().name()).isEqualTo("NVIDIA Jetson Orin NX");
        }
    }

    @ParameterizedTest
    @CsvSource({"jetson-thor, 46.5", "jetson-agx-orin, 44", "jetson-nano-jetpack-4, 33.5"})
    void theGpusTemperatureIsThatOfItsThermalZoneAndAmongTheAddedDevices(String machine, double celsius)
            throws Exception {
        try (JetsonCollector collector = JetsonCollector.open(SysfsTree.machine(machine, folder))) {
            assertThat(collector.collect()).filteredOn(device -> device.temperatureCelsius != UNAVAILABLE)
                    .allSatisfy(device -> assertThat(device.temperatureCelsius).isEqualTo(celsius))
                    .anySatisfy(device -> assertThat(device.kind).isEqualTo(DeviceKind.GPU))
                    .anySatisfy(device -> assertThat(device.accounting).isEqualTo(Accounting.ADDED));
        }
    }

    @Test
    void aGpuOnTheModuleIsIntegrated() throws Exception {
        try (JetsonCollector collector = JetsonCollector.open(SysfsTree.machine("jetson-nano-jetpack-4", folder))) {
            assertThat(collector.collect()).filteredOn(device -> device.kind == DeviceKind.GPU).singleElement()
                    .satisfies(gpu -> assertThat(gpu.integrated).isTrue());
        }
    }

    @Test
    void anotherMakersBoardWithTheSameChipIsNoJetson() throws Exception {
        CollectorContext context = SysfsTree.machine("jetson-orin-nx", folder);
        Path tree = Files.createDirectories(folder.resolve("proc/device-tree"));
        Files.writeString(tree.resolve("compatible"), "solidrun,bedrock\0marvell,armada\0");
        Files.writeString(tree.resolve("model"), "SolidRun Bedrock\0");
        assertThatThrownBy(() -> JetsonCollector.open(context)).isInstanceOf(CollectorUnavailableException.class)
                .hasMessageEndingWith("the device tree says SolidRun Bedrock");
    }

    @Test
    void anInputMonitorWithoutRailsIsNoJetson() throws Exception {
        Path chip = Files.createDirectories(folder.resolve("class/hwmon/hwmon0"));
        Files.writeString(chip.resolve("name"), "ina238\n");
        Files.writeString(chip.resolve("power1_input"), "1000000\n");
        assertThatThrownBy(() -> JetsonCollector.open(SysfsTree.context(folder)))
                .isInstanceOf(CollectorUnavailableException.class).hasMessageContaining("no INA3221");
    }
}
