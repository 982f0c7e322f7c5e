package bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Made-up trees of /sys with as many devices as one likes; their counters move all the time. */
final class SysfsDevices implements AutoCloseable {

    private static final int MOVE_MILLIS = 50;
    private static final long FIRST_MICROJOULES = 100_000_000_000L; // as many digits as all that follow
    private static final long WATTS = 100;

    private final Path folder;
    private final List<RandomAccessFile> counters = new ArrayList<>();
    private final ScheduledExecutorService mover = Executors.newSingleThreadScheduledExecutor();
    private long moves;

    SysfsDevices(Path folder) {
        this.folder = folder;
        mover.scheduleAtFixedRate(this::move, MOVE_MILLIS, MOVE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** So many zones of RAPL, packages and the memory of each in turn; an even number. */
    Path zones(int count) throws IOException {
        Path root = folder.resolve("zones-" + count);
        for (int i = 0; i < count; i++) {
            Path zone = root.resolve("class/powercap/intel-rapl:" + i / 2 + (i % 2 == 0 ? "" : ":0"));
            write(zone.resolve("name"), i % 2 == 0 ? "package-" + i / 2 : "dram");
            write(zone.resolve("enabled"), "1");
            write(zone.resolve("max_energy_range_uj"), "262143328850");
            write(zone.resolve("energy_uj"), String.valueOf(FIRST_MICROJOULES));
            synchronized (counters) {
                counters.add(new RandomAccessFile(zone.resolve("energy_uj").toFile(), "rw"));
            }
        }
        return root;
    }

    /** So many power meters of ACPI, which tell power only. */
    Path meters(int count) throws IOException {
        Path root = folder.resolve("meters-" + count);
        for (int i = 0; i < count; i++) {
            Path chip = root.resolve("class/hwmon/hwmon" + i);
            write(chip.resolve("name"), "power_meter");
            write(chip.resolve("power1_average"), "310000000");
            Path device = root.resolve(String.format("devices/LNXSYSTM:00/ACPI000D:%02X", i));
            write(device.resolve("hid"), "ACPI000D");
            Files.createSymbolicLink(chip.resolve("device"), chip.relativize(device));
        }
        return root;
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
    }

    private void move() {
        moves++;
        byte[] text = String.valueOf(FIRST_MICROJOULES + moves * MOVE_MILLIS * WATTS * 1000)
                .getBytes(StandardCharsets.US_ASCII);
        synchronized (counters) {
            try {
                for (RandomAccessFile counter : counters) {
                    counter.seek(0);
                    counter.write(text);
                }
            } catch (IOException e) {
                throw new IllegalStateException("a made-up counter cannot be written", e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        mover.shutdownNow();
        synchronized (counters) {
            for (RandomAccessFile counter : counters) {
                counter.close();
            }
        }
    }
}
