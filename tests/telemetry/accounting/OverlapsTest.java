package telemetry.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import collectors.Accounting;
import collectors.DeviceKind;
import collectors.DeviceSample;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which devices belong to the total, for machines whose parts overlap. */
class OverlapsTest {

    private final List<DeviceState> machine = new ArrayList<>();
    private final MachineTotal total = new MachineTotal();

    @Test
    void aGpuBesideATwoSocketXeonIsAddedToPackagesAndDramOnly() {
        add("nvidia", device(DeviceKind.GPU, "gpu", 400));
        add("rapl", device(DeviceKind.CPU_PACKAGE, "package-0", 100));
        add("rapl", part(DeviceKind.CPU_CORES, "cores-0", 80, "package-0"));
        add("rapl", device(DeviceKind.DRAM, "dram-0", 20));
        add("rapl", device(DeviceKind.CPU_PACKAGE, "package-1", 120));
        add("rapl", device(DeviceKind.DRAM, "dram-1", 30));
        assertThat(total()).isEqualTo(400 + 100 + 20 + 120 + 30);
        assertThat(inTotal()).containsExactly("gpu", "package-0", "dram-0", "package-1", "dram-1");
    }

    @Test
    void theGpuOnACardIsPartOfTheCard() {
        add("intel-gpu", device(DeviceKind.GPU, "card", 150));
        add("intel-gpu", part(DeviceKind.GPU, "pkg", 110, "card"));
        add("rapl", device(DeviceKind.CPU_PACKAGE, "package-0", 30));
        assertThat(total()).isEqualTo(180);
    }

    @Test
    void aMeterOfTheWholeMachineStandsBesideTheTotal() {
        add("rapl", device(DeviceKind.CPU_PACKAGE, "package-0", 10));
        add("rapl", new DeviceSample("psys", DeviceKind.MACHINE, "psys", Accounting.BESIDE), 17);
        add("battery", device(DeviceKind.MACHINE, "BAT0", 20));
        assertThat(total()).isEqualTo(10);
    }

    @Test
    void aMeterOfTheWholeMachineIsTheTotalWhereItIsAllThereIs() {
        add("battery", device(DeviceKind.MACHINE, "BAT0", 9));
        add("battery", device(DeviceKind.MACHINE, "BAT1", 8));
        add("acpi", device(DeviceKind.MACHINE, "ACPI000D", 19));
        assertThat(total()).as("two batteries share the machine; the meter measures it once more").isEqualTo(17);
    }

    @Test
    void oneOfSeveralMetersIsTheTotalOnlyIfItIsKnownToMeasureAllOfIt() {
        add("http", new DeviceSample("plug-1", DeviceKind.OUTLET, "plug", Accounting.CONTAINED), 200);
        add("http", new DeviceSample("plug-2", DeviceKind.OUTLET, "plug", Accounting.CONTAINED), 210);
        assertThat(inTotal()).isEmpty();
        assertThat(total()).isEqualTo(-1);
        assertThat(total.problem).isEqualTo("no device is known to measure all of it");
    }

    @Test
    void whatIsPartOfTheWholeMachineOnlyStillCounts() {
        add("acpi", device(DeviceKind.MACHINE, "meter", 500));
        add("acpi", part(DeviceKind.CPU_PACKAGE, "cpu", 200, "meter"));
        assertThat(inTotal()).containsExactly("cpu");
    }

    @Test
    void aModuleContainsItsCpuOnItsSocketAndAnIntegratedGpu() {
        DeviceSample gpu = device(DeviceKind.GPU, "gh200", 500);
        gpu.integrated = true;
        gpu.socket = 0;
        DeviceSample module = device(DeviceKind.MODULE, "module", 700);
        module.socket = 0;
        DeviceSample other = device(DeviceKind.CPU_PACKAGE, "grace-1", 150);
        other.socket = 1;
        DeviceSample own = device(DeviceKind.CPU_PACKAGE, "grace-0", 140);
        own.socket = 0;
        add("nvidia", gpu);
        add("acpi", module);
        add("acpi", own, 140);
        own.accounting = Accounting.CONTAINED;
        machine.get(2).sample.copyFrom(own);
        add("rapl", other);
        assertThat(inTotal()).containsExactly("module", "grace-1");
        assertThat(total()).isEqualTo(850);
    }

    @Test
    void onePackageThatTwoCollectorsSeeCountsOnce() {
        add("rapl", device(DeviceKind.CPU_PACKAGE, "package-0", 100));
        add("amd-hsmp", device(DeviceKind.CPU_PACKAGE, "socket-0", 101));
        assertThat(total()).isEqualTo(100);
    }

    @Test
    void aDeviceOfTheTotalThatIsSilentMakesItUnavailableAndIsNamed() {
        add("nvidia", device(DeviceKind.GPU, "one", 300));
        add("nvidia", device(DeviceKind.GPU, "two", -1));
        machine.get(1).problem = "GPU is lost";
        assertThat(total()).isEqualTo(-1);
        assertThat(total.problem).contains("nvidia", "two", "GPU is lost");
    }

    @Test
    void whereNothingIsMeasuredTheTotalSaysSo() {
        assertThat(total()).isEqualTo(-1);
        assertThat(total.problem).isEqualTo("nothing is measured here");
    }

    @Test
    void ofSomeDevicesThoseCountThatNoOtherOfThemContains() {
        add("rapl", device(DeviceKind.CPU_PACKAGE, "package-0", 100));
        add("rapl", part(DeviceKind.CPU_CORES, "cores-0", 80, "package-0"));
        add("rapl", part(DeviceKind.CPU_CORE, "core-0", 20, "cores-0"));
        add("rapl", part(DeviceKind.CPU_CORE, "core-1", 30, "cores-0"));
        add("rapl", new DeviceSample("psys", DeviceKind.MACHINE, "psys", Accounting.BESIDE), 150);
        add("rapl", part(DeviceKind.CPU_PACKAGE, "die-1", 100, "package-0"));
        add("rapl", part(DeviceKind.CPU_PACKAGE, "die-2", 100, "package-0"));
        add("nvidia", device(DeviceKind.GPU, "gpu", 400));
        add("battery", device(DeviceKind.MACHINE, "BAT0", 500));
        assertThat(outermost("cores-0", "core-0")).containsExactly("cores-0");
        assertThat(outermost("core-0", "core-1")).containsExactly("core-0", "core-1");
        assertThat(outermost("package-0", "core-1", "gpu")).as("over what lies between and was not chosen")
                .containsExactly("package-0", "gpu");
        assertThat(outermost("die-1", "die-2")).as("views of one package").containsExactly("die-1");
        assertThat(outermost("psys", "gpu")).containsExactly("gpu");
        assertThat(outermost("psys")).containsExactly("psys");
        assertThat(outermost("psys", "BAT0")).as("both measure the machine").containsExactly("psys");
    }

    @Test
    void partsOfNobodyKnowsWhatStandSideBySide() {
        add("jetson", device(DeviceKind.MODULE, "input", 15));
        add("jetson", part(DeviceKind.OTHER, "rail-1", 5, ""));
        add("jetson", part(DeviceKind.OTHER, "rail-2", 6, ""));
        assertThat(outermost("rail-1", "rail-2")).containsExactly("rail-1", "rail-2");
        assertThat(outermost("input", "rail-1", "rail-2")).containsExactly("input");
    }

    /** An outlet was all there was until a driver had opened; and a module's meter came after its CPU's. */
    @Test
    void theJoulesOfTheTotalGoOnWhereOtherDevicesComeToBeCounted() {
        add("http", device(DeviceKind.OUTLET, "plug", 900));
        machine.get(0).energyJoules = 5000;
        assertThat(joules()).isEqualTo(5000);
        add("acpi", device(DeviceKind.CPU_PACKAGE, "grace-0", 140));
        machine.get(1).energyJoules = 30;
        assertThat(joules()).as("the outlet is shown beside the CPU now").isEqualTo(5000);
        machine.get(0).energyJoules += 900;
        machine.get(1).energyJoules += 140;
        assertThat(joules()).isEqualTo(5140);
        add("nvidia", device(DeviceKind.MODULE, "module", 700));
        machine.get(2).energyJoules = 0;
        assertThat(joules()).isEqualTo(5140);
        add("amd", device(DeviceKind.GPU, "gpu", 300));
        machine.get(2).energyJoules = 700;
        machine.get(3).energyJoules = 25;
        assertThat(joules()).as("what merely joins is added").isEqualTo(5140 + 700 + 25);
        machine.get(2).energyJoules = -1;
        machine.get(3).energyJoules = -1;
        assertThat(joules()).isEqualTo(5865);
    }

    private double joules() {
        total();
        return total.energyJoules;
    }

    private List<String> outermost(String... ids) {
        List<DeviceState> chosen = machine.stream().filter(device -> List.of(ids).contains(device.sample.id)).toList();
        assertThat(chosen).hasSize(ids.length);
        return Overlaps.outermost(chosen, machine).stream().map(device -> device.sample.id).toList();
    }

    private double total() {
        Overlaps.mark(machine);
        total.sum(machine);
        return total.powerWatts;
    }

    private List<String> inTotal() {
        Overlaps.mark(machine);
        return machine.stream().filter(device -> device.inTotal).map(device -> device.sample.id).toList();
    }

    private void add(String platform, DeviceSample sample) {
        add(platform, sample, sample.powerWatts);
    }

    private void add(String platform, DeviceSample sample, double watts) {
        int index = (int) machine.stream().filter(device -> device.platform.equals(platform)).count();
        boolean primary = machine.isEmpty() || machine.get(0).platform.equals(platform);
        DeviceState state = new DeviceState(platform, primary, index, new MeteredDevice(sample));
        state.sample.copyFrom(sample);
        state.powerWatts = watts;
        machine.add(state);
    }

    private static DeviceSample device(DeviceKind kind, String id, double watts) {
        DeviceSample sample = new DeviceSample(id, kind, id);
        sample.powerWatts = watts;
        return sample;
    }

    private static DeviceSample part(DeviceKind kind, String id, double watts, String containedIn) {
        DeviceSample sample = new DeviceSample(id, kind, id, Accounting.CONTAINED);
        sample.powerWatts = watts;
        sample.containedIn = containedIn;
        return sample;
    }
}
