package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** What JBang keeps of what it has built: a test that needs a cache of its own gets a copy instead of a build. */
final class JbangCache {

    private static boolean built;

    private JbangCache() {
    }

    /** The cache that this test run works with. */
    static Path shared() {
        String cache = System.getenv("JBANG_CACHE_DIR");
        String jbang = System.getenv().getOrDefault("JBANG_DIR", System.getProperty("user.home") + "/.jbang");
        return cache != null ? Path.of(cache) : Path.of(jbang, "cache");
    }

    /** Has JBang build the monitor once: two lanes that both find it missing would build it at the same time. */
    static synchronized void build() throws IOException, InterruptedException {
        if (!built) {
            try (Program build = Program.start(Project.ROOT, Map.of(), Stream.of(Project.JBANGW, "build",
                    Project.SCRIPT).map(Object::toString).toList())) {
                assertThat(build.exitCode()).as(build.toString()).isZero();
            }
            built = true;
        }
    }

    /**
     * Fills a folder, which need not exist, with the monitor as JBang has built it, and nothing else.
     *
     * @return the folder
     */
    static synchronized Path copyTo(Path folder) throws IOException, InterruptedException {
        build();
        copy(shared().resolve("dependency_cache.json"), folder);
        try (Stream<Path> jars = Files.walk(shared().resolve("jars"))) {
            for (Path file : jars.filter(Files::isRegularFile)
                    .filter(file -> shared().relativize(file).getName(1).toString().startsWith("Energy")).toList()) {
                copy(file, folder);
            }
        }
        return folder;
    }

    private static void copy(Path file, Path folder) throws IOException {
        Path copy = folder.resolve(shared().relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
    }
}
