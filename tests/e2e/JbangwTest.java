package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The wrapper script: which JBang it runs, where that comes from, and what it says when there is none. */
@Timeout(300)
@Order(3)
class JbangwTest {

    private static final String FETCHING = "jbangw: fetching JBang";

    @TempDir
    Path folder;

    @Test
    void theJbangOnThePathIsTakenAndBecomesTheProcess() throws Exception {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        script(bin.resolve("jbang"), "echo \"$$\"; printf '%s\\n' \"$@\"");
        Map<String, String> environment = Map.of("PATH", bin + ":" + System.getenv("PATH"), "JBANGW_OWN", "");
        try (Program jbangw = Program.start(folder, environment,
                List.of(Project.JBANGW.toString(), "run", "a b", "$HOME"))) {
            assertThat(jbangw.exitCode()).as(jbangw.toString()).isZero();
            assertThat(jbangw.out()).containsExactly(String.valueOf(jbangw.pid()), "run", "a b", "$HOME");
        }
    }

    @Test
    void aCommandThatCouldNotFindJbangIsNotInstalled() throws Exception {
        Map<String, String> environment = bare();
        try (Program jbangw = Program.start(folder, environment,
                List.of(Project.JBANGW.toString(), "app", "install", "--name", "em", Project.SCRIPT.toString()))) {
            assertThat(jbangw.exitCode()).as(jbangw.toString()).isEqualTo(1);
            assertThat(jbangw.out()).isEmpty();
            assertThat(jbangw.err()).singleElement().asString()
                    .startsWith("jbangw: an installed command needs jbang on the PATH, and there is none: install JBang");
        }
        assertThat(folder.resolve(".jbang")).doesNotExist();
    }

    /** One fetch for all of it: the first ones at once, by a link, from another folder, with spaces everywhere. */
    @Test
    void twoFirstLaunchesAtOnceFetchJbangOnceAndLaterOnesDoNot() throws Exception {
        assumeTrue(onPath("mvn"), "maven is missing: JBang cannot be fetched");
        Path home = Files.createDirectory(folder.resolve("a home"));
        Path link = Files.createSymbolicLink(folder.resolve("a link"),
                Files.copy(Project.JBANGW, folder.resolve("a copy"), StandardCopyOption.COPY_ATTRIBUTES));
        Map<String, String> environment = Map.of("HOME", home.toString(), "JBANG_DIR", home + "/.jbang",
                "JBANG_CACHE_DIR", "", "XDG_CACHE_HOME", "", "JBANGW_OWN", "1");
        List<String> command = List.of(link.toString(), Project.SCRIPT.toString(), "--version");
        try (Program first = Program.start(home, environment, command);
                Program second = Program.start(home, environment, command)) {
            assertThat(first.exitCode()).as(first.toString()).isZero();
            assertThat(second.exitCode()).as(second.toString()).isZero();
            assertThat(first.out()).singleElement().asString().startsWith("energy-monitor ");
            assertThat(second.out()).isEqualTo(first.out());
            assertThat(Stream.concat(first.err().stream(), second.err().stream()))
                    .filteredOn(line -> line.startsWith(FETCHING)).hasSize(1);
        }
        try (Stream<Path> kept = Files.list(home.resolve(".cache/energy-monitor"))) {
            assertThat(kept).hasSize(1);
        }
        try (Program later = Program.start(home, environment, command)) {
            assertThat(later.exitCode()).as(later.toString()).isZero();
            assertThat(later.err()).isEmpty();
        }
    }

    @Test
    void aStartThatJbangHasPreparedNeedsNoJbangUntilAJarIsGone() throws Exception {
        Path cache = JbangCache.copyTo(folder.resolve("cache"));
        Map<String, String> environment = new HashMap<>(Map.of("JAVA_HOME", System.getProperty("java.home"),
                "JBANGW_OWN", "1", "JBANG_CACHE_DIR", cache.toString()));
        List<String> command = List.of(Project.JBANGW.toString(), Project.SCRIPT.toString(), "--version");
        try (Program prepared = Program.start(folder, environment, command)) {
            assertThat(prepared.exitCode()).as(prepared.toString()).isZero();
        }
        environment.put("PATH", bare().get("PATH"));
        environment.put("XDG_CACHE_HOME", folder.toString());
        assertSaysOnlyItsVersion(environment, command);
        assertThat(archives(cache)).isEmpty();
        try (Program prepare = Program.start(folder, environment,
                List.of(Project.JBANGW.toString(), Project.SCRIPT.toString(), "prepare"))) {
            assertThat(prepare.exitCode()).as(prepare.toString()).isZero();
            assertThat(prepare.out()).hasSize(2);
            assertThat(prepare.out().get(0)).matches("Wrote " + cache + "/jbangw-\\d+\\.(jsa|aot) \\(\\d+\\.\\d MB\\).*");
            assertThat(prepare.out().get(1)).matches("Health answers [\\d.]+ s after the start of Java with it, "
                    + "[\\d.]+ s without");
            assertThat(prepare.err()).isEmpty();
        }
        Path archive = archives(cache).get(0);
        assertThat(archives(cache)).hasSize(1);
        assertThat(archive.toString()).endsWith(Runtime.version().feature() >= 25 ? ".aot" : ".jsa");
        assertSaysOnlyItsVersion(environment, command);
        try (Program again = Program.start(folder, environment,
                List.of(Project.JBANGW.toString(), Project.SCRIPT.toString(), "prepare"))) {
            assertThat(again.exitCode()).as(again.toString()).isZero();
            assertThat(again.out()).containsExactly(archive + " is up to date: remove it to have it made anew");
        }
        assertThat(mapped(environment)).as("files mapped").anyMatch(line -> line.endsWith(" " + archive));
        String name = archive.getFileName().toString();
        for (String ending : List.of(".aot", ".jsa")) { // as another Java may have left it, and a damaged one
            Path other = archive.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ending);
            Path kept = Files.exists(other) ? Files.move(other, folder.resolve("kept")) : null;
            Files.writeString(other, "no archive");
            assertSaysOnlyItsVersion(environment, command);
            Files.delete(other);
            if (kept != null) {
                Files.move(kept, other);
            }
        }
        for (Path jar : jars(cache)) {
            Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000_000_000_000L)); // the archive does not fit it
        }
        assertSaysOnlyItsVersion(environment, command);
        for (Path jar : jars(cache)) {
            Files.delete(jar);
        }
        try (Program later = Program.start(folder, environment, command)) {
            assertThat(later.exitCode()).isEqualTo(1);
            assertThat(later.err()).singleElement().asString().startsWith("jbangw: no jbang, and no Maven, curl or wget");
        }
    }

    @Test
    void aStartWhoseJavaIsGoneIsWorkedOutAnew() throws Exception {
        Map<String, String> environment = Map.of("JAVA_HOME", System.getProperty("java.home"), "JBANGW_OWN", "1",
                "JBANG_CACHE_DIR", JbangCache.copyTo(folder).toString());
        List<String> command = List.of(Project.JBANGW.toString(), Project.SCRIPT.toString(), "--version");
        try (Program first = Program.start(folder, environment, command)) {
            assertThat(first.exitCode()).as(first.toString()).isZero();
        }
        Path launch;
        try (Stream<Path> files = Files.list(folder)) {
            launch = files.filter(file -> file.getFileName().toString().matches("jbangw-\\d+")).findFirst()
                    .orElseThrow();
        }
        String known = Files.readString(launch);
        Files.writeString(launch, known.replace(System.getProperty("java.home"), folder + "/gone"));
        assertThat(Files.readString(launch)).isNotEqualTo(known);
        assertSaysOnlyItsVersion(environment, command);
        assertThat(launch).hasContent(known);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void everyShellReadsIt(String shell) throws Exception {
        assumeTrue(onPath(shell), shell + " is not installed");
        try (Program jbangw = Program.start(folder, Map.of("JBANGW_OWN", "1"),
                List.of(shell, Project.JBANGW.toString(), Project.SCRIPT.toString(), "--collector", "it's \"$x\" *"))) {
            assertThat(jbangw.exitCode()).as(jbangw.toString()).isEqualTo(2);
            assertThat(String.join("\n", jbangw.err())).contains("invalid value 'it's \"$x\" *'");
        }
    }

    @Test
    void withoutJavaAndCurlOneLineSaysWhatToInstall() throws Exception {
        try (Program jbangw = start(bare())) {
            assertThat(jbangw.exitCode()).isEqualTo(1);
            assertThat(jbangw.err()).singleElement().asString()
                    .startsWith("jbangw: no Java").contains("install JDK 17", "JAVA_HOME");
        }
    }

    @Test
    void aJavaHomeWithoutJavaIsToldInOneLine() throws Exception {
        Map<String, String> environment = bare();
        environment.put("JAVA_HOME", "/no/such/jdk");
        try (Program jbangw = start(environment)) {
            assertThat(jbangw.exitCode()).isEqualTo(1);
            assertThat(jbangw.err()).containsExactly("jbangw: there is no /no/such/jdk/bin/java: set JAVA_HOME to a "
                    + "JDK 17 or later, or to nothing");
        }
    }

    /** The launcher of the release, which fetches the JDK, is one that leads to the JDK of this test. */
    @Test
    void withoutJavaTheReleaseBringsAJdkOnce() throws Exception {
        assumeTrue(onPath("curl") && onPath("bash"), "curl or bash is missing");
        HttpServer server = serve(release(), "right");
        try {
            Map<String, String> environment = bare();
            give("curl", "tar", "sha256sum", "bash", "chmod", "mkdir");
            environment.put("JBANG_DOWNLOAD_URL", url(server));
            try (Program failing = Program.start(folder, with(environment, "FAIL", "1"),
                    List.of(Project.JBANGW.toString(), "--version"))) {
                assertThat(failing.exitCode()).isEqualTo(1);
                assertThat(failing.err()).last().asString().startsWith("jbangw: JBang could not fetch a JDK");
            }
            try (Program first = start(environment)) {
                assertThat(first.exitCode()).as(first.toString()).isZero();
                assertThat(first.out()).containsExactly("release got --version");
                assertThat(first.err()).hasSize(2).last().asString().isEqualTo("fetching JDK 17 for --version");
            }
            server.stop(0);
            try (Program later = start(environment)) {
                assertThat(later.exitCode()).as(later.toString()).isZero();
                assertThat(later.out()).containsExactly("release got --version");
                assertThat(later.err()).isEmpty();
            }
        } finally {
            server.stop(0);
        }
    }

    @Test
    void withoutMavenCurlAndWgetOneLineSaysHowToInstallJbang() throws Exception {
        Map<String, String> environment = bare();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        try (Program jbangw = start(environment)) {
            assertThat(jbangw.exitCode()).isEqualTo(1);
            assertThat(jbangw.err()).singleElement().asString()
                    .startsWith("jbangw: ").contains("https://www.jbang.dev/download");
        }
    }

    @Test
    void aFetchThatFailsIsToldAndLeavesNothing() throws Exception {
        Map<String, String> environment = bare();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        script(folder.resolve("bin/mvn"), "echo '[ERROR] no route to the repository'; exit 1");
        try (Program jbangw = start(environment)) {
            assertThat(jbangw.exitCode()).isEqualTo(1);
            assertThat(jbangw.err()).hasSize(3);
            assertThat(jbangw.err().get(0)).startsWith(FETCHING);
            assertThat(jbangw.err().get(1)).isEqualTo("[ERROR] no route to the repository");
            assertThat(jbangw.err().get(2)).startsWith("jbangw: ").contains("check the network");
        }
        try (Stream<Path> left = Files.list(folder.resolve(".cache/energy-monitor"))) {
            assertThat(left).isEmpty();
        }
    }

    /** The release as a server on loopback has it: its jar prints what it was given. */
    @ParameterizedTest
    @CsvSource({"curl, right", "wget, right", "curl, missing", "curl, wrong"})
    void withoutMavenTheOfficialReleaseIsFetchedAndChecked(String tool, String checksum) throws Exception {
        assumeTrue(onPath(tool), tool + " is missing");
        HttpServer server = serve(release(), checksum);
        try {
            Map<String, String> environment = bare();
            give(tool, "tar", "sha256sum");
            environment.put("JAVA_HOME", System.getProperty("java.home"));
            environment.put("JBANG_DOWNLOAD_URL", url(server));
            try (Program first = start(environment)) {
                if (checksum.equals("wrong")) {
                    assertThat(first.exitCode()).isEqualTo(1);
                    assertThat(first.err()).last().asString().contains("another checksum");
                    assertThat(folder.resolve(".cache/energy-monitor")).isEmptyDirectory();
                    return;
                }
                assertThat(first.exitCode()).as(first.toString()).isZero();
                assertThat(first.out()).containsExactly("release got --version");
                assertThat(first.err().get(0)).startsWith(FETCHING);
                assertThat(first.err()).hasSize(checksum.equals("missing") ? 2 : 1);
            }
            server.stop(0);
            try (Program later = start(environment)) {
                assertThat(later.exitCode()).as(later.toString()).isZero();
                assertThat(later.err()).isEmpty();
            }
        } finally {
            server.stop(0);
        }
    }

    private static HttpServer serve(byte[] tar, String checksum) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/jbang.tar", exchange -> answer(exchange, 200, tar));
        String sum = checksum.equals("wrong") ? "0".repeat(64)
                : HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(tar));
        server.createContext("/checksums_sha256.txt", exchange -> answer(exchange, checksum.equals("missing") ? 404
                : 200, (sum + "  jbang.tar\n").getBytes(StandardCharsets.US_ASCII)));
        server.start();
        return server;
    }

    private static String url(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/jbang.tar";
    }

    private static Map<String, String> with(Map<String, String> environment, String name, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(name, value);
        return more;
    }

    /** Puts more programs on the bare PATH. */
    private void give(String... tools) throws IOException {
        for (String tool : tools) {
            script(folder.resolve("bin").resolve(tool), "exec " + path().stream().map(place -> place.resolve(tool))
                    .filter(Files::isExecutable).findFirst().orElseThrow() + " \"$@\"");
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** A tar with a folder, in it bin/jbang and bin/jbang.jar, as the release has them. */
    private byte[] release() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("release/jbang-0/bin"));
        Path source = Files.createDirectories(folder.resolve("source/dev/jbang")).resolve("Main.java");
        Files.writeString(source, "package dev.jbang; public class Main { public static void main(String[] a) {"
                + "System.out.println(\"release got \" + String.join(\" \", a)); } }");
        String java = System.getProperty("java.home") + "/bin/";
        script(bin.resolve("jbang"), "[ -z \"$FAIL\" ] || exit 1; mkdir -p \"$JBANG_DIR/currentjdk/bin\"; "
                + "printf '#!/bin/sh\\nexec " + java + "java \"$@\"' >\"$JBANG_DIR/currentjdk/bin/java\"; "
                + "chmod +x \"$JBANG_DIR/currentjdk/bin/java\"; "
                + "echo \"fetching JDK $JBANG_DEFAULT_JAVA_VERSION for $*\" >&2");
        for (List<String> command : List.of(
                List.of(java + "javac", "-d", folder + "/classes", source.toString()),
                List.of(java + "jar", "cf", bin + "/jbang.jar", "-C", folder + "/classes", "."),
                List.of("tar", "-cf", folder + "/jbang.tar", "-C", folder + "/release", "jbang-0"))) {
            assertThat(new ProcessBuilder(command).start().waitFor()).as(command.toString()).isZero();
        }
        return Files.readAllBytes(folder.resolve("jbang.tar"));
    }

    /** The files that a server has mapped; see proc_pid_maps(5). Java lets go of an archive that does not fit. */
    private List<String> mapped(Map<String, String> environment) throws Exception {
        try (Program server = Program.start(folder, environment, List.of(Project.JBANGW.toString(),
                Project.SCRIPT.toString(), "--port", "0", "--collector", "simulated"))) {
            server.port();
            return Files.readAllLines(Path.of("/proc", String.valueOf(server.pid()), "maps"));
        }
    }

    private void assertSaysOnlyItsVersion(Map<String, String> environment, List<String> command) throws Exception {
        try (Program later = Program.start(folder, environment, command)) {
            assertThat(later.exitCode()).as(later.toString()).isZero();
            assertThat(later.out()).singleElement().asString().startsWith("energy-monitor ");
            assertThat(later.err()).isEmpty();
        }
    }

    private static List<Path> archives(Path cache) throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            return files.filter(file -> file.toString().matches(".*\\.(jsa|aot)")).toList();
        }
    }

    private static List<Path> jars(Path cache) throws IOException {
        try (Stream<Path> files = Files.walk(cache.resolve("jars"))) {
            return files.filter(file -> file.toString().endsWith("EnergyMonitor.jar")).toList();
        }
    }

    private Program start(Map<String, String> environment) throws IOException {
        return Program.start(folder, environment, List.of(Project.JBANGW.toString(), "--version"));
    }

    /** An environment without jbang, Java and Maven: what else the script calls is in a folder of its own. */
    private Map<String, String> bare() throws IOException {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        for (String tool : List.of("cat", "cksum", "env", "find", "flock", "grep", "id", "mkdir", "mv", "rm", "sed", "sort")) {
            for (Path place : path()) {
                if (Files.isExecutable(place.resolve(tool)) && Files.notExists(bin.resolve(tool))) {
                    script(bin.resolve(tool), "exec " + place.resolve(tool) + " \"$@\"");
                }
            }
        }
        return new HashMap<>(Map.of("PATH", bin.toString(), "HOME", folder.toString(), "JAVA_HOME", "",
                "JBANG_DIR", folder + "/.jbang", "JBANG_CACHE_DIR", "", "XDG_CACHE_HOME", "", "JBANGW_OWN", ""));
    }

    private static void script(Path file, String commands) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + commands + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static boolean onPath(String program) {
        return path().stream().anyMatch(place -> Files.isExecutable(place.resolve(program)));
    }

    private static List<Path> path() {
        return Stream.of(System.getenv("PATH").split(":")).filter(place -> !place.isEmpty()).map(Path::of).toList();
    }
}
