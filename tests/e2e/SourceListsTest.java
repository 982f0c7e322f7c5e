package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every source is named in a script's list, and nothing else: JBang takes no patterns when it runs from a URL, and
 * a test that is not listed would never run.
 */
class SourceListsTest {

    private static final String SOURCES = "//SOURCES ";
    private static final Path TESTS = Project.ROOT.resolve("tests");

    @Test
    void theMonitorListsAllItsSourcesInOrder() throws IOException {
        assertThat(listed(Project.SCRIPT))
                .containsExactlyElementsOf(javaFiles(Project.ROOT, "cli", "collectors", "server"));
    }

    @Test
    void theTestRunListsAllTests() throws IOException {
        List<String> sources = javaFiles(TESTS, "").stream().filter(file -> !file.equals("RunTests.java")
                && !file.startsWith("fixtures/") && !file.startsWith("bench/")).toList();
        assertThat(listed(TESTS.resolve("RunTests.java"))).containsExactlyElementsOf(sources);
    }

    private static List<String> listed(Path script) throws IOException {
        return Files.readAllLines(script).stream().filter(line -> line.startsWith(SOURCES))
                .map(line -> line.substring(SOURCES.length()).strip())
                .filter(source -> !source.startsWith("..")).toList();
    }

    private static List<String> javaFiles(Path root, String... folders) throws IOException {
        Stream<String> all = Stream.empty();
        for (String folder : folders) {
            try (Stream<Path> files = Files.walk(root.resolve(folder))) {
                all = Stream.concat(all, files.map(file -> root.relativize(file).toString().replace('\\', '/'))
                        .filter(file -> file.endsWith(".java")).toList().stream());
            }
        }
        return all.sorted().toList();
    }
}
