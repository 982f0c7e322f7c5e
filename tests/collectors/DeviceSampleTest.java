package collectors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DeviceSampleTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CPU_CORES      | CPU_PACKAGE    | true
            CPU_CORE       | CPU_CORES      | true
            CPU_UNCORE     | CPU_PACKAGE    | true
            CPU_PACKAGE    | SYSTEM_ON_CHIP | true
            CPU_PACKAGE    | MODULE         | true
            DRAM           | MODULE         | true
            SYSTEM_ON_CHIP | MODULE         | true
            MODULE         | MACHINE        | true
            OTHER          | MACHINE        | true
            MACHINE        | OUTLET         | true
            DRAM           | CPU_PACKAGE    | false
            DRAM           | SYSTEM_ON_CHIP | false
            CPU_PACKAGE    | CPU_CORES      | false
            CPU_PACKAGE    | GPU            | false
            OTHER          | MODULE         | false
            MACHINE        | MACHINE        | false
            OUTLET         | MACHINE        | false
            """)
    void aDeviceIsPartOfWhatCoversMore(DeviceKind part, DeviceKind whole, boolean isPart) {
        assertThat(device(part, 0).isPartOf(device(whole, 0))).isEqualTo(isPart);
    }

    @ParameterizedTest
    @EnumSource
    void nothingContainsItselfOrItsContainer(DeviceKind kind) {
        assertThat(kind.contains(kind)).isFalse();
        for (DeviceKind other : DeviceKind.values()) {
            assertThat(kind.contains(other) && other.contains(kind)).as("%s and %s", kind, other).isFalse();
        }
    }

    @Test
    void anotherSocketContainsNothingOfThisOneAndAnUnknownOneMay() {
        DeviceSample cores = device(DeviceKind.CPU_CORES, 1);
        assertThat(cores.isPartOf(device(DeviceKind.CPU_PACKAGE, 0))).isFalse();
        assertThat(cores.isPartOf(device(DeviceKind.CPU_PACKAGE, 1))).isTrue();
        assertThat(cores.isPartOf(device(DeviceKind.CPU_PACKAGE, DeviceSample.UNKNOWN_SOCKET))).isTrue();
        assertThat(cores.isPartOf(device(DeviceKind.MACHINE, 0))).as("a machine has every socket").isTrue();
    }

    @Test
    void aGpuIsPartOfAModuleOnlyWhereItIsIntegrated() {
        DeviceSample gpu = device(DeviceKind.GPU, 0);
        DeviceSample module = device(DeviceKind.MODULE, 0);
        assertThat(gpu.isPartOf(module)).as("a card in a slot").isFalse();
        assertThat(gpu.isPartOf(device(DeviceKind.MACHINE, 0))).isTrue();
        gpu.integrated = true;
        assertThat(gpu.isPartOf(module)).isTrue();
    }

    @Test
    void twoCollectorsMayMeasureOnePackageAndNeverOneGpu() {
        assertThat(device(DeviceKind.CPU_PACKAGE, 0).isSameAs(device(DeviceKind.CPU_PACKAGE, 0))).isTrue();
        assertThat(device(DeviceKind.CPU_PACKAGE, 0).isSameAs(device(DeviceKind.CPU_PACKAGE, 1))).isFalse();
        assertThat(device(DeviceKind.MACHINE, 0).isSameAs(device(DeviceKind.MACHINE, 1))).isTrue();
        assertThat(device(DeviceKind.GPU, 0).isSameAs(device(DeviceKind.GPU, 0))).isFalse();
        assertThat(device(DeviceKind.OTHER, 0).isSameAs(device(DeviceKind.OTHER, 0))).isFalse();
    }

    @Test
    void aDeviceThatWakesIsNoLongerAsleep() {
        DeviceSample gpu = device(DeviceKind.GPU, 0);
        gpu.powerWatts = 5;
        gpu.sleep();
        assertThat(gpu.hasPowerOrEnergy()).isFalse();
        assertThat(gpu.asleep).isTrue();
        assertThat(gpu.problem).isEqualTo(DeviceSample.ASLEEP);
        gpu.clear();
        assertThat(gpu.asleep).isFalse();
        assertThat(gpu.problem).isNull();
    }

    private static DeviceSample device(DeviceKind kind, int socket) {
        DeviceSample device = new DeviceSample(kind + "-" + socket, kind, kind.toString());
        device.socket = socket;
        return device;
    }
}
