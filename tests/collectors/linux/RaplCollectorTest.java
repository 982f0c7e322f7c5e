package collectors.linux;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import collectors.gpu.FakeNvml;
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

/** A zone that says that it is disabled, as AMD's do: the counter alone tells whether it counts. */
class RaplCollectorTest {

    @TempDir
    private Path sysfs;
    private Path counter;

    @BeforeEach
    void makeAZone() throws IOException {
        Path zone = Files.createDirectories(sysfs.resolve("class/powercap/intel-rapl:0"));
        Files.writeString(zone.resolve("name"), "package-0\n");
        Files.writeString(zone.resolve("enabled"), "0\n");
        Files.writeString(zone.resolve("max_energy_range_uj"), "65532610987\n");
        counter = Files.writeString(zone.resolve("energy_uj"), "1000000000\n");
    }

    @Test
    void oneWhoseCounterRunsIsMeasuredFromTheFirstSweepOn() throws Exception {
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
            RaplCollector collector = RaplCollector.open(FakeNvml.context(sysfs));
            assertThat(collector.collect().get(0).problem).isNull();
            assertThat(collector.collect().get(0).energyCounterJoules).isGreaterThanOrEqualTo(1000);
            collector.close();
        } finally {
            runs.set(false);
            cpu.join();
        }
    }

    @Test
    void oneWhoseCounterStandsStillIsNot() throws Exception {
        RaplCollector collector = RaplCollector.open(FakeNvml.context(sysfs));
        assertThat(collector.collect().get(0).energyCounterJoules).isEqualTo(UNAVAILABLE);
        assertThat(collector.collect().get(0).problem).contains("stands still");
        Files.writeString(counter, "1000000001\n");
        assertThat(collector.collect().get(0).energyCounterJoules).as("it was seen to move").isPositive();
        collector.close();
    }
}
