package collectors.gpu;

import collectors.CollectorUnavailableException;
import collectors.linux.RuntimeSuspend;
import collectors.linux.SysfsFile;
import collectors.linux.SysfsFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * NVIDIA's GPUs as the kernel's PCI core shows them. Nothing here asks the driver: its files in /proc/driver/nvidia wake
 * the GPU that they tell of, as NVML does.
 */
final class NvidiaCards {

    private static final String NVIDIA = "0x10de";
    /** PCI's base class of display controllers. */
    private static final String DISPLAY_CLASS = "0x03";

    private final List<Path> devices;

    NvidiaCards(Path sysfs) {
        devices = find(sysfs.resolve("bus/pci/devices"));
    }

    /** In the order of their addresses, as NVML counts them. */
    private static List<Path> find(Path folder) {
        try {
            return SysfsFolder.entries(folder).stream().filter(NvidiaCards::isGpu).sorted().toList();
        } catch (CollectorUnavailableException e) {
            return List.of(); // then NVML has to be asked
        }
    }

    private static boolean isGpu(Path device) {
        String type = SysfsFile.text(device.resolve("class"));
        return NVIDIA.equals(SysfsFile.text(device.resolve("vendor"))) && type != null
                && type.startsWith(DISPLAY_CLASS) && "nvidia".equals(driver(device));
    }

    /** The driver's name; empty where there is none. */
    private static String driver(Path device) {
        try {
            return Files.readSymbolicLink(device.resolve("driver")).getFileName().toString();
        } catch (IOException e) {
            return "";
        }
    }

    int count() {
        return devices.size();
    }

    String pciAddress(int gpu) {
        return devices.get(gpu).getFileName().toString();
    }

    /** The model's name from the machine's pci.ids, or null. */
    String model(int gpu) {
        String model = PciFolder.model(devices.get(gpu));
        return model == null ? null : "NVIDIA " + model;
    }

    /** Whether there are GPUs and all of them are suspended. */
    boolean allAsleep() {
        return !devices.isEmpty() && devices.stream().allMatch(NvidiaCards::isAsleep);
    }

    private static boolean isAsleep(Path device) {
        try (RuntimeSuspend suspend = RuntimeSuspend.of(device)) {
            return suspend.isAsleep(System.nanoTime());
        }
    }
}
