package collectors.gpu;

import collectors.linux.SysfsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * One GPU's files of the driver amdgpu; null for what its driver does not have. Those for power and temperature belong
 * to hwmon (Documentation/gpu/amdgpu/thermal.rst).
 */
final class AmdCard implements AutoCloseable {

    private static final int MAX_TEMPERATURES = 3;

    final Path device;
    final Path hwmon;
    final SysfsFile power;
    final boolean powerIsInstant;
    final SysfsFile temperature;
    final SysfsFile memoryUsed;
    final SysfsFile memoryTotal;
    final SysfsFile busy;
    final SysfsFile powerCap;

    private final List<SysfsFile> open = new ArrayList<>();

    AmdCard(Path device) {
        this.device = device;
        hwmon = hwmon(device);
        // MI300 and Renoir have only the present power, RDNA3 only an average; who has both has its average here.
        SysfsFile average = hwmonFile("power1_average");
        power = average != null ? average : hwmonFile("power1_input");
        powerIsInstant = average == null;
        SysfsFile junction = temperature("junction");
        temperature = junction != null ? junction : temperature("edge");
        memoryUsed = file(device.resolve("mem_info_vram_used"));
        memoryTotal = file(device.resolve("mem_info_vram_total"));
        busy = file(device.resolve("gpu_busy_percent"));
        powerCap = hwmonFile("power1_cap");
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

    /** The model's name as its maker wrote it into the card, or else by its PCI id, or null. */
    String model() {
        String name = SysfsFile.text(device.resolve("product_name"));
        return name == null || name.isEmpty() ? AmdChip.model(device) : name;
    }

    /** {@code GPU-} and 16 hexadecimal digits, or null. */
    String uuid() {
        String id = SysfsFile.text(device.resolve("unique_id"));
        return id != null && id.matches("[0-9a-f]{1,16}") ? AmdSource.uuidOf(Long.parseUnsignedLong(id, 16)) : null;
    }

    /** Where the card is, such as {@code 0000:03:00.0}. */
    String pciAddress() {
        try {
            return device.toRealPath().getFileName().toString();
        } catch (IOException e) {
            return device.getParent().getFileName().toString();
        }
    }

    private SysfsFile temperature(String label) {
        for (int number = 1; hwmon != null && number <= MAX_TEMPERATURES; number++) {
            if (label.equals(SysfsFile.text(hwmon.resolve("temp" + number + "_label")))) {
                return hwmonFile("temp" + number + "_input");
            }
        }
        return null;
    }

    private SysfsFile hwmonFile(String name) {
        return hwmon == null ? null : file(hwmon.resolve(name));
    }

    private SysfsFile file(Path path) {
        if (!Files.exists(path)) {
            return null;
        }
        SysfsFile file = new SysfsFile(path);
        open.add(file);
        return file;
    }

    @Override
    public void close() {
        open.forEach(SysfsFile::close);
    }
}
