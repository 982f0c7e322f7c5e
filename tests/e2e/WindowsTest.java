package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import energy.TelemetryReading;
import io.grpc.Status;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The exported monitor on a JVM for Windows, with an NVIDIA driver that is a fake; see {@link Wine} for its gaps. */
@Timeout(120)
@Order(1) // the longest first: so the lanes of the tests end together
class WindowsTest {

    private static final Pattern ENDS_WITH_PARENT = Pattern.compile("The process that started this monitor has ended");
    private static final String UUID = "GPU-00000000-0000-0000-0000-000000000000";

    @TempDir
    static Path folder;
    private static Wine wine;

    @BeforeAll
    static void boot() throws Exception {
        wine = new Wine(folder);
    }

    @AfterAll
    static void end() throws Exception {
        if (wine != null) {
            wine.close();
        }
    }

    @Test
    void itServesAndCtrlCCompletesTheStreams() throws Exception {
        try (Program monitor = wine.monitor("--port", "0", "--http-port", "0")) {
            int port = monitor.port();
            try (Client client = new Client(port)) {
                assertThat(client.health().getPlatform()).isEqualTo("nvidia");
                Client.Stream stream = client.stream();
                TelemetryReading first = stream.await(reading -> reading.getEnergyJoules() > 0);
                assertThat(client.health().getHealthy()).isTrue();
                assertThat(first.getPlatform()).isEqualTo("nvidia");
                assertThat(first.getPowerWatts()).isEqualTo(300);
                assertThat(first.getTemperatureCelsius()).isEqualTo(40);
                assertThat(first.getGpuMemoryUsageMb()).isEqualTo(1024);
                assertThat(first.getCpuMemoryUsageMb()).isPositive();
                assertThat(first.getGpuInfo().getName()).isEqualTo("NVIDIA H100 80GB HBM3 x1");
                assertThat(first.getSystemInfo().getOsName()).isEqualTo("Windows");
                assertThat(first.getSystemInfo().getKernelVersion()).matches("10\\.0\\.\\d+");
                TelemetryReading later = stream.await(reading ->
                        reading.getTimestampNanos() - first.getTimestampNanos() >= 1_000_000_000L);
                double seconds = (later.getTimestampNanos() - first.getTimestampNanos()) / 1e9;
                assertThat(later.getEnergyJoules() - first.getEnergyJoules()).isCloseTo(300 * seconds, within(60.0));
                try (InputStream metrics = URI.create(monitor.pageUrl() + "metrics").toURL().openStream()) {
                    assertThat(new String(metrics.readAllBytes(), StandardCharsets.UTF_8))
                            .contains("energy_monitor_device_power_watts");
                }

                try (Program second = wine.monitor("--port", String.valueOf(port))) {
                    assertThat(second.exitCode()).as(second.toString()).isEqualTo(1);
                    assertThat(second.err()).singleElement().asString()
                            .startsWith("energy-monitor: port " + port + " on 127.0.0.1 is in use: ");
                }

                monitor.signal("INT");
                assertThat(monitor.exitCode()).as(monitor.toString()).isEqualTo(128 + 2);
                assertThat(stream.end().getCode()).isEqualTo(Status.Code.OK);
            }
            assertThat(monitor.err()).as("the timer was set").noneMatch(line -> line.contains("Readings may be late"));
        }
    }

    @Test
    void theDoctorExaminesTheCard() throws Exception {
        try (Program text = wine.monitor("doctor", "--time", "300ms");
                Program json = wine.monitor("doctor", "--json", "--time", "300ms")) {
            assertThat(text.exitCode()).as(text.toString()).isZero();
            assertThat(text.out()).anyMatch(line -> line.matches(".* Windows .*, kernel 10\\.0\\.\\d+, .*"))
                    .contains("  nvidia (primary), from NVML (C:\\windows\\System32\\nvml.dll), driver 570.00",
                            "    0 NVIDIA H100 80GB HBM3 (" + UUID + "), gpu")
                    .anyMatch(line -> line.contains("40 °C, 1.0 of 80.0 GiB in use, 50 % busy"));
            assertThat(json.exitCode()).as(json.toString()).isZero();
            JsonObject report = JsonParser.parseString(String.join("\n", json.out())).getAsJsonObject();
            JsonObject nvidia = report.getAsJsonArray("collectors").get(0).getAsJsonObject();
            assertThat(nvidia.get("role").getAsString()).isEqualTo("primary");
            assertThat(nvidia.getAsJsonArray("devices").get(0).getAsJsonObject().get("power_watts").getAsDouble())
                    .isEqualTo(300);
            // OSHI finds no process of ours under Wine.
            assertThat(report.getAsJsonObject("own_cost").get("resident_mb").isJsonNull()).isTrue();
        }
    }

    @Test
    void aMeasuredCommandKeepsItsExitCode() throws Exception {
        Path report = folder.resolve("report.json");
        try (Program measure = wine.monitor("measure", "--json", "-o", Wine.path(report), "--", "cmd", "/c",
                "ping -n 2 127.0.0.1 >nul & exit 3");
                Program absent = wine.monitor("measure", "--", "no-such-command")) {
            assertThat(measure.exitCode()).as(measure.toString()).isEqualTo(3);
            JsonObject run = JsonParser.parseString(Files.readString(report)).getAsJsonObject().getAsJsonArray("runs")
                    .get(0).getAsJsonObject();
            assertThat(run.get("exit_code").getAsInt()).isEqualTo(3);
            double seconds = run.get("seconds").getAsDouble();
            assertThat(run.getAsJsonObject("total").get("joules").getAsDouble())
                    .isCloseTo(300 * seconds, within(15.0));
            assertThat(absent.exitCode()).as(absent.toString()).isEqualTo(127);
            assertThat(absent.err())
                    .anyMatch(line -> line.startsWith("energy-monitor: cannot run 'no-such-command': "));
        }
    }

    /** A console sends Ctrl-C to both; here only the monitor gets it, so the command runs on if it is not passed on. */
    @Test
    void ctrlCIsNotPassedOnToAMeasuredCommand() throws Exception {
        try (Program measure = wine.monitor("measure", "--", "cmd", "/c",
                "echo begun & ping -n 3 127.0.0.1 >nul & echo finished & exit 5")) {
            measure.awaitOut(Pattern.compile("begun"));
            measure.signal("INT");
            assertThat(measure.exitCode()).as(measure.toString()).isEqualTo(5);
            assertThat(measure.out()).last().asString().startsWith("finished");
            assertThat(measure.err()).anyMatch(line -> line.matches("total +\\S+ J ± .*300\\.0 W"));
        }
    }

    @Test
    void readingsAreRecordedAndWatched() throws Exception {
        Path file = folder.resolve("power.csv");
        try (Program record = wine.monitor("record", "--duration", "500ms", Wine.path(file));
                Program watch = wine.monitor("watch", "--duration", "4s")) {
            assertThat(record.exitCode()).as(record.toString()).isZero();
            assertThat(Files.readString(file)).contains(UUID, "NVIDIA H100 80GB HBM3").endsWith("\n");
            assertThat(watch.exitCode()).as(watch.toString()).isZero();
            assertThat(watch.err()).isEmpty();
            assertThat(watch.out()).isNotEmpty().allMatch(line ->
                    line.matches("\\S+Z total 300\\.0 W \\S+ J \\| NVIDIA H100 80GB HBM3 0: 300\\.0 W 40 °C"));
        }
    }

    /** Wine's console wraps at 80 columns whatever the terminal's width. */
    @Test
    void aConsoleShowsTheLiveView() throws Exception {
        List<String> command = Stream.concat(Stream.of("wine"), wine.monitorCommand("watch").stream()).toList();
        try (Tmux terminal = new Tmux(folder, 80, 24, wine.environment(), command)) {
            terminal.await(text -> text.contains("300.0 W") && text.contains("40 °C") && text.contains("q end"));
            terminal.type("q");
            terminal.await(text -> text.contains("ended with 0"));
        }
    }

    @Test
    void aMonitorEndsWithItsParentOrIfThatIsGoneAlready() throws Exception {
        List<String> monitor = wine.monitorCommand("--port", "0", "--exit-with-parent");
        List<String> child = Stream.concat(Stream.of("cmd", "/c"), monitor.stream()).toList();
        List<String> orphan = List.of("cmd", "/c", "start /b " + String.join(" ", monitor));
        try (Program parent = wine.program(child); Program gone = wine.program(orphan)) {
            gone.awaitErr(ENDS_WITH_PARENT);
            parent.port();
            parent.signal("KILL");
            parent.awaitErr(ENDS_WITH_PARENT);
        }
    }

    @Test
    void whatCannotBeDoneIsOneLine() throws Exception {
        Map<List<String>, String> refused = Map.of(
                List.of("1", "service", "print"), "schtasks /create",
                List.of("2", "--port", "x"), "invalid value 'x' for --port",
                List.of("2", "measure"), "missing COMMAND",
                List.of("2", "record", "power.txt"), ".parquet");
        List<Program> programs = new ArrayList<>();
        try {
            List<Map.Entry<List<String>, String>> cases = List.copyOf(refused.entrySet());
            for (Map.Entry<List<String>, String> entry : cases) {
                programs.add(wine.monitor(entry.getKey().stream().skip(1).toArray(String[]::new)));
            }
            for (int i = 0; i < programs.size(); i++) {
                Program program = programs.get(i);
                assertThat(program.exitCode()).as(program.toString())
                        .isEqualTo(Integer.parseInt(cases.get(i).getKey().get(0)));
                assertThat(program.out()).isEmpty();
                assertThat(program.err()).singleElement().asString().startsWith("energy-monitor: ")
                        .contains(cases.get(i).getValue());
            }
        } finally {
            programs.forEach(Program::close);
        }
    }

    /** Whatever the language of the system is: Windows translates its reasons. */
    @Test
    void anAbsentDriverIsToldFromOneThatCannotBeLoaded() throws Exception {
        byte[] library = Files.readAllBytes(wine.nvml());
        try {
            Files.delete(wine.nvml());
            assertRefused("nvml.dll is not on this machine: is the NVIDIA driver installed?");
            Files.writeString(wine.nvml(), "no library");
            assertRefused("nvml.dll cannot be loaded: ");
        } finally {
            Files.write(wine.nvml(), library);
        }
    }

    private static void assertRefused(String reason) throws Exception {
        try (Program monitor = wine.monitor("--port", "0", "--collector", "nvidia")) {
            assertThat(monitor.exitCode()).as(monitor.toString()).isEqualTo(1);
            assertThat(monitor.err()).singleElement().asString().contains(reason);
        }
    }

    /** Wine has neither curl, tar nor certutil: batch files copy what a server would give. */
    @Test
    void theLauncherTakesJbangOfThePathOrFetchesTheReleaseOnce() throws Exception {
        Path site = Files.createDirectories(folder.resolve("site"));
        Path tools = Files.createDirectories(folder.resolve("tools"));
        batch(tools.resolve("curl.cmd"), "for %%U in (%4) do set \"file=%FAKE_SITE%\\%%~nxU\"",
                "if not exist \"%file%\" exit /b 22", "copy \"%file%\" %3 >nul");
        batch(tools.resolve("tar.cmd"), "xcopy /e /i /q \"%FAKE_SITE%\\unpacked\" . >nul");
        batch(tools.resolve("certutil.cmd"), "echo SHA256 hash of %2:", "echo 12 ab", "echo CertUtil: completed.");
        batch(Files.createDirectories(site.resolve("unpacked/jbang-0/bin")).resolve("jbang.cmd"),
                "echo release %* in %ENERGY_MONITOR_SOURCE%, JDK %JBANG_DEFAULT_JAVA_VERSION%", "exit /b 5");
        Path path = Files.createDirectories(folder.resolve("path"));
        batch(path.resolve("jbang.cmd"), "echo of the path %*", "exit /b 7");
        try (Program onPath = launcher(Map.of("WINEPATH", Wine.path(path)))) {
            assertThat(onPath.exitCode()).as(onPath.toString()).isEqualTo(7);
            assertThat(onPath.out()).singleElement().asString().endsWith("EnergyMonitor.java \"a b\" --x=1");
        }
        Map<String, String> variables = Map.of("WINEPATH", Wine.path(tools) + ";" + Wine.path(path), "JBANGW_OWN", "1",
                "FAKE_SITE", Wine.path(site), "JBANG_DOWNLOAD_URL", "http://127.0.0.1:1/jbang/jbang.tar");
        try (Program missing = launcher(variables)) {
            assertThat(missing.exitCode()).as(missing.toString()).isEqualTo(1);
            assertThat(missing.err()).last().asString().contains("could not be fetched: check the network");
        }
        Files.writeString(site.resolve("jbang.tar"), "");
        Files.writeString(site.resolve("checksums_sha256.txt"), "34cd  jbang.tar\n");
        try (Program wrong = launcher(variables)) {
            assertThat(wrong.exitCode()).as(wrong.toString()).isEqualTo(1);
            assertThat(wrong.err()).last().asString().contains("another checksum");
        }
        Files.writeString(site.resolve("checksums_sha256.txt"), "34cd  jbang.zip\n12ab  jbang.tar\n");
        try (Program first = launcher(variables)) {
            assertThat(first.exitCode()).as(first.toString()).isEqualTo(5);
            assertThat(first.err()).singleElement().asString().startsWith("jbangw: fetching JBang");
            assertThat(first.out()).singleElement().asString().contains("release ", " \"a b\" --x=1 in ")
                    .endsWith("\\., JDK 17");
        }
        Files.delete(site.resolve("jbang.tar"));
        try (Program later = launcher(variables)) {
            assertThat(later.exitCode()).as(later.toString()).isEqualTo(5);
            assertThat(later.err()).isEmpty();
        }
    }

    private static Program launcher(Map<String, String> variables) throws Exception {
        return wine.program(variables, List.of("cmd", "/c", Wine.path(Project.ROOT.resolve("jbangw.cmd")),
                Wine.path(Project.SCRIPT), "a b", "--x=1"));
    }

    private static void batch(Path file, String... lines) throws Exception {
        Files.writeString(file, "@echo off\r\n" + String.join("\r\n", lines) + "\r\n");
    }

    /** Percent signs and letters beyond ASCII in the folder's name are more than Wine's command interpreter can do. */
    @Test
    void theBatchFileOfInstallIpwStartsTheMonitor() throws Exception {
        Path telemetry = Files.createDirectories(folder.resolve("checkout/intelligence-per-watt/src/ipw/telemetry"));
        Files.writeString(telemetry.resolve("launcher.py"), "");
        Path source = Files.createDirectories(folder.resolve("a clone"));
        Files.writeString(source.resolve("EnergyMonitor.java"), "");
        Files.setPosixFilePermissions(Files.writeString(source.resolve("jbangw"), ""),
                PosixFilePermissions.fromString("rwxr-xr-x"));
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.writeString(bin.resolve("jbang.cmd"), "@echo off\r\nif not exist %1 exit /b 9\r\n"
                + String.join(" ", wine.monitorCommand()) + " %2 %3 %4 %5 %6 %7 %8 %9\r\n");
        Map<String, String> variables = Map.of("ENERGY_MONITOR_SOURCE", Wine.path(source), "WINEPATH", Wine.path(bin));
        try (Program install = wine.program(variables, wine.monitorCommand("install-ipw",
                Wine.path(folder.resolve("checkout"))))) {
            install.awaitOut(Pattern.compile("Wrote .*energy-monitor\\.cmd")); // its own trial's time is short for Wine
        }
        Path script = telemetry.resolve("bin/windows-x86_64/energy-monitor.cmd");
        try (Program monitor = wine.program(variables, List.of("cmd", "/c", Wine.path(script), "--port", "0"));
                Client client = new Client(monitor.port())) {
            assertThat(client.health().getPlatform()).isEqualTo("nvidia");
        }
    }
}
