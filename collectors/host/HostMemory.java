package collectors.host;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The machine's memory from /proc/meminfo, for GPUs that have none of their own. */
public final class HostMemory {

    private final Path meminfo;

    public HostMemory(Path meminfo) {
        this.meminfo = meminfo;
    }

    /** MiB; unavailable when unknown. */
    public double totalMib() {
        return mib(lines(), "MemTotal:");
    }

    /** MiB without what could be freed; unavailable when unknown. */
    public double usedMib() {
        List<String> lines = lines();
        double total = mib(lines, "MemTotal:");
        double free = mib(lines, "MemAvailable:");
        return total < 0 || free < 0 ? UNAVAILABLE : total - free;
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(meminfo);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static double mib(List<String> lines, String key) {
        return lines.stream().filter(line -> line.matches(key + " +\\d+ kB")).findFirst()
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / Units.KIB_PER_MIB).orElse(UNAVAILABLE);
    }
}
