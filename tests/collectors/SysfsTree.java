package collectors;

import collectors.gpu.GpuPlatforms;
import collectors.host.OperatingSystem;
import collectors.registry.CollectorRegistry;
import collectors.registry.NullCollector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A machine's /sys, and its /proc below {@code proc}, from one text, {@code tests/fixtures/sysfs/<machine>/sys.txt}:
 * its paths have colons, which not every system can check out. A line is {@code path: content}, {@code path -> target}
 * for a link, {@code path !} for a file that nobody can read, {@code path -} for one that is emptied, or
 * {@code # comment}; a line {@code [+1.5 s]} begins what changes at that time.
 */
public final class SysfsTree {

    public static final Path MACHINES = Path.of("tests/fixtures/sysfs");

    private static final Pattern TIME = Pattern.compile("\\[\\+(\\d+(?:\\.\\d+)?) s]");
    private static final Pattern LINK = Pattern.compile("(\\S+) -> (\\S+)");
    private static final Pattern UNREADABLE = Pattern.compile("(\\S+) !");
    private static final Pattern EMPTIED = Pattern.compile("(\\S+) -");
    private static final Pattern FILE = Pattern.compile("(\\S+): (.*)");

    /** Collectors look ten times a second whether a device sleeps. */
    private static final long SLEEP_LOOK_MILLIS = 110;

    private final Path folder;
    private final Map<Double, List<String>> sections = new LinkedHashMap<>();

    /** Lays the machine out below a folder, as it is at first. */
    public SysfsTree(Path text, Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        List<String> section = new ArrayList<>();
        sections.put(0.0, section);
        for (String line : Files.readAllLines(text)) {
            Matcher time = TIME.matcher(line);
            if (time.matches()) {
                section = new ArrayList<>();
                sections.put(Double.parseDouble(time.group(1)), section);
            } else if (!line.isBlank() && !line.startsWith("#")) {
                section.add(line);
            }
        }
        apply(0.0);
    }

    /** Where a collector finds a machine of the fixtures, laid out below a folder as it is at first. */
    public static CollectorContext machine(String name, Path folder) throws IOException, InterruptedException {
        new SysfsTree(MACHINES.resolve(name).resolve("sys.txt"), folder);
        return context(folder);
    }

    /** Where a collector finds what is laid out below a folder. */
    public static CollectorContext context(Path folder) {
        return new CollectorContext(folder, folder.resolve("proc"), Map.of(), 1000, "all",
                CollectorContext.MacosPower.COMBINED);
    }

    /** The collectors that this tree, and not the machine that the tests run on, decides over. */
    public static CollectorRegistry registry() {
        return new CollectorRegistry().detect("amd", Set.of(OperatingSystem.LINUX), GpuPlatforms::openAmdFiles)
                .detectInSysfs()
                .detect(CollectorRegistry.NONE, EnumSet.allOf(OperatingSystem.class), context -> new NullCollector());
    }

    /** When something changes, in seconds; 0 first. */
    public List<Double> times() {
        return List.copyOf(sections.keySet());
    }

    /** Makes the files what they are from that time on; returns when collectors have to notice that a device sleeps. */
    public void apply(double time) throws IOException, InterruptedException {
        for (String line : sections.get(time)) {
            apply(line);
        }
        if (time > 0 && sections.get(time).stream().anyMatch(line -> line.contains("runtime_status"))) {
            Thread.sleep(SLEEP_LOOK_MILLIS);
        }
    }

    private void apply(String line) throws IOException {
        Matcher link = LINK.matcher(line);
        Matcher unreadable = UNREADABLE.matcher(line);
        Matcher emptied = EMPTIED.matcher(line);
        Matcher file = FILE.matcher(line);
        if (link.matches()) {
            Files.createSymbolicLink(path(link.group(1)), Path.of(link.group(2)));
        } else if (unreadable.matches()) {
            Files.createDirectory(path(unreadable.group(1))); // reading it fails, for root too
        } else if (emptied.matches()) {
            Files.writeString(path(emptied.group(1)), "");
        } else if (file.matches()) {
            Files.writeString(path(file.group(1)), file.group(2) + "\n");
        } else {
            throw new IllegalArgumentException("no such line: " + line);
        }
    }

    private Path path(String relative) throws IOException {
        Path path = folder.resolve(relative);
        Files.createDirectories(path.getParent());
        return path;
    }
}
