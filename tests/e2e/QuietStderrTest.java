package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nothing but the monitor's own lines on stderr: not on the JDK of the tests, nor on 25 or newer. */
@Timeout(180)
class QuietStderrTest {

    private static final String LOG_LINE = "\\d{4}-\\d\\d-\\d\\dT\\S+ (INFO |WARN |ERROR) .*";

    @TempDir
    Path folder;

    @Test
    void theJdkOfTheTestsHasNothingToSay() throws Exception {
        checkStderr(Map.of());
    }

    @Test
    void aJdkFrom25UpBuildsAndRunsAndHasNothingToSay() throws Exception {
        Optional<Path> jdk = newerJdk();
        assumeTrue(jdk.isPresent(), "no JDK 25 or newer: set JDK25_HOME to one");
        // A cache of its own: JBang would replace the jar that these tests run from.
        Map<String, String> environment = Map.of("JAVA_HOME", jdk.get().toString(), "JBANG_DIR", folder.toString(),
                "JBANG_CACHE_DIR", "");
        checkStderr(environment);
    }

    private static void checkStderr(Map<String, String> environment) throws Exception {
        try (Program build = Program.start(Project.ROOT, environment, Project.jbangw("--version"))) {
            assertThat(build.exitCode()).as(build.toString()).isZero();
        }
        try (Program monitor = Program.start(Project.ROOT, environment,
                Project.jbangw("--port", "0", "--collector", "null"))) {
            try (Client client = new Client(monitor.port())) {
                assertThat(client.health().getHealthy()).isFalse();
                Client.Stream stream = client.stream();
                stream.await(reading -> stream.readings().size() > 3);
            }
            monitor.signal("TERM");
            assertThat(monitor.exitCode()).isEqualTo(128 + 15);
            assertThat(monitor.err()).hasSize(2).allMatch(line -> line.matches(LOG_LINE));
            assertThat(monitor.out()).isEmpty();
        }
        assumeFalse(Files.exists(Path.of("/proc/driver/nvidia")), "this machine has an NVIDIA driver");
        try (Program monitor = Program.start(Project.ROOT, environment,
                Project.jbangw("--port", "0", "--collector", "nvidia"))) {
            assertThat(monitor.exitCode()).isEqualTo(1);
            assertThat(monitor.err()).as("JNA's native access").singleElement().asString()
                    .startsWith("energy-monitor: ");
        }
    }

    private static Optional<Path> newerJdk() throws IOException {
        String named = System.getenv("JDK25_HOME");
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        Path installed = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(installed)) {
            return Optional.empty();
        }
        try (Stream<Path> homes = Files.list(installed)) {
            return homes.filter(home -> Files.isExecutable(home.resolve("bin/javac")) && feature(home) >= 25)
                    .findFirst();
        }
    }

    /** The JDK's version, such as 25, as its file {@code release} has it; 0 without one. */
    private static int feature(Path home) {
        try {
            String release = Files.readString(home.resolve("release"));
            Matcher version = Pattern.compile("JAVA_VERSION=\"(\\d+)").matcher(release);
            return version.find() ? Integer.parseInt(version.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
