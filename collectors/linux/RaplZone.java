package collectors.linux;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.Accounting;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.Units;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One powercap zone: the energy counter of a package, or of a part of it. */
final class RaplZone implements AutoCloseable {

    static final String MOUNT = "mount sys/devices/virtual/powercap as well";

    /** Intel updates its counters about every millisecond (Software Developer's Manual, volume 3, Platform RAPL). */
    private static final double STEP_SECONDS = 0.001;
    private static final Pattern PACKAGE = Pattern.compile("package-(\\d+)(-die-\\d+)?");
    private static final String ONLY_ROOT = "only root may read it. Give it to a group with the udev rule in "
            + "docs/trouble.md, or run the monitor as root";
    private static final String STANDS_STILL = "the zone is disabled and its counter stands still";
    /** Two views of one counter may be read a millisecond or two apart, at some hundred watts. */
    private static final long MAX_LAG_MICROJOULES = 500_000;

    private final Path path;
    /** As the kernel calls it; null when the zone's link leads nowhere. */
    private final String name;
    /** The name of the zone that this one is a part of; null for a package. */
    private final String parent;
    private final String fullName;
    private final DeviceSample sample;
    private final SysfsFile energyMicrojoules;
    private final long rangeMicrojoules;
    /** Where the counter of a disabled zone stands. It is taken for stopped until it moves. */
    private long stoppedMicrojoules = SysfsFile.UNAVAILABLE;
    private boolean moves;
    /** The same zones of other dies of this package that may have the same counter. */
    private final List<RaplZone> possibleOriginals = new ArrayList<>();
    /** The zone whose counter this one duplicates, or null. */
    private RaplZone original;

    /** @param amd whether the CPU is AMD's, where the zone {@code core} counts one core instead of all */
    RaplZone(Path path, boolean amd) {
        this.path = path;
        name = SysfsFile.text(path.resolve("name"));
        parent = parentName(path);
        String last = name == null ? fileName() : name;
        DeviceKind kind = kind(last, amd);
        String shown = kind == DeviceKind.CPU_CORE ? "one core" : last;
        fullName = parent == null ? shown : parent + " " + shown;
        sample = new DeviceSample(fileName(), kind, fullName, switch (kind) {
            case CPU_PACKAGE, DRAM -> Accounting.ADDED;
            case MACHINE -> Accounting.BESIDE;
            default -> Accounting.CONTAINED;
        });
        Matcher matcher = packageMatcher();
        sample.socket = matcher.matches() ? Integer.parseInt(matcher.group(1)) : DeviceSample.UNKNOWN_SOCKET;
        sample.containedIn = parent == null || kind == DeviceKind.DRAM ? "" : parentZone(fileName());
        sample.energyCounterStepSeconds = STEP_SECONDS;
        energyMicrojoules = new SysfsFile(path.resolve("energy_uj"));
        try (SysfsFile range = new SysfsFile(path.resolve("max_energy_range_uj"))) {
            long microjoules = range.read();
            rangeMicrojoules = microjoules > 0 ? microjoules : Long.MAX_VALUE;
            sample.energyCounterRangeJoules = microjoules > 0 ? microjoules / Units.MICROS_PER_UNIT : UNAVAILABLE;
        }
        moves = !"0".equals(SysfsFile.text(path.resolve("enabled")));
    }

    DeviceSample sample() {
        return sample;
    }

    String fullName() {
        return fullName;
    }

    /** Whether the folder that the zone's link leads to is there. */
    boolean exists() {
        return Files.exists(path);
    }

    /** Whether it is the second view of a package's counters, through memory-mapped registers. */
    boolean isMmio() {
        return fileName().startsWith("intel-rapl-mmio");
    }

    boolean isUnreadable() {
        return energyMicrojoules.isUnreadable();
    }

    boolean isDuplicate() {
        return original != null;
    }

    /** Whether the zone is disabled, and its counter can be read and was not seen to move yet. */
    boolean mayStillMove() {
        long microjoules = moves ? SysfsFile.UNAVAILABLE : energyMicrojoules.read();
        return microjoules != SysfsFile.UNAVAILABLE && !seenToMove(microjoules);
    }

    /** Compares this zone's counter with those of the same zones on other dies, which it may duplicate. */
    void compareWith(List<RaplZone> zones) {
        zones.stream().filter(this::isOtherDieOf).forEach(possibleOriginals::add);
        compare();
    }

    /** Refills the sample. */
    void read() {
        if (!possibleOriginals.isEmpty()) {
            compare();
        }
        sample.clear();
        sample.askedNanos = System.nanoTime();
        long microjoules = energyMicrojoules.read();
        sample.answeredNanos = System.nanoTime();
        sample.problem = problem(microjoules);
        if (sample.problem == null) {
            sample.energyCounterJoules = microjoules / Units.MICROS_PER_UNIT;
        }
    }

    @Override
    public void close() {
        energyMicrojoules.close();
    }

    private String problem(long microjoules) {
        if (microjoules == SysfsFile.UNAVAILABLE) {
            return name == null ? "its link " + path + " leads nowhere: " + MOUNT
                    : energyMicrojoules.problem() + (energyMicrojoules.isUnreadable() ? ": " + ONLY_ROOT : "");
        }
        if (original != null) {
            return "duplicates the counter of " + original.fullName;
        }
        if (!possibleOriginals.isEmpty()) {
            return "not yet known whether it duplicates the counter of " + possibleOriginals.get(0).fullName;
        }
        return moves || seenToMove(microjoules) ? null : STANDS_STILL;
    }

    /** Whether both are the same part of one package, on two of its dies. */
    private boolean isOtherDieOf(RaplZone other) {
        Matcher mine = packageMatcher();
        Matcher theirs = other.packageMatcher();
        return name != null && isMmio() == other.isMmio()
                && (parent == null ? other.parent == null : other.parent != null && name.equals(other.name))
                && mine.matches() && theirs.matches() && mine.group(1).equals(theirs.group(1))
                && mine.group(2) != null && !mine.group(2).equals(theirs.group(2));
    }

    /** Decides about each possible original as soon as both counters can be read. */
    private void compare() {
        for (int i = possibleOriginals.size() - 1; i >= 0 && original == null; i--) {
            RaplZone other = possibleOriginals.get(i);
            long before = other.energyMicrojoules.read();
            long between = energyMicrojoules.read();
            long after = other.energyMicrojoules.read();
            if (before == SysfsFile.UNAVAILABLE || between == SysfsFile.UNAVAILABLE || after < before
                    || before == 0 && between == 0) {
                continue; // decides nothing
            }
            long ahead = Math.floorMod(between - before, rangeMicrojoules);
            if (ahead <= after - before + MAX_LAG_MICROJOULES || ahead >= rangeMicrojoules - MAX_LAG_MICROJOULES) {
                original = other;
                sample.accounting = Accounting.CONTAINED;
                sample.containedIn = other.sample.id;
            } else {
                possibleOriginals.remove(i);
            }
        }
    }

    private boolean seenToMove(long microjoules) {
        if (stoppedMicrojoules == SysfsFile.UNAVAILABLE) {
            stoppedMicrojoules = microjoules;
        }
        moves = microjoules != stoppedMicrojoules;
        return moves;
    }

    private static DeviceKind kind(String name, boolean amd) {
        return switch (name) {
            case "dram" -> DeviceKind.DRAM;
            case "core" -> amd ? DeviceKind.CPU_CORE : DeviceKind.CPU_CORES;
            case "uncore" -> DeviceKind.CPU_UNCORE;
            case "psys" -> DeviceKind.MACHINE;
            default -> PACKAGE.matcher(name).matches() ? DeviceKind.CPU_PACKAGE : DeviceKind.OTHER;
        };
    }

    private Matcher packageMatcher() {
        return PACKAGE.matcher(parent == null ? fullName : parent);
    }

    private String fileName() {
        return path.getFileName().toString();
    }

    /** A subzone's folder is named after its package's, with a number behind it. */
    private static String parentName(Path path) {
        String zone = path.getFileName().toString();
        return zone.indexOf(':') == zone.lastIndexOf(':') ? null
                : SysfsFile.text(path.resolveSibling(parentZone(zone)).resolve("name"));
    }

    private static String parentZone(String zone) {
        return zone.substring(0, zone.lastIndexOf(':'));
    }
}
