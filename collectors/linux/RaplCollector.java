package collectors.linux;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.Accounting;
import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * CPUs and their memory, from the energy counters of RAPL that the kernel shows as powercap zones
 * (Documentation/power/powercap/powercap.rst), on AMD's CPUs under the same names as on Intel's.
 */
public final class RaplCollector implements TelemetryCollector {

    private static final double MICROJOULES_PER_JOULE = 1e6;
    private static final Pattern ZONE = Pattern.compile("intel-rapl(-mmio)?:(\\d+)(:\\d+)?");
    private static final Pattern PACKAGE = Pattern.compile("package-(\\d+)(-die-\\d+)?");
    private static final String REMEDY = "it is root's alone until a udev rule gives it to a group: see README.md, "
            + "Trouble; or run the monitor as root";
    private static final String MOUNT = "mount sys/devices/virtual/powercap, too";
    /** Copies of one counter may be a millisecond or two apart, at some hundred watts. */
    private static final long MOST_LAG_MICROJOULES = 500_000;
    /** Counters change every millisecond or so. */
    private static final int MOST_WAIT_MILLIS = 50;
    private static final String STANDS_STILL = "the zone is disabled and its counter stands still";

    private final Path folder;
    private final List<Zone> zones;
    private final List<DeviceSample> samples;

    /**
     * Opens every zone.
     *
     * @throws CollectorUnavailableException when there is none
     */
    public static RaplCollector open(CollectorContext context) throws CollectorUnavailableException {
        Path folder = context.sysfs().resolve("class/powercap");
        List<Path> paths = zonePaths(folder);
        List<Zone> zones = new ArrayList<>();
        for (Path path : paths) {
            zones.add(new Zone(path, SysfsFile.text(path.resolve("name")), parentName(path)));
        }
        if (zones.isEmpty()) {
            throw new CollectorUnavailableException(
                    folder + " has no RAPL zone: virtual machines have none, and a kernel needs intel_rapl_msr");
        }
        if (zones.stream().noneMatch(zone -> Files.exists(zone.path))) {
            throw new CollectorUnavailableException("the links in " + folder + " lead nowhere: " + MOUNT);
        }
        RaplCollector collector = new RaplCollector(folder, withoutDoubles(zones));
        try {
            collector.awaitMoves();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // whoever stands still so far is taken for stopped
        }
        return collector;
    }

    private RaplCollector(Path folder, List<Zone> zones) {
        this.folder = folder;
        this.zones = zones;
        this.samples = zones.stream().map(zone -> zone.sample).toList();
    }

    /**
     * Waits for the counters of zones that say that they are disabled. That word is about a limit of power: it is 0
     * wherever there is none that may be set, as on AMD, and the counters run all the same (intel_rapl_common.c).
     */
    private void awaitMoves() throws InterruptedException {
        for (int waited = 0; waited < MOST_WAIT_MILLIS; waited++) {
            boolean anyMayMove = false;
            for (Zone zone : zones) {
                anyMayMove |= zone.mayStillMove();
            }
            if (!anyMayMove) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    @Override
    public String platform() {
        return "rapl";
    }

    @Override
    public String source() {
        return folder.toString();
    }

    /** Gives the counters to the user's own group, until the machine starts again. */
    @Override
    public String remedy() {
        String files = folder + "/intel-rapl*/energy_uj";
        return zones.stream().noneMatch(zone -> zone.energyMicrojoules.isUnreadable()) ? ""
                : "sudo chgrp $(id -g) " + files + " && sudo chmod g+r " + files;
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
        zones.stream().filter(zone -> !zone.isMmio()).forEach(zone -> names.add(zone.fullName));
        List<Zone> kept = new ArrayList<>();
        for (Zone zone : zones) {
            kept.stream().filter(zone::isOtherDieOf).forEach(zone.others::add);
            zone.compare();
            if (zone.isMmio() && names.contains(zone.fullName) || zone.original != null) {
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
        /** As the kernel calls it; null when its link leads nowhere. */
        private final String name;
        private final String parent;
        private final String fullName;
        private final DeviceSample sample;
        private final SysfsFile energyMicrojoules;
        private final long rangeMicrojoules;
        /** A problem that stays for long, worded once. */
        private final String leadsNowhere;
        /** What a disabled zone's counter stands at; it has stopped there until it is seen to move. */
        private long stoppedMicrojoules = SysfsFile.UNAVAILABLE;
        private boolean moves;
        /** The same on other dies of the package, not yet known to have counters of their own. */
        private final List<Zone> others = new ArrayList<>();
        /** Whose counter this zone shows once more, or null. */
        private Zone original;

        Zone(Path path, String name, String parent) {
            this.path = path;
            this.name = name;
            this.parent = parent;
            String last = name == null ? path.getFileName().toString() : name;
            fullName = parent == null ? last : parent + " " + last;
            energyMicrojoules = new SysfsFile(path.resolve("energy_uj"));
            leadsNowhere = "its link " + path + " leads nowhere: " + MOUNT;
            DeviceKind kind = kind(last);
            boolean added = kind == DeviceKind.CPU_PACKAGE || kind == DeviceKind.DRAM;
            sample = new DeviceSample(path.getFileName().toString(), kind, fullName,
                    added ? Accounting.ADDED : Accounting.CONTAINED);
            try (SysfsFile range = new SysfsFile(path.resolve("max_energy_range_uj"))) {
                long microjoules = range.read();
                rangeMicrojoules = microjoules > 0 ? microjoules : Long.MAX_VALUE;
                sample.energyCounterRangeJoules = microjoules > 0 ? microjoules / MICROJOULES_PER_JOULE : UNAVAILABLE;
            }
            moves = !"0".equals(SysfsFile.text(path.resolve("enabled")));
        }

        /** Whether the counter can be read and was not seen to move yet. */
        boolean mayStillMove() {
            long microjoules = moves ? SysfsFile.UNAVAILABLE : energyMicrojoules.read();
            return microjoules != SysfsFile.UNAVAILABLE && !seenToMove(microjoules);
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

        boolean isMmio() {
            return path.getFileName().toString().startsWith("intel-rapl-mmio");
        }

        /** Whether both are the same part of one package, on two of its dies. */
        boolean isOtherDieOf(Zone other) {
            Matcher mine = PACKAGE.matcher(parent == null ? fullName : parent);
            Matcher others = PACKAGE.matcher(other.parent == null ? other.fullName : other.parent);
            return name != null && isMmio() == other.isMmio()
                    && (parent == null ? other.parent == null : other.parent != null && name.equals(other.name))
                    && mine.matches() && others.matches() && mine.group(1).equals(others.group(1))
                    && mine.group(2) != null && !mine.group(2).equals(others.group(2));
        }

        /** Compares the counter with those of other dies that it may show once more, as soon as both can be read. */
        void compare() {
            for (int i = others.size() - 1; i >= 0 && original == null; i--) {
                Zone other = others.get(i);
                long before = other.energyMicrojoules.read();
                long between = energyMicrojoules.read();
                long after = other.energyMicrojoules.read();
                if (before == SysfsFile.UNAVAILABLE || between == SysfsFile.UNAVAILABLE || after < before
                        || before == 0 && between == 0) {
                    continue; // tells nothing
                }
                long ahead = Math.floorMod(between - before, rangeMicrojoules);
                if (ahead <= after - before + MOST_LAG_MICROJOULES
                        || ahead >= rangeMicrojoules - MOST_LAG_MICROJOULES) {
                    original = other;
                } else {
                    others.remove(i);
                }
            }
        }

        void read() {
            if (!others.isEmpty()) {
                compare();
            }
            long microjoules = energyMicrojoules.read();
            sample.energyCounterJoules = UNAVAILABLE;
            sample.problem = null;
            if (microjoules == SysfsFile.UNAVAILABLE) {
                sample.problem = name == null ? leadsNowhere
                        : energyMicrojoules.isUnreadable() ? energyMicrojoules.problem() + ": " + REMEDY
                        : energyMicrojoules.problem();
            } else if (original != null) {
                sample.problem = "shows the counter of " + original.fullName + " once more";
            } else if (!others.isEmpty()) {
                sample.problem = "not yet known to differ from " + others.get(0).fullName
                        + ", whose counter it may show once more";
            } else if (moves || seenToMove(microjoules)) {
                sample.energyCounterJoules = microjoules / MICROJOULES_PER_JOULE;
            } else {
                sample.problem = STANDS_STILL;
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
        }
    }
}
