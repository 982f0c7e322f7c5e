package collectors.host;

import collectors.DeviceSample;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** A Linux host: os-release(5), proc(5) and /proc/cpuinfo. */
final class LinuxHost implements Host {

    private static final List<Path> OS_RELEASE = List.of(Path.of("/etc/os-release"), Path.of("/usr/lib/os-release"));

    /** ARM's cores name themselves by number: implementer and part as the kernel's asm/cputype.h lists them. */
    private static final Map<String, String> ARM_CORES = Map.of(
            "0x41/0xd0c", "ARM Neoverse-N1",
            "0x41/0xd40", "ARM Neoverse-V1",
            "0x41/0xd49", "ARM Neoverse-N2",
            "0x41/0xd4f", "ARM Neoverse-V2",
            "0x41/0xd42", "ARM Cortex-A78AE",
            "0x41/0xd08", "ARM Cortex-A72",
            "0x41/0xd0b", "ARM Cortex-A76",
            "0xc0/0xac3", "Ampere-1");

    private final Path procfs;
    private final MemInfo memInfo;

    LinuxHost(Path procfs) {
        this.procfs = procfs;
        this.memInfo = new MemInfo(procfs.resolve("meminfo"));
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
        return memInfo.usedMb();
    }

    @Override
    public double ownResidentMb() {
        return read(Path.of("/proc/self/status")).lines().map(line -> value(line, "VmRSS"))
                .filter(value -> value != null).findFirst()
                .map(value -> Long.parseLong(value.replace(" kB", "")) / 1024.0).orElse(DeviceSample.UNAVAILABLE);
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

    /** A file's text, or nothing: what describes the host is worth having in part. */
    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** Reads /proc/meminfo over and over through one open file and one buffer. */
    static final class MemInfo {

        private static final byte[] TOTAL = "MemTotal:".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] AVAILABLE = "MemAvailable:".getBytes(StandardCharsets.US_ASCII);

        private final Path file;
        /** Both lines are among the file's first three. */
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(512);
        private FileChannel channel;

        MemInfo(Path file) {
            this.file = file;
        }

        double usedMb() {
            try {
                if (channel == null) {
                    channel = FileChannel.open(file, StandardOpenOption.READ);
                }
                buffer.clear();
                channel.read(buffer, 0);
                buffer.flip();
                long total = kilobytes(buffer, TOTAL);
                long available = kilobytes(buffer, AVAILABLE);
                return total < 0 || available < 0 ? DeviceSample.UNAVAILABLE : (total - available) / 1024.0;
            } catch (IOException e) {
                channel = null;
                return DeviceSample.UNAVAILABLE;
            }
        }

        /** The number after a line's key, in kB as the file has it; -1 when the line is not there. */
        static long kilobytes(ByteBuffer text, byte[] key) {
            for (int at = 0; at + key.length < text.limit(); at = nextLine(text, at)) {
                if (startsWith(text, at, key)) {
                    return number(text, at + key.length);
                }
            }
            return -1;
        }

        private static boolean startsWith(ByteBuffer text, int at, byte[] key) {
            for (int i = 0; i < key.length; i++) {
                if (text.get(at + i) != key[i]) {
                    return false;
                }
            }
            return true;
        }

        private static long number(ByteBuffer text, int at) {
            int i = at;
            while (i < text.limit() && text.get(i) == ' ') {
                i++;
            }
            long number = -1;
            for (; i < text.limit() && text.get(i) >= '0' && text.get(i) <= '9'; i++) {
                number = Math.max(number, 0) * 10 + text.get(i) - '0';
            }
            return number;
        }

        private static int nextLine(ByteBuffer text, int at) {
            int i = at;
            while (i < text.limit() && text.get(i) != '\n') {
                i++;
            }
            return i + 1;
        }
    }
}
