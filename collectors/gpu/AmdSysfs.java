package collectors.gpu;

import collectors.linux.SysfsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * AMD's GPUs as the kernel's driver amdgpu shows them: files below class/drm/cardN/device, of which those for power and
 * temperature belong to hwmon (Documentation/gpu/amdgpu/thermal.rst). There is no energy counter among them.
 */
final class AmdSysfs implements AmdSource {

    /** The driver has no such file for this GPU. */
    static final int NOT_THERE = 1;
    /** The file is there and cannot be read. */
    static final int UNREADABLE = 2;
    /** What was there is gone, or holds no number. */
    static final int FAILED = 3;

    private static final String AMD = "0x1002";
    private static final int MOST_TEMPERATURES = 3;
    private static final double MICRO = 1e6;
    private static final double BYTES_PER_MB = 1024.0 * 1024.0;

    private final Path drm;
    private List<Card> cards = List.of();
    private double value;

    AmdSysfs(Path sysfs) {
        drm = sysfs.resolve("class/drm");
    }

    @Override
    public String name() {
        return "the driver amdgpu";
    }

    @Override
    public int init() {
        if (!Files.isDirectory(drm)) {
            return SensorQuery.SUCCESS; // no driver for graphics at all
        }
        try (Stream<Path> entries = Files.list(drm)) {
            cards = entries.filter(entry -> entry.getFileName().toString().matches("card\\d+"))
                    .map(entry -> entry.resolve("device"))
                    .filter(device -> AMD.equals(SysfsFile.text(device.resolve("vendor"))))
                    .map(Card::new).filter(card -> card.hwmon != null)
                    .sorted(Comparator.comparing(card -> card.pciAddress)).toList();
            return SensorQuery.SUCCESS;
        } catch (IOException e) {
            return UNREADABLE;
        }
    }

    @Override
    public void shutdown() {
        cards.forEach(Card::close);
        cards = List.of();
    }

    @Override
    public int count() {
        return cards.size();
    }

    @Override
    public String model(int gpu) {
        Path device = cards.get(gpu).device;
        String product = SysfsFile.text(device.resolve("product_name"));
        String id = SysfsFile.text(device.resolve("device"));
        return product != null && !product.isEmpty() ? product
                : id == null ? null : "AMD GPU [1002:" + id.replaceFirst("^0x", "") + "]";
    }

    @Override
    public String uuid(int gpu) {
        String id = SysfsFile.text(cards.get(gpu).device.resolve("unique_id"));
        return id != null && id.matches("[0-9a-f]{1,16}") ? RocmSmi.uuidOf(Long.parseUnsignedLong(id, 16)) : null;
    }

    @Override
    public String pciAddress(int gpu) {
        return cards.get(gpu).pciAddress;
    }

    @Override
    public int power(int gpu) {
        return read(cards.get(gpu).power, MICRO);
    }

    @Override
    public int energy(int gpu) {
        return NOT_THERE;
    }

    @Override
    public int temperature(int gpu) {
        return read(cards.get(gpu).temperature, 1e3);
    }

    @Override
    public int memoryUsed(int gpu) {
        return read(cards.get(gpu).memoryUsed, BYTES_PER_MB);
    }

    @Override
    public int memoryTotal(int gpu) {
        return read(cards.get(gpu).memoryTotal, BYTES_PER_MB);
    }

    @Override
    public int utilization(int gpu) {
        return read(cards.get(gpu).busy, 1);
    }

    @Override
    public int powerLimit(int gpu) {
        return read(cards.get(gpu).powerCap, MICRO);
    }

    private int read(SysfsFile file, double divisor) {
        if (file == null) {
            return NOT_THERE;
        }
        value = file.read(divisor);
        return value >= 0 ? SensorQuery.SUCCESS : file.isUnreadable() ? UNREADABLE : FAILED;
    }

    @Override
    public double value() {
        return value;
    }

    @Override
    public String describe(int code) {
        return switch (code) {
            case NOT_THERE -> "the driver amdgpu has no file for it";
            case UNREADABLE -> "its file in sysfs cannot be read";
            default -> "its file in sysfs is gone, or holds no number";
        };
    }

    @Override
    public boolean isHopeless(int code) {
        return code == NOT_THERE;
    }

    @Override
    public boolean maySayLost(int code) {
        return code == FAILED || code == UNREADABLE;
    }

    /** One GPU's files; null for what its driver does not have. */
    private static final class Card {

        private final Path device;
        private final String pciAddress;
        private final Path hwmon;
        private final List<SysfsFile> open = new ArrayList<>();
        private final SysfsFile power;
        private final SysfsFile temperature;
        private final SysfsFile memoryUsed;
        private final SysfsFile memoryTotal;
        private final SysfsFile busy;
        private final SysfsFile powerCap;

        Card(Path device) {
            this.device = device;
            pciAddress = realName(device);
            hwmon = hwmon(device);
            // Chips with an average in the one file have the present power, if at all, in the other.
            SysfsFile average = hwmon == null ? null : file(hwmon.resolve("power1_average"));
            power = average != null || hwmon == null ? average : file(hwmon.resolve("power1_input"));
            SysfsFile junction = temperature("junction");
            temperature = junction != null ? junction : temperature("edge");
            memoryUsed = file(device.resolve("mem_info_vram_used"));
            memoryTotal = file(device.resolve("mem_info_vram_total"));
            busy = file(device.resolve("gpu_busy_percent"));
            powerCap = hwmon == null ? null : file(hwmon.resolve("power1_cap"));
        }

        private SysfsFile temperature(String label) {
            for (int number = 1; hwmon != null && number <= MOST_TEMPERATURES; number++) {
                if (label.equals(SysfsFile.text(hwmon.resolve("temp" + number + "_label")))) {
                    return file(hwmon.resolve("temp" + number + "_input"));
                }
            }
            return null;
        }

        private SysfsFile file(Path path) {
            if (!Files.exists(path)) {
                return null;
            }
            SysfsFile file = new SysfsFile(path);
            open.add(file);
            return file;
        }

        void close() {
            open.forEach(SysfsFile::close);
        }
    }

    /** The chip of a GPU with that folder, or null. */
    static Path hwmon(Path device) {
        Path folder = device.resolve("hwmon");
        if (!Files.isDirectory(folder)) {
            return null;
        }
        try (Stream<Path> chips = Files.list(folder)) {
            return chips.filter(chip -> Objects.equals("amdgpu", SysfsFile.text(chip.resolve("name"))))
                    .findFirst().orElse(null);
        } catch (IOException e) {
            return null; // as if it had none
        }
    }

    private static String realName(Path device) {
        try {
            return device.toRealPath().getFileName().toString();
        } catch (IOException e) {
            return device.getParent().getFileName().toString();
        }
    }
}
