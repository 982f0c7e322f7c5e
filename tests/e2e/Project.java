package e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The project's folder, from which the tests were started, and the ways to start the monitor from it. */
public final class Project {

    public static final Path ROOT = find();
    public static final Path FIXTURES = ROOT.resolve("tests/fixtures");
    public static final Path JBANGW = ROOT.resolve("jbangw");
    public static final Path SCRIPT = ROOT.resolve("EnergyMonitor.java");

    private Project() {
    }

    /** {@code ./jbangw EnergyMonitor.java ARGUMENTS}. */
    static List<String> jbangw(String... arguments) throws IOException, InterruptedException {
        JbangCache.build();
        return command(List.of(JBANGW.toString(), SCRIPT.toString()), arguments);
    }

    /** The monitor as JBang has built it for this test run, on plain Java: the quickest start. */
    public static List<String> java(String... arguments) {
        return java(ClassArchive.OPTIONS, arguments);
    }

    static List<String> java(List<String> options, String... arguments) {
        List<String> start = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        start.addAll(options);
        start.addAll(List.of("-cp", System.getProperty("java.class.path"), "EnergyMonitor"));
        return command(start, arguments);
    }

    static Program startJava(String... arguments) throws IOException {
        return Program.start(ROOT, Map.of(), java(arguments));
    }

    /** Copies the project but for hidden files, so that a test can change it. */
    static Path copyTo(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(Files::isRegularFile).map(ROOT::relativize).toList()) {
                if (!file.toString().startsWith(".")) {
                    Path copy = folder.resolve(file);
                    Files.createDirectories(copy.getParent());
                    Files.copy(ROOT.resolve(file), copy);
                }
            }
        }
        return folder;
    }

    private static List<String> command(List<String> start, String... arguments) {
        List<String> command = new ArrayList<>(start);
        command.addAll(List.of(arguments));
        return command;
    }

    private static Path find() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("EnergyMonitor.java"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("start the tests from the project's folder");
            }
        }
        return folder;
    }
}
