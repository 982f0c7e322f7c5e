package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import collectors.Accounting;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.FakeCollector;
import java.util.List;
import org.junit.jupiter.api.Test;
import telemetry.sampling.CollectorSlot;

class TotalsTest {

    private final Totals totals = new Totals();
    private final BesideTotals beside = new BesideTotals();
    private final long[] now = {0};

    @Test
    void powerMemoryAndEnergyAreSumsAndTheRestMeansOverThoseThatAnswer() {
        DeviceSample one = device(DeviceKind.GPU, Accounting.ADDED, 100);
        DeviceSample two = device(DeviceKind.GPU, Accounting.ADDED, 300);
        DeviceSample silent = device(DeviceKind.GPU, Accounting.ADDED, UNAVAILABLE);
        one.temperatureCelsius = 40;
        two.temperatureCelsius = 60;
        one.utilizationPercent = 10;
        two.utilizationPercent = 30;
        one.memoryUsedMb = 1000;
        two.memoryUsedMb = 500;
        one.memoryTotalMb = 8000;
        two.memoryTotalMb = 8000;
        sum(slot("gpus", one, two, silent));
        assertThat(totals.powerWatts).isEqualTo(400);
        assertThat(totals.energyJoules).isEqualTo(20);
        assertThat(totals.temperatureCelsius).isEqualTo(50);
        assertThat(totals.utilizationPercent).isEqualTo(20);
        assertThat(totals.memoryUtilizationPercent).isEqualTo(UNAVAILABLE);
        assertThat(totals.memoryUsedMb).isEqualTo(1500);
        assertThat(totals.memoryTotalMb).isEqualTo(16000);
    }

    @Test
    void nothingIsKnownWhenNoDeviceAnswers() {
        sum(slot("gpus", device(DeviceKind.GPU, Accounting.ADDED, UNAVAILABLE)));
        assertThat(totals.powerWatts).isEqualTo(UNAVAILABLE);
        assertThat(totals.energyJoules).isEqualTo(UNAVAILABLE);
        assertThat(totals.hasPowerOrEnergy()).isFalse();
    }

    @Test
    void zeroWattsAreAReading() {
        sum(slot("gpus", device(DeviceKind.GPU, Accounting.ADDED, 0)));
        assertThat(totals.powerWatts).isZero();
        assertThat(totals.hasPowerOrEnergy()).isTrue();
    }

    @Test
    void whatIsContainedOrBesideIsNotAdded() {
        sum(slot("rapl", device(DeviceKind.CPU_PACKAGE, Accounting.ADDED, 100),
                device(DeviceKind.CPU_CORES, Accounting.CONTAINED, 80),
                device(DeviceKind.GPU, Accounting.BESIDE, 30)));
        assertThat(totals.powerWatts).isEqualTo(100);
    }

    @Test
    void packagesOfAnAuxiliaryCollectorStandBesideTheGpus() {
        sum(slot("gpus", device(DeviceKind.GPU, Accounting.ADDED, 300)),
                slot("rapl", device(DeviceKind.CPU_PACKAGE, Accounting.ADDED, 100),
                        device(DeviceKind.CPU_PACKAGE, Accounting.ADDED, 50),
                        device(DeviceKind.DRAM, Accounting.ADDED, 20)));
        assertThat(totals.powerWatts).isEqualTo(300);
        assertThat(beside.cpuPowerWatts).isEqualTo(150);
        assertThat(beside.cpuEnergyJoules).isEqualTo(7.5);
    }

    @Test
    void packagesThatTwoAuxiliaryCollectorsSeeCountOnce() {
        sum(slot("gpus", device(DeviceKind.GPU, Accounting.ADDED, 300)),
                slot("rapl", device(DeviceKind.CPU_PACKAGE, Accounting.ADDED, 100)),
                slot("acpi", device(DeviceKind.MODULE, Accounting.ADDED, 500),
                        device(DeviceKind.CPU_PACKAGE, Accounting.CONTAINED, 90)));
        assertThat(beside.cpuPowerWatts).isEqualTo(100);
    }

    /** Its joules would be others: the sum would jump. */
    @Test
    void noOtherCollectorStepsInForOneThatFails() {
        FakeCollector rapl = new FakeCollector("rapl", device(DeviceKind.CPU_PACKAGE, Accounting.ADDED, 100));
        CollectorSlot[] slots = {slot("gpus", device(DeviceKind.GPU, Accounting.ADDED, 300)), slot(rapl),
            slot("acpi", device(DeviceKind.CPU_PACKAGE, Accounting.ADDED, 90))};
        sum(slots);
        assertThat(beside.cpuEnergyJoules).isEqualTo(5);
        rapl.failure = new IllegalStateException("gone");
        sweep(slots[1]);
        sum(slots);
        assertThat(beside.cpuPowerWatts).isEqualTo(UNAVAILABLE);
        assertThat(beside.cpuEnergyJoules).isEqualTo(UNAVAILABLE);
    }

    @Test
    void aModulesCpuStandsBesideTheGpusThatAnotherCollectorReads() {
        sum(slot("nvidia", device(DeviceKind.GPU, Accounting.ADDED, 300)),
                slot("acpi", device(DeviceKind.MODULE, Accounting.ADDED, 500),
                        device(DeviceKind.CPU_PACKAGE, Accounting.CONTAINED, 90)));
        assertThat(beside.cpuPowerWatts).isEqualTo(90);
    }

    @Test
    void aPrimaryThatContainsTheCpuHasNothingBesideIt() {
        for (DeviceKind kind : List.of(DeviceKind.CPU_PACKAGE, DeviceKind.SYSTEM_ON_CHIP, DeviceKind.MODULE,
                DeviceKind.MACHINE)) {
            sum(slot("primary", device(kind, Accounting.ADDED, 200)),
                    slot("rapl", device(DeviceKind.CPU_PACKAGE, Accounting.ADDED, 100)));
            assertThat(beside.cpuPowerWatts).as(kind.toString()).isEqualTo(UNAVAILABLE);
            assertThat(beside.cpuEnergyJoules).as(kind.toString()).isEqualTo(UNAVAILABLE);
        }
    }

    @Test
    void aChipsCpuAndNeuralEngineStandBesideItsGpu() {
        sum(slot("macos", device(DeviceKind.GPU, Accounting.ADDED, 8),
                device(DeviceKind.CPU_PACKAGE, Accounting.BESIDE, 4),
                device(DeviceKind.NEURAL_ENGINE, Accounting.BESIDE, 2)));
        assertThat(totals.powerWatts).isEqualTo(8);
        assertThat(beside.cpuPowerWatts).isEqualTo(4);
        assertThat(beside.neuralEnginePowerWatts).isEqualTo(2);
        assertThat(beside.neuralEngineEnergyJoules).isEqualTo(0.1);
    }

    @Test
    void joulesOfADeviceThatFallsSilentStayInTheSum() {
        DeviceSample one = device(DeviceKind.GPU, Accounting.ADDED, 100);
        DeviceSample two = device(DeviceKind.GPU, Accounting.ADDED, 100);
        CollectorSlot slot = slot("gpus", one, two);
        two.powerWatts = UNAVAILABLE;
        sweep(slot);
        sum(slot);
        assertThat(totals.powerWatts).isEqualTo(100);
        assertThat(totals.energyJoules).isGreaterThan(10);
    }

    private void sum(CollectorSlot... slots) {
        totals.sum(slots[0].sampledDevices(), slots[0].meters());
        beside.sum(List.of(slots));
    }

    /** Devices that have drawn what they say for 50 ms. */
    private CollectorSlot slot(String platform, DeviceSample... devices) {
        return slot(new FakeCollector(platform, devices));
    }

    private CollectorSlot slot(FakeCollector collector) {
        CollectorSlot slot = new CollectorSlot(collector, 50, () -> now[0]);
        sweep(slot);
        sweep(slot);
        return slot;
    }

    private void sweep(CollectorSlot slot) {
        now[0] += 50_000_000L;
        slot.sweep();
    }

    private static DeviceSample device(DeviceKind kind, Accounting accounting, double watts) {
        DeviceSample device = new DeviceSample(kind.toString(), kind, kind.toString(), accounting);
        device.powerWatts = watts;
        return device;
    }
}
