package collectors.linux;

import collectors.CollectorUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A chip with sensors, as the kernel's hwmon and IIO classes list them.
 *
 * @param folder the chip's own, such as {@code hwmon3}
 * @param files  where its sensors' files are
 */
record HwmonChip(Path folder, Path files) {

    private static final String ACPI_METER = "power_meter";
    private static final List<String> ACPI_FILES = List.of("power1_oem_info", "power1_average");

    /**
     * The chips in a folder whose names match.
     *
     * @throws CollectorUnavailableException when the folder cannot be listed
     */
    static List<HwmonChip> find(Path folder, Pattern name) throws CollectorUnavailableException {
        List<HwmonChip> chips = new ArrayList<>();
        for (Path entry : SysfsFolder.entries(folder)) {
            Path files = Files.exists(entry.resolve("name")) ? entry : entry.resolve("device");
            String chip = name(files);
            if (chip != null && name.matcher(chip).matches()) {
                chips.add(new HwmonChip(entry, files));
            }
        }
        return chips;
    }

    /**
     * The chip's name. Older drivers, such as that of ACPI's power meters before kernel 7, put everything into the
     * device's folder, and not all of those have a name there.
     */
    private static String name(Path files) {
        String name = SysfsFile.text(files.resolve("name"));
        return name != null || ACPI_FILES.stream().noneMatch(file -> Files.exists(files.resolve(file)))
                ? name : ACPI_METER;
    }

    /** The name of the chip's device on its bus, such as a PCI address: it stays, while hwmon's number may change. */
    String device() {
        try {
            return deviceFolder().toRealPath().getFileName().toString();
        } catch (IOException e) {
            return folder.getFileName().toString();
        }
    }

    /** The folder of the chip's device on its bus. */
    Path deviceFolder() {
        return folder.resolve("device");
    }

    /** One of the chip's files, or null when it has none of that name. */
    SysfsFile file(String name) {
        Path path = files.resolve(name);
        return Files.exists(path) ? new SysfsFile(path) : null;
    }
}
