package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cli.CommandLines;
import com.google.protobuf.Descriptors.FieldDescriptor;
import energy.HealthResponse;
import energy.TelemetryReading;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages tell works as it stands there: commands, links, the collector, the clients, the tables. */
@Timeout(180)
@Order(2)
class PagesTest {

    @TempDir
    static Path folder;

    private static Path project;
    private static Path sysfs;
    private static Map<String, String> environment;

    @BeforeAll
    static void copyTheProject() throws IOException, InterruptedException {
        JbangCache.build();
        project = Project.copyTo(folder.resolve("project"));
        Files.writeString(project.resolve("MyCollector.java"), block("CONTRIBUTING.md", "java"));
        Files.writeString(project.resolve("client.py"), block("docs/clients.md", "python"));
        sysfs = folder.resolve("sys");
        Path meter = Files.createDirectories(sysfs.resolve("class/mymeter"));
        Files.writeString(meter.resolve("power_microwatts"), "42500000\n");

        // The reader has jbang on the PATH; commands are installed into a folder of the test's own.
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path jbang = Files.writeString(bin.resolve("jbang"),
                "#!/bin/sh\nJBANGW_OWN=1 exec '" + project.resolve("jbangw") + "' \"$@\"\n");
        Files.setPosixFilePermissions(jbang, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path jbangFolder = folder.resolve("jbang");
        environment = Map.of("JBANG_DIR", jbangFolder.toString(), "JBANG_CACHE_DIR", JbangCache.shared().toString(),
                "PATH", String.join(File.pathSeparator, bin.toString(), jbangFolder.resolve("bin").toString(),
                        System.getenv("PATH")));
    }

    static List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        for (Path page : pages()) {
            blocks(page, "sh").flatMap(String::lines).filter(line -> !line.isBlank() && !commands.contains(line))
                    .forEach(commands::add);
        }
        return commands;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandWorks(String command) throws Exception {
        if (command.contains("RunTests")) {
            // In the project itself, for which this test run has built the tests, so that nothing may be written anew:
            // what is expected would become what there is.
            String compared = command.replace("REWRITE_READINGS=1", "REWRITE_READINGS=");
            try (Program tests = Program.start(Project.ROOT, environment,
                    List.of("sh", "-c", "exec " + compared + " HouseTest"))) {
                assertThat(tests.exitCode()).as(tests.toString()).isZero();
                assertThat(tests.out().get(tests.out().size() - 1)).matches("[1-9]\\d* passed, 0 failed");
            }
        } else if (Stream.of("app install", "prepare", " doctor ", " measure ", " watch ", " record ", "--help",
                "--version").anyMatch(command::contains)) {
            try (Program program = run(command)) {
                assertThat(program.exitCode()).as(program.toString()).isZero();
            }
        } else {
            // Those ports may be taken on the machine of the tests.
            String anyPort = command.replace("--http-port 50080", "--http-port 0") + " --port 0";
            try (Program monitor = run(anyPort + " --path.sysfs " + sysfs);
                    Client client = new Client(monitor.port())) {
                assertThat(client.health().getPlatform()).isNotEmpty();
                monitor.signal("TERM");
                assertThat(monitor.exitCode()).isEqualTo(128 + 15);
            }
        }
        assertThat(Files.readString(project.resolve("tests/fixtures/help.txt")))
                .isEqualTo(Files.readString(Project.FIXTURES.resolve("help.txt")));
    }

    @Test
    void theAliasIsInstalledFromAnyFolder() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        for (String command : List.of("jbang app install --name elsewhere energy-monitor@" + project,
                "elsewhere --version")) {
            try (Program program = Program.start(elsewhere, environment, List.of("sh", "-c", command))) {
                assertThat(program.exitCode()).as(program.toString()).isZero();
            }
        }
    }

    @Test
    void theCollectorReadsItsFileAndIsTakenInAPackageToo() throws Exception {
        Path source = folder.resolve("MyCollector.java");
        Files.writeString(source, "package com.example;\n\n" + block("CONTRIBUTING.md", "java"));
        try (Program monitor = run("./jbangw --sources " + source + " EnergyMonitor.java --port 0 --path.sysfs " + sysfs
                + " --collector com.example.MyCollector"); Client client = new Client(monitor.port())) {
            HealthResponse health = client.health();
            assertThat(health.getHealthy()).isTrue();
            assertThat(health.getPlatform()).isEqualTo("mymeter");
            TelemetryReading reading = client.stream().await(r -> r.getEnergyJoules() > 1);
            assertThat(reading.getPowerWatts()).isEqualTo(42.5);
            assertThat(reading.getTemperatureCelsius()).isEqualTo(-1.0);
        }
        try (Program monitor = run("./jbangw --sources " + source + " EnergyMonitor.java --port 0 --path.sysfs "
                + folder + " --collector com.example.MyCollector")) {
            assertThat(monitor.exitCode()).isEqualTo(1);
            assertThat(monitor.err()).singleElement().asString().contains("is the meter's driver loaded?");
        }
    }

    @Test
    void thePythonClientPrintsReadingsUntilTheMonitorEnds() throws Exception {
        assertThat(block("docs/clients.md", "python").lines()).as("short enough to be read at a glance").hasSizeLessThanOrEqualTo(15);
        try (Program monitor = Project.startJava("--port", "0", "--collector", "simulated");
                Program client = Python.start(project, List.of("grpc", "google.protobuf", "grpc_tools"),
                        List.of("-u", "client.py", "127.0.0.1:" + monitor.port()))) {
            client.awaitOut(Pattern.compile("^healthy: True$"));
            client.awaitOut(Pattern.compile("^simulated: [1-4]\\d\\d\\.\\d W, \\d+\\.\\d J$"));
            monitor.signal("TERM");
            assertThat(client.exitCode()).as(client.toString()).isZero();
        }
    }

    @Test
    void thePythonExampleTellsTheEnergyOfEachRequestAndTheSumFitsTheWhole() throws Exception {
        Path script = Files.writeString(project.resolve("requests_energy.py"), blocks(
                Project.ROOT.resolve("docs/clients.md"), "python").skip(1).findFirst().orElseThrow());
        try (Program monitor = Project.startJava("--port", "0", "--collector", "simulated");
                Program client = Python.start(project, List.of("grpc", "google.protobuf", "grpc_tools"),
                        List.of("-u", script.getFileName().toString(), "127.0.0.1:" + monitor.port()))) {
            assertThat(client.exitCode()).as(client.toString()).isZero();
            assertThat(client.out()).hasSize(21);
            Matcher all = Pattern.compile("all: ([\\d.]+) J ± ([\\d.]+), sum ([\\d.]+) J").matcher(
                    client.out().get(20));
            assertThat(all.matches()).as(client.toString()).isTrue();
            double whole = Double.parseDouble(all.group(1));
            // 20 requests of 0.2 s at 150 to 450 W.
            assertThat(whole).isBetween(600.0, 2500.0);
            assertThat(Double.parseDouble(all.group(3))).isCloseTo(whole, within(0.01 * whole));
        }
    }

    @Test
    void thePythonExampleOfAJobTellsOfItsOwnDeviceAlone() throws Exception {
        Path script = Files.writeString(project.resolve("job.py"), blocks(
                Project.ROOT.resolve("docs/clients.md"), "python").skip(2).findFirst().orElseThrow());
        try (Program monitor = Project.startJava("--port", "0", "--collector", "simulated");
                Program client = Python.start(project, List.of("grpc", "google.protobuf", "grpc_tools"),
                        List.of("-u", script.getFileName().toString(), "127.0.0.1:" + monitor.port(), "1"))) {
            assertThat(client.exitCode()).as(client.toString()).isZero();
            assertThat(client.out()).hasSize(21).last().asString().matches("used: [\\d.]+ J ± [\\d.]+");
            // The second device draws from 50 to 150 W, both together at least 150 W.
            assertThat(client.out().subList(0, 20)).allSatisfy(line -> assertThat(line)
                    .matches("Simulated GPU x1: (\\d\\d|1[0-4]\\d|150)\\.\\d W, \\d+\\.\\d J"));
        }
    }

    @Test
    void everyFlagAndEveryFieldHasItsRow() throws IOException {
        String serving = page("docs/serving.md");
        String wire = page("docs/wire.md");
        Matcher flags = Pattern.compile("(?m)^ +(?:-\\w, +)?(--[a-z.-]+)").matcher(
                Files.readString(Project.FIXTURES.resolve("help.txt")));
        assertThat(flags.results().map(match -> match.group(1)))
                .hasSizeGreaterThan(5).allSatisfy(flag -> assertThat(serving).contains("`" + flag + "`"));
        for (FieldDescriptor field : TelemetryReading.getDescriptor().getFields()) {
            assertThat(wire).contains("| `" + field.getName() + "` | " + field.getNumber() + " |");
        }
    }

    @Test
    void everyLinkLeadsToAFileAndItsHeading() throws IOException {
        assertThat(pages()).hasSizeGreaterThan(8);
        for (Path page : pages()) {
            Matcher links = Pattern.compile("\\]\\(([^)#\\s]*)(#[^)\\s]*)?\\)").matcher(Files.readString(page));
            while (links.find()) {
                if (links.group(1).contains("://")) {
                    continue; // tests reach no other machine
                }
                Path target = links.group(1).isEmpty() ? page : page.resolveSibling(links.group(1)).normalize();
                assertThat(target).as("in " + page + ": " + links.group()).exists();
                if (links.group(2) != null) {
                    assertThat(anchors(target)).as("in " + page + ": " + links.group())
                            .contains(links.group(2).substring(1));
                }
            }
        }
    }

    /** As hosts of repositories make them of headings. */
    private static List<String> anchors(Path page) throws IOException {
        return Pattern.compile("(?m)^#+ (.*)$").matcher(Files.readString(page)).results()
                .map(match -> match.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
                .toList();
    }

    @Test
    void everyCommandHasItsRowAndAnExampleInItsHelp() throws Exception {
        String help = Files.readString(Project.FIXTURES.resolve("help.txt"));
        List<String> commands = Pattern.compile("(?m)^  ([a-z-]+) {2,}\\S").matcher(
                help.substring(help.indexOf("Commands:"))).results().map(match -> match.group(1)).toList();
        assertThat(commands).hasSizeGreaterThan(4).contains("doctor", "measure", "watch");
        for (String command : commands) {
            assertThat(page("README.md")).contains("| `" + command);
            StringWriter out = new StringWriter(); // without a start: that of --help is tested with the command line
            assertThat(CommandLines.create(command, "--help").setOut(new PrintWriter(out)).execute(command, "--help"))
                    .isZero();
            assertThat(out.toString()).containsPattern("Examples?:")
                    .contains("energy-monitor " + command, "Exit codes:");
        }
    }

    private static Program run(String command) throws IOException {
        return Program.start(project, environment, List.of("sh", "-c", "exec " + command));
    }

    private static String block(String page, String language) throws IOException {
        return blocks(Project.ROOT.resolve(page), language).findFirst().orElseThrow();
    }

    /** The fenced blocks of a language, without their fences. */
    static Stream<String> blocks(Path page, String language) throws IOException {
        return Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$").matcher(Files.readString(page)).results()
                .map(match -> match.group(1));
    }

    private static String page(String name) throws IOException {
        return Files.readString(Project.ROOT.resolve(name));
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> top = Files.list(Project.ROOT); Stream<Path> docs = Files.walk(Project.ROOT.resolve("docs"))) {
            return Stream.concat(top, docs).filter(file -> file.toString().endsWith(".md")).sorted().toList();
        }
    }
}
