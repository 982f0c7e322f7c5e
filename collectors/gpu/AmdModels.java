package collectors.gpu;

import collectors.linux.SysfsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** What is peculiar to some of AMD's chips, from what the kernel shows of them in their folder in sysfs. */
final class AmdModels {

    /** MI250X and MI250: two dies in one module, two GPUs to the system (pci.ids). MI210, 0x740f, has one. */
    private static final Set<String> TWO_DIES = Set.of("0x7408", "0x740c");
    /** MI300A: CPU and GPU, but without the voltage that other APUs show. */
    private static final String MI300A = "0x74a0";

    private AmdModels() {
    }

    /**
     * Whether the GPU is a part of a CPU, so that its power is that of both: amdgpu's hwmon shows the voltage vddnb
     * for these only.
     *
     * @param device null when it is not known
     */
    static boolean isApu(Path device) {
        if (device == null) {
            return false;
        }
        Path hwmon = AmdSysfs.hwmon(device);
        return MI300A.equals(SysfsFile.text(device.resolve("device")))
                || hwmon != null && Files.exists(hwmon.resolve("in1_label"));
    }

    /** Whether the GPU is one die of a module of two: then the sensor of one measures both, and the other's says 0. */
    static boolean isOneOfTwoDies(Path device) {
        String id = device == null ? null : SysfsFile.text(device.resolve("device"));
        return id != null && TWO_DIES.contains(id);
    }
}
