package collectors.apple.powermetrics;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.apple.powermetrics.PowermetricsSample.Part;
import org.junit.jupiter.api.Test;

class ChipPartTest {

    private final ChipPart cpu = new ChipPart(true);
    private final ChipPart gpu = new ChipPart(false);
    private final ChipPart chip = new ChipPart(cpu, gpu);
    private final DeviceSample device = new DeviceSample("part", DeviceKind.OTHER, "Part");

    @Test
    void energyIsCountedUpAndPowerIsWhatIsListed() {
        add(gpu, 2, 100, 1);
        add(gpu, 3, 150, 1);
        gpu.fill(device);
        assertThat(device.energyCounterJoules).isEqualTo(0.25);
        assertThat(device.powerWatts).isEqualTo(3);
        assertThat(device.problem).isNull();
    }

    @Test
    void aCpuThatNeverUsesAnyEnergyHasAFrozenCounterAndNoPowerIsMadeUp() {
        add(cpu, 0, 0, 4.9);
        assertThat(cpu.isFrozen()).isFalse();
        add(cpu, 0, 0, 0.2);
        cpu.fill(device);
        assertThat(device.hasPowerOrEnergy()).isFalse();
        assertThat(device.problem).contains("counted no energy");
    }

    @Test
    void aGpuThatRestsIsNotFrozenAndOneThatDrawsIs() {
        add(gpu, 0, 0, 60);
        assertThat(gpu.isFrozen()).isFalse();
        add(gpu, 3, 0, 6);
        assertThat(gpu.isFrozen()).isTrue();
    }

    @Test
    void energyTooSmallForAMillijouleIsNotAFrozenCounter() {
        for (int list = 0; list < 1000; list++) {
            add(gpu, 0.01, 0, 0.05);
            add(cpu, 0.03, 0, 0.02);
        }
        assertThat(gpu.isFrozen()).isFalse();
        assertThat(cpu.isFrozen()).isFalse();
    }

    @Test
    void theWholeIsFrozenWithAnyPartAndItsPowerBelievedOnlyWhereThatPartsIs() {
        add(cpu, 0, 0, 6);
        add(gpu, 3, 18_000, 6);
        add(chip, 3, 18_000, 6);
        chip.fill(device);
        assertThat(device.hasPowerOrEnergy()).as("3 W lack the CPU's").isFalse();
        add(cpu, 5, 0, 6);
        add(chip, 8, 18_000, 6);
        chip.fill(device);
        assertThat(device.powerWatts).isEqualTo(8);
        assertThat(device.energyCounterJoules).isEqualTo(UNAVAILABLE);
    }

    @Test
    void aCounterThatGoesOnIsBelievedAgain() {
        add(cpu, 5, 1000, 1);
        add(cpu, 5, 0, 6);
        assertThat(cpu.isFrozen()).isTrue();
        add(cpu, 5, 2000, 1);
        cpu.fill(device);
        assertThat(device.energyCounterJoules).isEqualTo(3);
        assertThat(device.problem).isNull();
    }

    private static void add(ChipPart part, double watts, double millijoules, double seconds) {
        part.add(new Part(watts, millijoules), true, seconds);
    }
}
