package collectors.linux;

import collectors.DeviceKind;
import collectors.Units;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The platforms that {@link HwmonCollector} reads: which chips, which of their channels, and what each measures.
 *
 * @param name     the platform's
 * @param families the chips it consists of
 * @param naming   what its devices are called
 * @param prefix   what a device's name has before its label
 * @param rails    the first whose label matches is what a channel is; one that matches none is not read
 * @param absent   what is missing, when no such chip is there
 */
public record HwmonPlatform(String name, List<Family> families, Naming naming, String prefix, List<HwmonRail> rails,
                            String absent) {

    /** How the devices of a platform are called and told apart. */
    enum Naming {
        /** By the label of the channel. */
        LABEL,
        /** By the label, and a socket for each chip, in the order in which the kernel numbers them. */
        CHIP_PER_SOCKET,
        /** By the model of a PCI card. */
        CARD
    }

    /**
     * Chips of one kind: where they are and how their files are called. N stands for the channel's number.
     *
     * @param folder       below /sys
     * @param chip         the chip's name
     * @param firstChannel the lowest number of a channel
     * @param labelFile    the file with the channel's label
     * @param defaultLabel the label of a channel without one
     * @param powerFile    the file with the power that is drawn now
     * @param powerDivisor what its number is divided by to get watts
     */
    record Family(String folder, Pattern chip, int firstChannel, String labelFile, String defaultLabel,
                  String powerFile, double powerDivisor) {

        /** Chips of the hwmon class (Documentation/hwmon/sysfs-interface.rst). */
        static Family hwmon(String chip, String labelFile, String defaultLabel) {
            return new Family("class/hwmon", Pattern.compile(chip), 1, labelFile, defaultLabel, "powerN_input",
                    Units.MICROS_PER_UNIT);
        }
    }

    /** Intel's cards: the drivers i915 and xe count the energy of the card, and xe also that of the GPU on it. */
    public static final HwmonPlatform INTEL_GPU = new HwmonPlatform("intel-gpu",
            List.of(Family.hwmon("i915|xe", "energyN_label", "")), Naming.CARD, "", List.of(
                    new HwmonRail("(?:card)?", DeviceKind.GPU, 0),
                    new HwmonRail("pkg", DeviceKind.GPU, 1)),
            "no Intel card has an energy counter (a GPU inside the CPU has none of its own)");

    /**
     * NVIDIA's Jetson and IGX modules: TI's INA3221 on the rails that the board's maker has labelled. An input rail
     * feeds all others; AGX modules have none, and there the others together are the module. AGX Xavier's VDDRQ has an
     * input of its own (design guide DG-09840, Power Monitor), AGX Orin's VDDQ_VDD2_1V8AO hangs on VIN_SYS_5V0. IGX
     * Orin's carrier has three rails CVB_ATX, which feed the module and more. Thor's carrier has an INA238 at its
     * input. JetPack 4 shows the INA3221 by the IIO class, in mW.
     */
    static final HwmonPlatform JETSON = new HwmonPlatform("jetson",
            List.of(Family.hwmon("ina3221", "inN_label", ""), Family.hwmon("ina238", "powerN_label", "VIN"),
                    new Family("bus/iio/devices", Pattern.compile("ina3221x?"), 0, "rail_name_N", "",
                            "in_powerN_input", Units.MILLIS_PER_UNIT)),
            Naming.LABEL, "Jetson ", List.of(
                    new HwmonRail("VIN", DeviceKind.MACHINE, 0),
                    new HwmonRail("VDD_IN|POM_5V_IN", DeviceKind.MODULE, 0),
                    new HwmonRail("CVB_.*", DeviceKind.OTHER, HwmonRail.APART),
                    new HwmonRail("VDDQ.*", DeviceKind.DRAM, 2),
                    new HwmonRail("VDDRQ|.*_DDR", DeviceKind.DRAM, 1),
                    new HwmonRail("(?:.*_)?CPU_GPU(?:_.*)?", DeviceKind.SYSTEM_ON_CHIP, 1),
                    new HwmonRail("VDD_CPU_SOC_MSS", DeviceKind.OTHER, 1),
                    new HwmonRail("(?:.*_)?GPU(?:_.*)?", DeviceKind.GPU, 1),
                    new HwmonRail("(?:.*_)?CPU(?:_.*)?", DeviceKind.CPU_PACKAGE, 1),
                    new HwmonRail("(?!NC$|sum of shunt).+", DeviceKind.OTHER, 1)),
            "no INA3221 power monitor, as NVIDIA's Jetson modules have them");

    /**
     * ACPI power meters. NVIDIA's Grace and Vera say which socket and what of it each measures (Grace Performance
     * Tuning Guide, Power Telemetry); some of Vera's count microjoules or throttling, which are no watts. A meter
     * without a label, or with that of Intel's Node Manager, measures the machine; what any other measures is unknown.
     */
    public static final HwmonPlatform ACPI = new HwmonPlatform("acpi",
            List.of(Family.hwmon("power_meter", "powerN_oem_info", "")), Naming.LABEL, "", List.of(
                    new HwmonRail("Module Power Socket (\\d{1,3})", DeviceKind.MODULE, 0),
                    new HwmonRail("(?:Grace Power|Total (?:Input )?Power(?: in uW)?) [Ss]ocket (\\d{1,3})",
                            DeviceKind.CPU_PACKAGE, 1),
                    new HwmonRail("CPU (?:Rail )?(?:Input )?Power(?: in uW)? [Ss]ocket (\\d{1,3})",
                            DeviceKind.CPU_CORES, 2),
                    new HwmonRail("(?:SysIO|S[Oo]C Rail) (?:Input )?Power(?: in uW)? [Ss]ocket (\\d{1,3})",
                            DeviceKind.CPU_UNCORE, 2),
                    new HwmonRail("DRAM (?:Input )?Power(?: in uW)? [Ss]ocket (\\d{1,3})", DeviceKind.DRAM, 2),
                    new HwmonRail("(?:Meter measures total domain)?", DeviceKind.MACHINE, 0)),
            "no ACPI power meter whose label says what it measures");

    /** AMD's EPYC and Instinct MI300A by the Host System Management Port: a socket each (amd_hsmp.rst). */
    public static final HwmonPlatform AMD_HSMP = new HwmonPlatform("amd-hsmp",
            List.of(Family.hwmon("amd_hsmp_hwmon", "powerN_label", "")), Naming.CHIP_PER_SOCKET, "AMD CPU", List.of(
                    new HwmonRail(".*", DeviceKind.CPU_PACKAGE, 0)),
            "no AMD CPU shows its power by the driver amd_hsmp");

    /** Ampere's Altra, and X-Gene before it: cores and I/O, side by side (xgene-hwmon.rst). */
    public static final HwmonPlatform AMPERE = new HwmonPlatform("ampere",
            List.of(Family.hwmon("apm_xgene|xgene_hwmon|altra_hwmon", "powerN_label", "")), Naming.CHIP_PER_SOCKET,
            "Ampere ", List.of(
                    new HwmonRail("(?i)CPU power", DeviceKind.CPU_CORES, 0),
                    new HwmonRail("(?i)IO power", DeviceKind.CPU_UNCORE, 0)),
            "no Ampere CPU shows its power by hwmon");
}
