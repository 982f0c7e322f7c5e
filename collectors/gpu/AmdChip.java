package collectors.gpu;

import collectors.linux.SysfsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is peculiar to some of AMD's chips, by the PCI id and the files that the kernel shows of them (pci.ids, and the
 * kernel's drivers/gpu/drm/amd).
 *
 * @param isApu             a part of a CPU, so that its power is that of both
 * @param isOneOfTwoDies    one die of a module of two: the sensor of one measures both, the other's says 0 or nothing
 * @param hasShortCounter   its energy accumulator is 32 bits wide
 * @param isSlowToTellPower reading its power keeps the reader waiting for up to 5 s
 */
record AmdChip(boolean isApu, boolean isOneOfTwoDies, boolean hasShortCounter, boolean isSlowToTellPower) {

    /** A chip of which nothing is known. */
    static final AmdChip UNKNOWN = new AmdChip(false, false, false, false);

    /** 2^-16 J, as the kernel's struct gpu_metrics has it (kgd_pp_interface.h, energy_accumulator). */
    private static final double ENERGY_UNIT_MICROJOULES = 1e6 / 65536;
    private static final double ROUNDING = 0.005;
    /** Units that a counter of 32 bits holds. */
    static final long SHORT_COUNTER_UNITS = 1L << 32;

    /** MI250X and MI250: two dies in one module, two GPUs to the system. MI210, 0x740f, has one. */
    private static final Set<String> TWO_DIES = Set.of("0x7408", "0x740c");
    /** MI300A: CPU and GPU, but without the voltage that other APUs show. */
    private static final String MI300A = "0x74a0";
    /** MI100, of which the header smu11_driver_if_arcturus.h says uint32_t EnergyAccumulator. */
    private static final Set<String> SHORT_COUNTERS = Set.of("0x7388", "0x738c", "0x738e", "0x7390");
    /** Hawaii, Bonaire, Fiji and Tonga. */
    private static final List<String> SLOW_POWER = List.of("0x67[ab][0-9a-f]", "0x66[45][0-9a-f]", "0x73(00|0f)",
            "0x69[23][0-9a-f]");

    /** Names of models, as pci.ids has them, that are to be the same on every machine. */
    private static final Map<String, String> MODELS = Map.ofEntries(
            Map.entry("0x738c", "Instinct MI100"), Map.entry("0x7408", "Instinct MI250X"),
            Map.entry("0x740c", "Instinct MI250X/MI250"), Map.entry("0x740f", "Instinct MI210"),
            Map.entry("0x74a0", "Instinct MI300A"), Map.entry("0x74a1", "Instinct MI300X"),
            Map.entry("0x74a5", "Instinct MI325X"), Map.entry("0x75a0", "Instinct MI350X"),
            Map.entry("0x75a3", "Instinct MI355X"), Map.entry("0x744c", "Radeon RX 7900 XT/7900 XTX"),
            Map.entry("0x164e", "Radeon Graphics (Raphael)"));

    /** The model of the card with that folder, or null. */
    static String model(Path device) {
        String id = SysfsFile.text(device.resolve("device"));
        String model = id == null ? null : MODELS.getOrDefault(id, PciFolder.model(device));
        return model == null ? null : "AMD " + model;
    }

    /** The chip with that folder in sysfs; null when it is not known. */
    static AmdChip of(Path device) {
        String id = device == null ? null : SysfsFile.text(device.resolve("device"));
        if (device == null) {
            return UNKNOWN;
        }
        // amdgpu's hwmon shows a second voltage, vddnb, for APUs only.
        Path hwmon = AmdCard.hwmon(device);
        boolean isApu = MI300A.equals(id) || hwmon != null && Files.exists(hwmon.resolve("in1_label"));
        return id == null ? new AmdChip(isApu, false, false, false)
                : new AmdChip(isApu, TWO_DIES.contains(id), SHORT_COUNTERS.contains(id),
                        SLOW_POWER.stream().anyMatch(id::matches));
    }

    /** The unit of energy in µJ; AMD's libraries give it rounded to 15.3 or 15.259, 0.3 % too much or nearly right. */
    static double energyUnitMicrojoules(float resolution) {
        return Math.abs(resolution / ENERGY_UNIT_MICROJOULES - 1) < ROUNDING ? ENERGY_UNIT_MICROJOULES : resolution;
    }
}
