package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What else JBang can do with the monitor: without a network, with a collector in a jar, and without JBang. */
@Timeout(180)
@Order(5)
class JbangUsesTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"portable", "fatjar"})
    void anExportedJarServesWithPlainJava(String format) throws Exception {
        Path jar = format.equals("portable") ? ExportedJar.portable() : ExportedJar.export(format, folder);
        try (Program monitor = Program.start(folder, Map.of(), List.of(tool("java"), "-jar", jar.toString(),
                "--port", "0", "--http-port", "0", "--collector", "simulated"));
                Client client = new Client(monitor.port())) {
            assertThat(client.health().getHealthy()).isTrue();
            for (String file : List.of("", "page.css", "page.js", "uplot.css", "uplot.js")) {
                try (InputStream page = URI.create(monitor.pageUrl() + file).toURL().openStream()) {
                    assertThat(page.readAllBytes()).as(file).hasSizeGreaterThan(1000);
                }
            }
        }
    }

    /** The command that it prints is the one that uses the archive; the monitor's own classes come from there. */
    @Test
    void anExportedJarCanBePrepared() throws Exception {
        Path jar = ExportedJar.portable();
        String start;
        try (Program prepare = Program.start(jar.getParent(), Map.of(), List.of(tool("java"), "-Xmx64m", "-jar",
                jar.getFileName().toString(), "prepare"))) {
            assertThat(prepare.exitCode()).as(prepare.toString()).isZero();
            assertThat(prepare.out()).hasSize(3);
            assertThat(prepare.out().get(0)).startsWith("Wrote " + jar.resolveSibling("monitor."));
            assertThat(prepare.out().get(2)).startsWith("Start with: ").contains("-Xmx64m").endsWith(jar.toString());
            start = prepare.out().get(2).replace("Start with: ", "");
        }
        Path log = folder.resolve("loaded");
        String logging = start.replace(" -jar ", " -Xlog:class+load:file=" + log + " -jar ");
        try (Program monitor = Program.start(folder, Map.of(),
                List.of("sh", "-c", "exec " + logging + " --port 0 --collector simulated"));
                Client client = new Client(monitor.port())) {
            assertThat(client.health().getHealthy()).isTrue();
        }
        assertThat(Files.readAllLines(log)).filteredOn(line -> line.contains(" server.Monitor ")).singleElement()
                .asString().contains("shared objects file");
    }

    /** The classes made of the contract are found, too: what an IDE compiles there has no error. */
    @Test
    void theProjectViewForIdesResolves() throws Exception {
        Path view;
        try (Program build = jbangw("build", Project.SCRIPT.toString())) {
            assertThat(build.exitCode()).as(build.toString()).isZero();
        }
        try (Program edit = jbangw("edit", "-b", "--no-open", Project.SCRIPT.toString())) {
            assertThat(edit.exitCode()).as(edit.toString()).isZero();
            view = Path.of(edit.out().get(edit.out().size() - 1).strip());
        }
        String libraries = Pattern.compile("kind=\"lib\" path=\"([^\"]+)\"")
                .matcher(Files.readString(view.resolve(".classpath"))).results().map(match -> match.group(1))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-encoding", "UTF-8", "-d", folder.toString(),
                "-cp", libraries));
        try (Stream<Path> sources = Files.walk(view.resolve("src"), FileVisitOption.FOLLOW_LINKS)) {
            sources.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
        }
        StringWriter complaints = new StringWriter();
        PrintWriter to = new PrintWriter(complaints);
        int code = ToolProvider.findFirst("javac").orElseThrow().run(to, to, arguments.toArray(String[]::new));
        assertThat(code).as(complaints.toString()).isZero();
        assertThat(folder.resolve("EnergyMonitor.class")).exists();
    }

    @Test
    void whatIsCachedRunsOffline() throws Exception {
        try (Program version = jbangw("--offline", Project.SCRIPT.toString(), "--version")) {
            assertThat(version.exitCode()).as(version.toString()).isZero();
            assertThat(version.out()).singleElement().asString().startsWith("energy-monitor ");
        }
    }

    @Test
    void aCollectorMayComeFromAJarOfItsOwn() throws Exception {
        Path repository = folder.resolve("repository/com/example/mymeter/1");
        Files.createDirectories(repository);
        Files.writeString(repository.resolve("mymeter-1.pom"), "<project><modelVersion>4.0.0</modelVersion>"
                + "<groupId>com.example</groupId><artifactId>mymeter</artifactId><version>1</version></project>");
        jar(repository.resolve("mymeter-1.jar"), """
                package com.example;
                import collectors.*;
                import java.util.List;
                public final class MyMeter implements TelemetryCollector {
                    private final DeviceSample machine = new DeviceSample("0", DeviceKind.MACHINE, "Machine");
                    public String platform() { return "mymeter"; }
                    public List<DeviceSample> collect() { machine.powerWatts = 42; return List.of(machine); }
                }
                """);
        try (Program monitor = jbangw("--repos", "mavencentral,mine=" + folder.resolve("repository").toUri(),
                "--deps", "com.example:mymeter:1", Project.SCRIPT.toString(), "--port", "0",
                "--collector", "com.example.MyMeter"); Client client = new Client(monitor.port())) {
            assertThat(client.health().getPlatform()).isEqualTo("mymeter");
            assertThat(client.stream().await(reading -> true).getPowerWatts()).isEqualTo(42);
        }
    }

    /** Compiles a class against the monitor's and puts it into a jar. */
    private void jar(Path jar, String source) throws IOException {
        Path classes = folder.resolve("classes");
        Path file = Files.writeString(folder.resolve("MyMeter.java"), source);
        run("javac", "-proc:none", "-cp", System.getProperty("java.class.path"), "-d", classes.toString(),
                file.toString());
        run("jar", "--create", "--file", jar.toString(), "-C", classes.toString(), ".");
    }

    private static void run(String tool, String... arguments) {
        assertThat(ToolProvider.findFirst(tool).orElseThrow().run(System.out, System.err, arguments)).isZero();
    }

    /** With a cache of its own: what these runs build is not what the other tests run from. */
    private Program jbangw(String... arguments) throws IOException, InterruptedException {
        Path cache = folder.resolve("cache");
        return Program.start(folder, Map.of("JBANG_CACHE_DIR",
                (Files.exists(cache) ? cache : JbangCache.copyTo(cache)).toString()),
                Stream.concat(Stream.of(Project.JBANGW.toString()), Stream.of(arguments)).toList());
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }
}
