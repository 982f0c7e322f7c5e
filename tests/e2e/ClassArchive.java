package e2e;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The classes that the monitor and its commands load, archived once for all tests, in which hundreds start: a third less
 * CPU for each. The archive that users make is of the server's classes alone.
 */
final class ClassArchive {

    /** What makes Java use it; nothing where Java could make none. */
    static final List<String> OPTIONS = make();

    private ClassArchive() {
    }

    private static List<String> make() {
        if (!System.getProperty("java.class.path").matches("([^:]+\\.jar:?)+")) {
            return List.of(); // Java archives what comes from jars alone
        }
        try {
            Path folder = Files.createTempDirectory("archived-classes");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "delete-archived-classes"));
            note(folder);
            Set<String> classes = new LinkedHashSet<>();
            for (Path list : lists(folder)) {
                classes.addAll(Files.readAllLines(list));
            }
            Path all = Files.write(folder.resolve("classes"), classes);
            Path archive = folder.resolve("monitor.jsa");
            // The objects among the classes can be written by G1 alone, and read by all.
            try (Program dump = Program.start(folder, Map.of(), List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:dump", "-XX:+UseG1GC",
                    "-XX:SharedClassListFile=" + all, "-XX:SharedArchiveFile=" + archive, "-cp",
                    System.getProperty("java.class.path")))) {
                return dump.exitCode() == 0 && Files.exists(archive)
                        ? List.of("-Xlog:disable", "-XX:SharedArchiveFile=" + archive) : List.of();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A server and the commands that tests start most, each of which writes down at its end what it has loaded. */
    private static void note(Path folder) throws IOException, InterruptedException {
        try (Program server = start(folder, "server", "--port", "0", "--http-port", "0", "--collector", "simulated");
                Client client = new Client(server.port());
                Program record = start(folder, "record", "record", "--target", "127.0.0.1:" + server.port(), "--duration",
                        "100ms", folder.resolve("readings.parquet").toString());
                Program measure = start(folder, "measure", "measure", "--collector", "simulated", "--", "true");
                Program doctor = start(folder, "doctor", "doctor", "--collector", "simulated", "--time", "100ms")) {
            client.stream().await(reading -> true);
            client.health();
            for (Program command : List.of(record, measure, doctor)) {
                if (command.exitCode() != 0) {
                    throw new IllegalStateException(command.toString());
                }
            }
            server.signal("TERM");
            server.exitCode();
        }
    }

    private static Program start(Path folder, String name, String... arguments) throws IOException {
        return Program.start(folder, Map.of(), Project.java(List.of("-Xshare:off",
                "-XX:DumpLoadedClassList=" + folder.resolve(name + ".list")), arguments));
    }

    private static List<Path> lists(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".list")).sorted().toList();
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
