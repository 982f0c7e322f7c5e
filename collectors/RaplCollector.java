package collectors;

import static collectors.DeviceSample.UNAVAILABLE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * CPUs and their memory, from the energy counters of RAPL that the kernel shows as powercap zones
 * (Documentation/power/powercap/powercap.rst), on AMD's CPUs under the same names as on Intel's.
 */
final class RaplCollector implements TelemetryCollector {

    private static final double MICROJOULES_PER_JOULE = 1e6;
    private static final Pattern ZONE = Pattern.compile("intel-rapl(-mmio)?:(\\d+)(:\\d+)?");
    private static final Pattern PACKAGE = Pattern.compile("package-(\\d+)(-die-\\d+)?");
    private static final String REMEDY = "it is root's alone until a udev rule gives it to a group: see README.md, "
            + "Trouble; or run the monitor as root";

    private final List<Zone> zones;
    private final List<DeviceSample> samples;

    /**
     * Opens every zone.
     *
     * @throws CollectorUnavailableException when there is none
     */
    static RaplCollector open(CollectorContext context) throws CollectorUnavailableException {
        Path folder = context.sysfs().resolve("class/powercap");
        List<Path> paths = zonePaths(folder);
        List<Zone> zones = new ArrayList<>();
        for (Path path : paths) {
            String name = SysfsFile.text(path.resolve("name"));
            if (name != null) {
                zones.add(new Zone(path, name, parentName(path)));
            }
        }
        if (zones.isEmpty()) {
            throw new CollectorUnavailableException(paths.isEmpty()
                    ? folder + " has no RAPL zone: virtual machines have none, and a kernel needs intel_rapl_msr"
                    : "the links in " + folder + " lead nowhere: mount sys/devices/virtual/powercap, too");
        }
        return new RaplCollector(withoutDoubles(zones));
    }

    private RaplCollector(List<Zone> zones) {
        this.zones = zones;
        this.samples = zones.stream().map(zone -> zone.sample).toList();
    }

    @Override
    public String platform() {
        return "rapl";
    }

    @Override
    public List<DeviceSample> collect() {
        for (int i = 0; i < zones.size(); i++) {
            zones.get(i).read();
        }
        return samples;
    }

    @Override
    public void close() {
        zones.forEach(Zone::close);
    }

    private static List<Path> zonePaths(Path folder) throws CollectorUnavailableException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(path -> ZONE.matcher(path.getFileName().toString()).matches()).sorted().toList();
        } catch (IOException e) {
            throw new CollectorUnavailableException(folder + " cannot be listed: " + e.getMessage());
        }
    }

    /** The name of the package that a subzone is a part of: its own path, without the last number, is that one's. */
    private static String parentName(Path path) {
        String zone = path.getFileName().toString();
        int colon = zone.lastIndexOf(':');
        return colon == zone.indexOf(':') ? null
                : SysfsFile.text(path.resolveSibling(zone.substring(0, colon)).resolve("name"));
    }

    /**
     * Leaves out what shows a counter once more: the second way to the same registers (intel-rapl-mmio), and the
     * dies of one package that share its counter, as AMD's do.
     */
    private static List<Zone> withoutDoubles(List<Zone> zones) {
        Set<String> names = new HashSet<>();
        zones.stream().filter(zone -> !zone.isMmio()).forEach(zone -> names.add(zone.fullName()));
        List<Zone> kept = new ArrayList<>();
        for (Zone zone : zones) {
            boolean again = zone.isMmio() && names.contains(zone.fullName())
                    || kept.stream().anyMatch(zone::mirrors);
            if (again) {
                zone.close();
            } else {
                kept.add(zone);
            }
        }
        return kept;
    }

    /** One powercap zone. */
    private static final class Zone {

        private final Path path;
        private final String name;
        private final String parent;
        private final DeviceSample sample;
        private final SysfsFile energyMicrojoules;
        private final SysfsFile enabled;
        /** What a disabled zone's counter stands at; it has stopped there until it is seen to move. */
        private long stoppedMicrojoules = SysfsFile.UNAVAILABLE;
        private boolean moves;

        Zone(Path path, String name, String parent) {
            this.path = path;
            this.name = name;
            this.parent = parent;
            energyMicrojoules = new SysfsFile(path.resolve("energy_uj"));
            enabled = new SysfsFile(path.resolve("enabled"));
            DeviceKind kind = kind(name);
            boolean added = kind == DeviceKind.CPU_PACKAGE || kind == DeviceKind.DRAM;
            sample = new DeviceSample(path.getFileName().toString(), kind, fullName(),
                    added ? Accounting.ADDED : Accounting.CONTAINED);
            try (SysfsFile range = new SysfsFile(path.resolve("max_energy_range_uj"))) {
                sample.energyCounterRangeJoules = range.read(MICROJOULES_PER_JOULE);
            }
            moves = enabled.read() != 0;
        }

        private static DeviceKind kind(String name) {
            return switch (name) {
                case "dram" -> DeviceKind.DRAM;
                case "core" -> DeviceKind.CPU_CORES;
                case "uncore" -> DeviceKind.CPU_UNCORE;
                case "psys" -> DeviceKind.MACHINE;
                default -> PACKAGE.matcher(name).matches() ? DeviceKind.CPU_PACKAGE : DeviceKind.OTHER;
            };
        }

        String fullName() {
            return parent == null ? name : parent + " " + name;
        }

        boolean isMmio() {
            return path.getFileName().toString().startsWith("intel-rapl-mmio");
        }

        /** Whether this is another die of that package with the same counter: read in between, it is in between. */
        boolean mirrors(Zone other) {
            Matcher mine = PACKAGE.matcher(name);
            Matcher others = PACKAGE.matcher(other.name);
            if (!mine.matches() || !others.matches() || parent != null || mine.group(2) == null
                    || !mine.group(1).equals(others.group(1))) {
                return false;
            }
            long before = other.energyMicrojoules.read();
            long between = energyMicrojoules.read();
            long after = other.energyMicrojoules.read();
            return before != SysfsFile.UNAVAILABLE && before <= between && between <= after;
        }

        void read() {
            long microjoules = energyMicrojoules.read();
            sample.energyCounterJoules = UNAVAILABLE;
            sample.problem = null;
            if (microjoules == SysfsFile.UNAVAILABLE) {
                sample.problem = energyMicrojoules.problem()
                        + (energyMicrojoules.isUnreadable() ? ": " + REMEDY : "");
            } else if (moves || seenToMove(microjoules)) {
                sample.energyCounterJoules = microjoules / MICROJOULES_PER_JOULE;
            } else {
                sample.problem = "the zone is disabled and its counter stands still: write 1 to "
                        + enabled.path() + " as root";
            }
        }

        private boolean seenToMove(long microjoules) {
            if (stoppedMicrojoules == SysfsFile.UNAVAILABLE) {
                stoppedMicrojoules = microjoules;
            }
            moves = microjoules != stoppedMicrojoules;
            return moves;
        }

        void close() {
            energyMicrojoules.close();
            enabled.close();
        }
    }
}
