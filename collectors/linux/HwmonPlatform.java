package collectors.linux;

import collectors.DeviceKind;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The platforms that {@link HwmonCollector} reads: which chips of the kernel's hwmon class, which of their channels,
 * and what each measures. A channel whose level is higher than another's of its group is a part of that one.
 *
 * @param name      the platform's
 * @param chip      the contents of the chip's file {@code name}
 * @param labelFile the file that labels channel N, with N in it; a channel without one has an empty label
 * @param model     what a device's name has before its label
 * @param gpuVendor whose GPUs these are, or null when they are not cards
 * @param rails     the first whose label matches is what a channel is; one that matches none is not read
 * @param absent    what is missing, when no such chip is there
 */
public record HwmonPlatform(String name, Pattern chip, String labelFile, String model, String gpuVendor, List<Rail> rails,
                     String absent) {

    /**
     * What a label says of its channel.
     *
     * @param label a pattern; its group, if it has one, tells the sockets apart
     * @param level 0 contains 1 contains 2, within one socket of one card
     */
    record Rail(Pattern label, DeviceKind kind, int level) {

        Rail(String label, DeviceKind kind, int level) {
            this(Pattern.compile(label), kind, level);
        }

        /** The socket that a label names; empty when it names none. */
        String socket(String text) {
            Matcher matcher = label.matcher(text);
            return matcher.matches() && matcher.groupCount() > 0 ? matcher.group(1) : "";
        }
    }

    /** Intel's cards: the drivers i915 and xe count the energy of the card, and xe besides that of the GPU on it. */
    public static final HwmonPlatform INTEL_GPU = new HwmonPlatform("intel-gpu", Pattern.compile("i915|xe"),
            "energyN_label", "", "Intel", List.of(
                    new Rail("(?:card)?", DeviceKind.GPU, 0),
                    new Rail("pkg", DeviceKind.GPU, 1)),
            "no Intel card has an energy counter (a GPU inside the CPU has none of its own)");

    /**
     * NVIDIA's Jetson modules: TI's INA3221 on the rails that the board's maker has labelled. An input rail feeds all
     * others. AGX modules have none: there the others together are the module. AGX Xavier's VDDRQ has an input of its
     * own (design guide DG-09840, Power Monitor); AGX Orin's VDDQ_VDD2_1V8AO hangs on VIN_SYS_5V0.
     */
    public static final HwmonPlatform JETSON = new HwmonPlatform("jetson", Pattern.compile("ina3221"),
            "inN_label", "Jetson ", null, List.of(
                    new Rail("VDD_IN|POM_5V_IN", DeviceKind.MODULE, 0),
                    new Rail("VDDQ.*", DeviceKind.DRAM, 2),
                    new Rail("VDDRQ|.*_DDR", DeviceKind.DRAM, 1),
                    new Rail("(?:.*_)?CPU_GPU(?:_.*)?", DeviceKind.SYSTEM_ON_CHIP, 1),
                    new Rail("(?:.*_)?GPU(?:_.*)?", DeviceKind.GPU, 1),
                    new Rail("(?:.*_)?CPU(?:_.*)?", DeviceKind.CPU_PACKAGE, 1),
                    new Rail("(?!NC$|sum of shunt).+", DeviceKind.OTHER, 1)),
            "no INA3221 power monitor, as NVIDIA's Jetson modules have them");

    /** ACPI power meters: NVIDIA's Grace names what each measures; any other one measures the machine. */
    public static final HwmonPlatform ACPI = new HwmonPlatform("acpi", Pattern.compile("power_meter"),
            "powerN_oem_info", "", null, List.of(
                    new Rail("Module Power Socket (\\d+)", DeviceKind.MODULE, 0),
                    new Rail("Grace Power Socket (\\d+)", DeviceKind.CPU_PACKAGE, 1),
                    new Rail("CPU Power Socket (\\d+)", DeviceKind.CPU_CORES, 2),
                    new Rail("SysIO Power Socket (\\d+)", DeviceKind.CPU_UNCORE, 2),
                    new Rail("(?!.*Power Socket).*", DeviceKind.MACHINE, 0)),
            "no ACPI power meter");
}
