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
        return java(Archive.OPTIONS, arguments);
    }

    private static List<String> java(List<String> options, String... arguments) {
        List<String> start = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        start.addAll(options);
        start.addAll(List.of("-cp", System.getProperty("java.class.path"), "EnergyMonitor"));
        return command(start, arguments);
    }

    /** The classes of a start, archived once for all tests by the command that users have for it: a fifth less CPU. */
    private static final class Archive {

        static final List<String> OPTIONS = make();

        private static List<String> make() {
            if (!System.getProperty("java.class.path").matches("([^:]+\\.jar:?)+")) {
                return List.of(); // Java archives what comes from jars alone
            }
            try {
                Path folder = Files.createTempDirectory("archived-classes");
                Path archive = folder.resolve("monitor.jsa");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    archive.toFile().delete();
                    archive.resolveSibling("monitor.aot").toFile().delete();
                    folder.toFile().delete();
                }, "delete-archived-classes"));
                try (Program prepare = Program.start(ROOT, Map.of(), java(
                        List.of("-Denergy-monitor.archive=" + folder.resolve("monitor")), "prepare"))) {
                    if (prepare.exitCode() != 0) {
                        throw new IllegalStateException(prepare.toString());
                    }
                }
                // A newer Java makes an archive of another kind, which these tests do without.
                return Files.exists(archive) ? List.of("-Xlog:disable", "-XX:SharedArchiveFile=" + archive) : List.of();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
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
