package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The monitor as JBang exports it, for plain Java. */
final class ExportedJar {

    private static Path portable;

    private ExportedJar() {
    }

    /** The jar with its libraries beside it, exported once for all tests. */
    static synchronized Path portable() throws IOException, InterruptedException {
        if (portable == null) {
            Path folder = Files.createTempDirectory("exported-jar");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "delete-exported-jar"));
            portable = export("portable", folder);
        }
        return portable;
    }

    /** Exports in a format of JBang's. With a cache of its own: this is not what the other tests run from. */
    static Path export(String format, Path folder) throws IOException, InterruptedException {
        Path jar = folder.resolve("monitor.jar");
        Map<String, String> environment = Map.of("JBANG_CACHE_DIR",
                JbangCache.copyTo(folder.resolve("cache")).toString());
        try (Program export = Program.start(folder, environment, List.of(Project.JBANGW.toString(), "export", format,
                "-O", jar.toString(), Project.SCRIPT.toString()))) {
            assertThat(export.exitCode()).as(export.toString()).isZero();
        }
        return jar;
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
