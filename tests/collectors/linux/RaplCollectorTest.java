package collectors.linux;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import collectors.Accounting;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.SysfsTree;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaplCollectorTest {

    @TempDir
    private Path sysfs;
    private Path counter;

    /** It says that it is disabled, as AMD's do: the counter alone tells whether it counts. */
    @BeforeEach
    void makeAZone() throws IOException {
        Path zone = Files.createDirectories(sysfs.resolve("class/powercap/intel-rapl:0"));
        Files.writeString(zone.resolve("name"), "package-0\n");
        Files.writeString(zone.resolve("enabled"), "0\n");
        Files.writeString(zone.resolve("max_energy_range_uj"), "65532610987\n");
        counter = Files.writeString(zone.resolve("energy_uj"), "1000000000\n");
    }

    @Test
    void aDisabledZoneWhoseCounterRunsIsMeasuredFromTheFirstSweepOn() throws Exception {
        AtomicBoolean runs = new AtomicBoolean(true);
        Thread cpu = new Thread(() -> {
            try (RandomAccessFile file = new RandomAccessFile(counter.toFile(), "rw")) {
                for (long microjoules = 1_000_000_000L; runs.get(); microjoules += 1000) {
                    file.seek(0);
                    file.write(String.valueOf(microjoules).getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        cpu.start();
        try {
            RaplCollector collector = RaplCollector.open(SysfsTree.context(sysfs));
            assertThat(collector.collect().get(0).problem).isNull();
            assertThat(collector.collect().get(0).energyCounterJoules).isGreaterThanOrEqualTo(1000);
            collector.close();
        } finally {
            runs.set(false);
            cpu.join();
        }
    }

    @Test
    void aDisabledZoneWhoseCounterStandsStillIsNot() throws Exception {
        RaplCollector collector = RaplCollector.open(SysfsTree.context(sysfs));
        assertThat(collector.collect().get(0).energyCounterJoules).isEqualTo(UNAVAILABLE);
        assertThat(collector.collect().get(0).problem).contains("stands still");
        Files.writeString(counter, "1000000001\n");
        assertThat(collector.collect().get(0).energyCounterJoules).as("it was seen to move").isPositive();
        collector.close();
    }

    @Test
    void partsNameTheirPackageAndDramStandsBesideIt(@TempDir Path machine) throws Exception {
        try (RaplCollector collector = RaplCollector.open(SysfsTree.machine("xeon-2-socket", machine))) {
            assertThat(collector.collect())
                    .extracting(zone -> zone.id, zone -> zone.kind, zone -> zone.containedIn, zone -> zone.socket)
                    .containsExactly(tuple("intel-rapl:0", DeviceKind.CPU_PACKAGE, "", 0),
                            tuple("intel-rapl:0:0", DeviceKind.DRAM, "", 0),
                            tuple("intel-rapl:1", DeviceKind.CPU_PACKAGE, "", 1),
                            tuple("intel-rapl:1:0", DeviceKind.DRAM, "", 1));
        }
    }

    @Test
    void thePlatformStandsBesideThePackageThatItContains(@TempDir Path machine) throws Exception {
        try (RaplCollector collector = RaplCollector.open(SysfsTree.machine("laptop-psys-battery", machine))) {
            assertThat(collector.collect()).filteredOn(zone -> zone.kind == DeviceKind.MACHINE).singleElement()
                    .satisfies(psys -> assertThat(psys.accounting).isEqualTo(Accounting.BESIDE));
            assertThat(collector.collect()).filteredOn(zone -> zone.kind == DeviceKind.CPU_CORES).singleElement()
                    .satisfies(cores -> assertThat(cores.containedIn).isEqualTo("intel-rapl:0"));
        }
    }

    @Test
    void theCoreOfAnAmdCpuIsOneCore(@TempDir Path machine) throws Exception {
        try (RaplCollector collector = RaplCollector.open(SysfsTree.machine("epyc", machine))) {
            DeviceSample core = collector.collect().get(1);
            assertThat(core.kind).isEqualTo(DeviceKind.CPU_CORE);
            assertThat(core.name).isEqualTo("package-0 one core");
            assertThat(core.containedIn).isEqualTo("intel-rapl:0");
        }
    }

    @Test
    void aDieThatTurnsOutToDuplicateAnotherIsNoLongerAdded(@TempDir Path machine) throws Exception {
        SysfsTree tree = new SysfsTree(SysfsTree.MACHINES.resolve("threadripper-multi-die/sys.txt"), machine);
        try (RaplCollector collector = RaplCollector.open(SysfsTree.context(machine))) {
            DeviceSample die = collector.collect().get(2);
            assertThat(die.accounting).as("nobody knows yet").isEqualTo(Accounting.ADDED);
            tree.apply(1);
            collector.collect();
            assertThat(die.accounting).isEqualTo(Accounting.CONTAINED);
            assertThat(die.containedIn).isEqualTo("intel-rapl:0");
            assertThat(die.hasPowerOrEnergy()).isFalse();
        }
    }

    @Test
    void aReadingSaysWhenItsCounterWasAskedAndHowOftenThatMoves(@TempDir Path machine) throws Exception {
        try (RaplCollector collector = RaplCollector.open(SysfsTree.machine("xeon-2-socket", machine))) {
            long before = System.nanoTime();
            assertThat(collector.collect()).allSatisfy(zone -> {
                assertThat(zone.askedNanos).isGreaterThanOrEqualTo(before);
                assertThat(zone.answeredNanos).isBetween(zone.askedNanos, System.nanoTime());
                assertThat(zone.energyCounterStepSeconds).isEqualTo(0.001);
            });
        }
    }
}
