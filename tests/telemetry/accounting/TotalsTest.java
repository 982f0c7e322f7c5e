package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import collectors.Accounting;
import collectors.DeviceKind;
import collectors.DeviceSample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TotalsTest {

    private final Totals totals = new Totals();
    private final AuxiliaryTotals auxiliary = new AuxiliaryTotals();

    @Test
    void powerMemoryAndEnergyAreSumsAndTheRestMeansOverThoseThatAnswer() {
        DeviceSample one = device(DeviceKind.GPU, Accounting.ADDED, 100);
        DeviceSample two = device(DeviceKind.GPU, Accounting.ADDED, 300);
        DeviceSample silent = device(DeviceKind.GPU, Accounting.ADDED, UNAVAILABLE);
        one.temperatureCelsius = 40;
        two.temperatureCelsius = 60;
        one.utilizationPercent = 10;
        two.utilizationPercent = 30;
        one.tensorActivityPercent = 0;
        two.tensorActivityPercent = 50;
        one.memoryUsedMb = 1000;
        two.memoryUsedMb = 500;
        one.memoryTotalMb = 8000;
        two.memoryTotalMb = 8000;
        sum(devices("gpus", one, two, silent));
        assertThat(totals.powerWatts).isEqualTo(400);
        assertThat(totals.energyJoules).isEqualTo(20);
        assertThat(totals.temperatureCelsius).isEqualTo(50);
        assertThat(totals.utilizationPercent).isEqualTo(20);
        assertThat(totals.memoryUtilizationPercent).isEqualTo(UNAVAILABLE);
        assertThat(totals.tensorActivityPercent).isEqualTo(25);
        assertThat(totals.memoryUsedMb).isEqualTo(1500);
        assertThat(totals.memoryTotalMb).isEqualTo(16000);
    }

    @Test
    void nothingIsKnownWhenNoDeviceAnswers() {
        sum(devices("gpus", device(DeviceKind.GPU, Accounting.ADDED, UNAVAILABLE)));
        assertThat(totals.powerWatts).isEqualTo(UNAVAILABLE);
        assertThat(totals.energyJoules).isEqualTo(UNAVAILABLE);
        assertThat(totals.hasPowerOrEnergy()).isFalse();
    }

    @Test
    void zeroWattsAreAReading() {
        sum(devices("gpus", device(DeviceKind.GPU, Accounting.ADDED, 0)));
        assertThat(totals.powerWatts).isZero();
        assertThat(totals.hasPowerOrEnergy()).isTrue();
    }

    @Test
    void whatIsContainedOrBesideIsNotAdded() {
        sum(devices("rapl", device(DeviceKind.CPU_PACKAGE, Accounting.ADDED, 100),
                device(DeviceKind.CPU_CORES, Accounting.CONTAINED, 80),
                device(DeviceKind.GPU, Accounting.BESIDE, 30)));
        assertThat(totals.powerWatts).isEqualTo(100);
    }

    @Test
    void packagesOfAnAuxiliaryCollectorStandBesideTheGpus() {
        sum(devices("gpus", device(DeviceKind.GPU, Accounting.ADDED, 300)),
                devices("rapl", device(DeviceKind.CPU_PACKAGE, Accounting.ADDED, 100),
                        device(DeviceKind.CPU_PACKAGE, Accounting.ADDED, 50),
                        device(DeviceKind.DRAM, Accounting.ADDED, 20)));
        assertThat(totals.powerWatts).isEqualTo(300);
        assertThat(auxiliary.cpuPowerWatts).isEqualTo(150);
        assertThat(auxiliary.cpuEnergyJoules).isEqualTo(7.5);
    }

    @Test
    void packagesThatTwoAuxiliaryCollectorsSeeCountOnce() {
        sum(devices("gpus", device(DeviceKind.GPU, Accounting.ADDED, 300)),
                devices("rapl", device(DeviceKind.CPU_PACKAGE, Accounting.ADDED, 100)),
                devices("acpi", device(DeviceKind.MODULE, Accounting.ADDED, 500),
                        device(DeviceKind.CPU_PACKAGE, Accounting.CONTAINED, 90)));
        assertThat(auxiliary.cpuPowerWatts).isEqualTo(100);
    }

    /** Its joules would be others: the sum would jump. */
    @Test
    void noOtherCollectorStepsInForOneThatFails() {
        Devices rapl = devices("rapl", device(DeviceKind.CPU_PACKAGE, Accounting.ADDED, 100));
        Devices[] all = {devices("gpus", device(DeviceKind.GPU, Accounting.ADDED, 300)), rapl,
            devices("acpi", device(DeviceKind.CPU_PACKAGE, Accounting.ADDED, 90))};
        sum(all);
        assertThat(auxiliary.cpuEnergyJoules).isEqualTo(5);
        rapl.metered.forEach(device -> device.miss(60_000_000L));
        sum(all);
        assertThat(auxiliary.cpuPowerWatts).isEqualTo(UNAVAILABLE);
        assertThat(auxiliary.cpuEnergyJoules).as("the last value stays").isEqualTo(5);
    }

    @Test
    void aModulesCpuStandsBesideTheGpusThatAnotherCollectorReads() {
        sum(devices("nvidia", device(DeviceKind.GPU, Accounting.ADDED, 300)),
                devices("acpi", device(DeviceKind.MODULE, Accounting.ADDED, 500),
                        device(DeviceKind.CPU_PACKAGE, Accounting.CONTAINED, 90)));
        assertThat(auxiliary.cpuPowerWatts).isEqualTo(90);
    }

    @Test
    void aPrimaryThatContainsTheCpuHasNothingBesideIt() {
        for (DeviceKind kind : List.of(DeviceKind.CPU_PACKAGE, DeviceKind.SYSTEM_ON_CHIP, DeviceKind.MODULE,
                DeviceKind.MACHINE)) {
            sum(devices("primary", device(kind, Accounting.ADDED, 200)),
                    devices("rapl", device(DeviceKind.CPU_PACKAGE, Accounting.ADDED, 100)));
            assertThat(auxiliary.cpuPowerWatts).as(kind.toString()).isEqualTo(UNAVAILABLE);
            assertThat(auxiliary.cpuEnergyJoules).as(kind.toString()).isEqualTo(UNAVAILABLE);
        }
    }

    @Test
    void aChipsCpuAndNeuralEngineStandBesideItsGpu() {
        sum(devices("macos", device(DeviceKind.GPU, Accounting.ADDED, 8),
                device(DeviceKind.CPU_PACKAGE, Accounting.BESIDE, 4),
                device(DeviceKind.NEURAL_ENGINE, Accounting.BESIDE, 2)));
        assertThat(totals.powerWatts).isEqualTo(8);
        assertThat(auxiliary.cpuPowerWatts).isEqualTo(4);
        assertThat(auxiliary.neuralEnginePowerWatts).isEqualTo(2);
        assertThat(auxiliary.neuralEngineEnergyJoules).isEqualTo(0.1);
    }

    @Test
    void joulesOfADeviceThatFallsSilentStayInTheSum() {
        DeviceSample one = device(DeviceKind.GPU, Accounting.ADDED, 100);
        DeviceSample two = device(DeviceKind.GPU, Accounting.ADDED, 100);
        Devices gpus = devices("gpus", one, two);
        two.powerWatts = UNAVAILABLE;
        gpus.take(100);
        sum(gpus);
        assertThat(totals.powerWatts).isEqualTo(100);
        assertThat(totals.energyJoules).isEqualTo(15);
    }

    @Test
    void energyKeepsItsLastValueWhenAllFallSilentWhichIsNotHealthy() {
        DeviceSample gpu = device(DeviceKind.GPU, Accounting.ADDED, 100);
        Devices gpus = devices("gpus", gpu);
        gpu.powerWatts = UNAVAILABLE;
        gpus.take(100);
        sum(gpus);
        assertThat(totals.powerWatts).isEqualTo(UNAVAILABLE);
        assertThat(totals.energyJoules).isEqualTo(5);
        assertThat(totals.hasPowerOrEnergy()).isFalse();
    }

    private void sum(Devices... collectors) {
        List<DeviceState> states = new ArrayList<>();
        for (Devices collector : collectors) {
            for (int i = 0; i < collector.metered.size(); i++) {
                MeteredDevice metered = collector.metered.get(i);
                DeviceState state = new DeviceState(collector.platform, collector == collectors[0], i,
                        metered);
                metered.fill(state, 0);
                states.add(state);
            }
        }
        totals.sum(states);
        auxiliary.sum(states);
    }

    /** A collector's devices. */
    private record Devices(String platform, List<DeviceSample> samples, List<MeteredDevice> metered) {

        void take(long millis) {
            for (int i = 0; i < samples.size(); i++) {
                metered.get(i).take(samples.get(i), millis * 1_000_000L, millis * 1_000_000L);
            }
        }
    }

    /** Devices that have drawn what they say for 50 ms. */
    private static Devices devices(String platform, DeviceSample... samples) {
        Devices devices = new Devices(platform, List.of(samples),
                Stream.of(samples).map(sample -> new MeteredDevice(sample)).toList());
        devices.take(0);
        devices.take(50);
        return devices;
    }

    private static DeviceSample device(DeviceKind kind, Accounting accounting, double watts) {
        DeviceSample device = new DeviceSample(kind.toString(), kind, kind.toString(), accounting);
        device.powerWatts = watts;
        return device;
    }
}
