package collectors.gpu;

import collectors.linux.PciNames;
import collectors.linux.SysfsFile;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where the kernel shows a PCI device. */
final class PciFolder {

    private PciFolder() {
    }

    /**
     * The device's folder; null when there is none, as on Windows, where an address is no file name.
     *
     * @param address such as {@code 0000:03:00.0}; null when it is not known
     */
    static Path of(Path sysfs, String address) {
        Path devices = sysfs.resolve("bus/pci/devices");
        if (address == null || !Files.isDirectory(devices)) {
            return null;
        }
        try {
            Path folder = devices.resolve(address);
            return Files.isDirectory(folder) ? folder : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** What the machine's pci.ids calls the device with that folder, or null. */
    static String model(Path folder) {
        String vendor = number(folder, "vendor");
        String device = number(folder, "device");
        return vendor == null || device == null ? null : PciNames.find(vendor, device);
    }

    private static String number(Path folder, String file) {
        String text = folder == null ? null : SysfsFile.text(folder.resolve(file));
        return text == null ? null : text.replaceFirst("^0x", "");
    }

    /** Whether the kernel may suspend the device when nobody uses it. */
    static boolean maySleep(Path folder) {
        return folder != null && "auto".equals(SysfsFile.text(folder.resolve("power/control")));
    }
}
