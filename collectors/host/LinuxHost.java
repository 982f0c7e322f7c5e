package collectors.host;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.DeviceSample;
import collectors.Units;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A Linux host, as os-release(5) and proc(5) describe it. */
final class LinuxHost implements Host {

    private static final List<Path> OS_RELEASE = List.of(Path.of("/etc/os-release"), Path.of("/usr/lib/os-release"));

    /** ARM's cores name themselves by number: implementer and part as the kernel's asm/cputype.h lists them. */
    private static final Map<String, String> ARM_CORES = Map.ofEntries(
            Map.entry("0x41/0xd07", "ARM Cortex-A57"),
            Map.entry("0x41/0xd08", "ARM Cortex-A72"),
            Map.entry("0x41/0xd0b", "ARM Cortex-A76"),
            Map.entry("0x41/0xd0c", "ARM Neoverse-N1"),
            Map.entry("0x41/0xd40", "ARM Neoverse-V1"),
            Map.entry("0x41/0xd42", "ARM Cortex-A78AE"),
            Map.entry("0x41/0xd49", "ARM Neoverse-N2"),
            Map.entry("0x41/0xd4f", "ARM Neoverse-V2"),
            Map.entry("0x41/0xd83", "ARM Neoverse-V3AE"),
            Map.entry("0x41/0xd84", "ARM Neoverse-V3"),
            Map.entry("0x41/0xd85", "ARM Cortex-X925"),
            Map.entry("0x41/0xd87", "ARM Cortex-A725"),
            Map.entry("0x4e/0x004", "NVIDIA Carmel"),
            Map.entry("0x4e/0x010", "NVIDIA Olympus"),
            Map.entry("0xc0/0xac3", "Ampere-1"),
            Map.entry("0xc0/0xac4", "Ampere-1A"));

    private final Path procfs;
    private final HostMemory memory;

    LinuxHost(Path procfs) {
        this.procfs = procfs;
        memory = new HostMemory(procfs.resolve("meminfo"));
    }

    @Override
    public HostInfo info() {
        String osRelease = OS_RELEASE.stream().map(LinuxHost::read).filter(text -> !text.isEmpty()).findFirst()
                .orElse("");
        String cpuInfo = read(procfs.resolve("cpuinfo"));
        int processors = (int) cpuInfo.lines().filter(line -> value(line, "processor") != null).count();
        return new HostInfo(
                osReleaseValue(osRelease, "NAME", "Linux"),
                osReleaseValue(osRelease, "VERSION_ID", ""),
                read(procfs.resolve("sys/kernel/osrelease")).strip(),
                read(procfs.resolve("sys/kernel/hostname")).strip(),
                processors > 0 ? processors : Runtime.getRuntime().availableProcessors(),
                cpuBrand(cpuInfo));
    }

    @Override
    public double memoryUsedMb() {
        return memory.usedMib();
    }

    @Override
    public double ownResidentMb() {
        return mebibytes(read(Path.of("/proc/self/status")), "VmRSS");
    }

    /** MiB of a line {@code key: <number> kB}, as proc(5) has them, or {@link DeviceSample#UNAVAILABLE}. */
    static double mebibytes(String text, String key) {
        String value = first(text, key);
        return value != null && value.matches("\\d{1,15} kB")
                ? Long.parseLong(value.substring(0, value.length() - 3)) / Units.KIB_PER_MIB : UNAVAILABLE;
    }

    /** The value of a line {@code KEY=VALUE} or {@code KEY="VALUE"}. */
    static String osReleaseValue(String text, String key, String otherwise) {
        return text.lines().filter(line -> line.startsWith(key + "=")).findFirst()
                .map(line -> line.substring(key.length() + 1).strip().replaceAll("^[\"']|[\"']$", ""))
                .orElse(otherwise);
    }

    /** x86 and s390 name the model; ARM numbers its cores, or the board names itself. */
    static String cpuBrand(String cpuInfo) {
        for (String key : List.of("model name", "Processor", "Hardware", "cpu model", "cpu")) {
            String brand = first(cpuInfo, key);
            if (brand != null && !brand.isEmpty()) {
                return brand;
            }
        }
        String core = first(cpuInfo, "CPU implementer") + "/" + first(cpuInfo, "CPU part");
        return ARM_CORES.getOrDefault(core, core.contains("null") ? "" : "ARM " + core);
    }

    private static String first(String cpuInfo, String key) {
        return cpuInfo.lines().map(line -> value(line, key)).filter(value -> value != null).findFirst().orElse(null);
    }

    /** The value of a line {@code key<tabs>: value}, or null when the line has another key. */
    private static String value(String line, String key) {
        int colon = line.indexOf(':');
        return colon > 0 && line.substring(0, colon).strip().equals(key) ? line.substring(colon + 1).strip() : null;
    }

    /** A file's text, or an empty one: half a description of the host is better than none. */
    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
