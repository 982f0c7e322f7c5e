package collectors.gpu;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceSample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is peculiar to some of AMD's chips and libraries, as a fake ROCm SMI beside a made-up sysfs shows it. */
class AmdChipsTest {

    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path sysfs;

    private final FakeRocmSmi fake = FakeRocmSmi.without();
    private GpuCollector collector;

    @AfterEach
    void nothingWasMisused() {
        if (collector != null) {
            collector.close();
        }
        assertThat(fake.violation()).isNull();
        assertThat(fake.references()).isZero();
    }

    @Test
    void aCounterThatIsNotReadAnewIsUnavailableAndComesBack() throws Exception {
        open("timestamp=1000");
        DeviceSample sample = collector.collect(0).get(0);
        assertThat(sample.energyCounterJoules).isEqualTo(1000);
        assertThat(sample.energyCounterNanos).isEqualTo(1000);
        for (long now = SECOND; now < 10 * SECOND; now += SECOND / 4) {
            collector.collect(now);
            assertThat(sample.energyCounterJoules).isEqualTo(UNAVAILABLE);
            assertThat(sample.energyCounterNanos).isZero();
            assertThat(sample.powerWatts).isEqualTo(500);
        }
        fake.set("timestamp=2000;counter=131072000");
        collector.collect(20 * SECOND);
        assertThat(sample.energyCounterJoules).isEqualTo(2000);
        assertThat(fake.calls("rsmi_init")).isEqualTo(1);
    }

    @Test
    void aGpuThatAnswersNothingButAnOldCounterIsLostAndFoundAgain() throws Exception {
        open("gpus=2;timestamp=1000");
        collector.collect(0);
        fake.set("gpu1.timestamp=0;gpu0.error.rsmi_dev_[!pneu]*=3;gpu0.error.rsmi_dev_po*=3");
        List<DeviceSample> samples = List.of();
        for (long now = 6 * SECOND; now < 16 * SECOND; now += SECOND / 4) {
            samples = collector.collect(now);
        }
        assertThat(samples.get(0).hasPowerOrEnergy()).isFalse();
        assertThat(samples.get(0).problem).isNotNull();
        assertThat(samples.get(1).energyCounterJoules).isEqualTo(1000);
        assertThat(fake.calls("rsmi_init")).as("looked for anew").isGreaterThan(2);
        fake.set("timestamp=0;gpu0.error.*=0");
        assertThat(collector.collect(30 * SECOND).get(0).energyCounterJoules).isEqualTo(1000);
    }

    @Test
    void theDieThatMeasuresBothIsMeasuredWhenOnlyTheOtherIsChosen() throws Exception {
        device(0, "device", "0x740c");
        device(1, "device", "0x740c");
        collector = fake.collector("gpus=2;gpu1.error.rsmi_dev_*power*_[ag]*=2;gpu1.counter=0",
                new CollectorContext(sysfs, Path.of("/proc"), Map.of("ROCR_VISIBLE_DEVICES", "1"), 50,
                        "visible", CollectorContext.MacosPower.COMBINED));
        List<DeviceSample> samples = collector.collect();
        assertThat(samples).hasSize(2);
        assertThat(samples.get(0).powerWatts).isEqualTo(500);
        assertThat(samples.get(1).hasPowerOrEnergy()).isFalse();
        assertThat(samples.get(1).problem)
                .isEqualTo("the other part of its module or board measures its power too");
    }

    @Test
    void aPartitionNamesTheBoardThatItIsAPartOf() throws Exception {
        open("gpus=2;gpu1.bdf=0x10000a01");
        List<DeviceSample> samples = collector.collect();
        assertThat(samples.get(1).containedIn).isEqualTo(samples.get(0).id);
        assertThat(samples.get(0).containedIn).isEmpty();
    }

    /** 2^32 units of 2^-16 J. */
    @Test
    void theCounterOfAnMi100Wraps() throws Exception {
        device(0, "device", "0x738c");
        open("gpus=2");
        List<DeviceSample> samples = collector.collect();
        assertThat(samples.get(0).energyCounterRangeJoules).isCloseTo(65_536, within(1e-6));
        assertThat(samples.get(1).energyCounterRangeJoules).as("not known to").isEqualTo(UNAVAILABLE);
    }

    @Test
    void aNumberIsNoName() throws Exception {
        device(1, "product_name", "AMD Instinct MI325X");
        device(2, "device", "0x744c");
        open("gpus=4;name=0x1002");
        assertThat(collector.collect().stream().map(sample -> sample.name)).containsExactly("AMD GPU",
                "AMD Instinct MI325X", "AMD Radeon RX 7900 XT/7900 XTX", "AMD GPU");
    }

    @Test
    void powerThatNoCardDrawsGivesWayToTheKernels() throws Exception {
        kernelPower(0, "power1_input", 240_000_000);
        kernelPower(1, "power1_average", 100_000_000);
        open("gpus=3;power_uw=2000000;gpu1.power_uw=120000000");
        List<DeviceSample> samples = collector.collect();
        assertThat(samples.get(0).powerWatts).isEqualTo(240);
        assertThat(samples.get(0).powerAveragingSeconds).isZero();
        assertThat(samples.get(1).powerWatts).as("where the library is credible").isEqualTo(120);
        assertThat(samples.get(2).powerWatts).as("where the kernel says nothing").isEqualTo(2);
    }

    @Test
    void chipsThatTakeSecondsToTellTheirPowerAreLeftAlone() throws Exception {
        device(0, "device", "0x67b1");
        open("gpus=1;counter=0");
        DeviceSample sample = collector.collect().get(0);
        assertThat(sample.powerWatts).isEqualTo(UNAVAILABLE);
        assertThat(sample.problem).startsWith("power: not read, as this chip takes seconds to report it");
        assertThat(sample.temperatureCelsius).isEqualTo(55);
        assertThat(fake.calls("rsmi_dev_*power*_get") - fake.calls("rsmi_dev_power_cap_get")).isZero();
    }

    private void open(String settings) throws CollectorUnavailableException {
        collector = fake.collector(settings, FakeNvml.context(sysfs));
    }

    private void kernelPower(int gpu, String file, int microwatts) throws Exception {
        device(gpu, "hwmon/hwmon" + gpu + "/name", "amdgpu");
        device(gpu, "hwmon/hwmon" + gpu + "/" + file, String.valueOf(microwatts));
    }

    /** Writes a file of the GPU with that number as the kernel shows it. */
    private void device(int gpu, String file, String text) throws Exception {
        Path path = sysfs.resolve(String.format("bus/pci/devices/0000:%02x:00.0", 10 + gpu)).resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text + "\n");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "none", value = {
        "Aldebaran/MI200 [Instinct MI210], AMD Instinct MI210",
        "Aldebaran/MI200 [Instinct MI210, AMD Instinct MI210", "Navi 31 [Radeon RX 7900 XT/7900 XTX], AMD Radeon RX 7900 XT/7900 XTX",
        "Aqua Vanjaram [AMD Instinct MI300X], AMD Instinct MI300X", " AMD Instinct MI250X , AMD Instinct MI250X",
        "0x740f, none", "'', none", "Raphael, Raphael"})
    void aModelIsFoundInWhatLibrariesCallAGpu(String told, String model) {
        assertThat(AmdSource.modelOf(told)).isEqualTo(model);
    }
}
