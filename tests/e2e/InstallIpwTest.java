package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The subcommand that makes Intelligence Per Watt start this monitor, on a checkout with only what matters of it. */
@Timeout(240)
@Order(4)
class InstallIpwTest {

    private static final Pattern ANSWERED = Pattern.compile("it answered after (\\d+\\.\\d+) s");

    @TempDir
    Path folder;

    private Path checkout;
    private Path telemetry;

    @BeforeEach
    void makeACheckout() throws IOException {
        checkout = folder.resolve("a checkout");
        telemetry = Files.createDirectories(checkout.resolve("intelligence-per-watt/src/ipw/telemetry"));
        Files.writeString(telemetry.resolve("proto.py"), "FIELDS = ['power_watts']\n");
        Files.writeString(telemetry.resolve("launcher.py"), "");
    }

    @Test
    void theScriptBecomesTheMonitorAndEndsOnTheLaunchersSignal() throws Exception {
        try (Program install = install(checkout.toString())) {
            assertThat(install.exitCode()).as(install.toString()).isZero();
            assertThat(install.out()).anyMatch(line -> line.startsWith("Wrote "))
                    .anyMatch(line -> ANSWERED.matcher(line).find());
        }
        Path script = script();
        assertThat(Files.readString(script)).contains("--exit-with-parent").doesNotContain("--macos-power");

        Map<String, String> bare = Map.of("PATH", "/usr/bin:/bin", "JAVA_HOME", "", "PYTHONPATH", "");
        try (Program monitor = Program.start(folder, bare, List.of("sh", "-c",
                "umask 077; exec '" + script + "' --port 0 --bind-address 127.0.0.1 --collector simulated"))) {
            try (Client client = new Client(monitor.port())) {
                assertThat(client.health().getHealthy()).isTrue();
                client.stream().await(reading -> reading.getEnergyJoules() > 0);
            }
            assertThat(monitor.descendants()).as("exec all the way").isEmpty();
            monitor.signal("TERM");
            assertThat(monitor.exitCode()).isEqualTo(128 + 15);
        }

        try (Program again = install(script.getParent().getParent().toString())) {
            assertThat(again.exitCode()).as(again.toString()).isZero();
            assertThat(again.out()).anyMatch(line -> line.endsWith(" is up to date"));
        }
    }

    /** Where nobody can write to the home, and later where all that JBang had kept is gone. */
    @Test
    void theScriptServesWithoutANetworkAndSaysWhatItWaitsFor() throws Exception {
        assumeTrue(new ProcessBuilder("unshare", "-rn", "ip", "link", "set", "lo", "up").start().waitFor() == 0,
                "no network of its own can be made here with unshare and ip");
        Path jbang = folder.resolve("jbang's");
        JbangCache.copyTo(jbang.resolve("cache"));
        Map<String, String> environment = Map.of("JBANG_DIR", jbang.toString(), "JBANG_CACHE_DIR", "");
        try (Program install = Program.start(Project.ROOT, environment, Project.jbangw("install-ipw",
                checkout.toString()))) {
            assertThat(install.exitCode()).as(install.toString()).isZero();
        }
        List<String> command = List.of("unshare", "-rn", "sh", "-c", "ip link set lo up; exec \"$@\"", "sh",
                script().toString(), "--port", "0", "--bind-address", "127.0.0.1");
        try (Program warm = Program.start(folder, Map.of("JBANG_DIR", jbang.toString(), "JBANG_CACHE_DIR", "",
                "HOME", "/dev/null", "XDG_CACHE_HOME", "", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin"), command)) {
            warm.port();
            assertThat(warm.err().get(0)).contains("Serving on ");
        }
        Files.move(jbang, folder.resolve("gone"));
        try (Program cold = Program.start(folder, environment, command)) {
            cold.port();
            assertThat(cold.err()).anyMatch(line -> line.contains("Building jar for EnergyMonitor.java"));
        }
    }

    @Test
    void aMonitorThatIsNotOursIsReplacedOnlyWhenForcedAndPutBack() throws Exception {
        Path script = script();
        Files.createDirectories(script.getParent());
        Files.writeString(script, "another program");
        try (Program refused = install(checkout.toString())) {
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).singleElement().asString().startsWith("energy-monitor: ").contains("--force");
        }
        try (Program dry = install(checkout.toString(), "--force", "--dry-run")) {
            assertThat(dry.exitCode()).isZero();
            assertThat(String.join("\n", dry.out())).contains("Would write ").contains("jbangw");
        }
        assertThat(Files.readString(script)).isEqualTo("another program");
        try (Program forced = install(checkout.toString(), "--force")) {
            assertThat(forced.exitCode()).as(forced.toString()).isZero();
        }
        assertThat(Files.readString(script)).contains("jbangw");
        Files.writeString(script, "a third program");
        try (Program forced = install(checkout.toString(), "--force")) {
            assertThat(forced.exitCode()).as(forced.toString()).isZero();
        }
        try (Program removed = install(checkout.toString(), "--uninstall")) {
            assertThat(removed.exitCode()).isZero();
        }
        assertThat(Files.readString(script)).isEqualTo("another program");
        try (Program removed = install(checkout.toString(), "--uninstall")) {
            assertThat(removed.exitCode()).as("not ours any more").isEqualTo(1);
        }
        try (Stream<Path> left = Files.list(script.getParent())) {
            assertThat(left).containsExactlyInAnyOrder(script,
                    script.resolveSibling("energy-monitor.before-install-ipw.2"));
            assertThat(script.resolveSibling("energy-monitor.before-install-ipw.2")).hasContent("a third program");
        }
    }

    @Test
    void aClientThatKnowsTheCpusFieldsGetsThePackagesThere() throws Exception {
        Files.writeString(telemetry.resolve("proto.py"), "FIELDS = ['power_watts', 'cpu_power_watts']\n");
        try (Program dry = install(telemetry.getParent().toString(), "--dry-run")) {
            assertThat(dry.exitCode()).isZero();
            assertThat(String.join("\n", dry.out())).contains("--exit-with-parent --cpu-fields separate ").doesNotContain("--macos-power");
        }
        assertThat(script()).doesNotExist();
    }

    @Test
    void linksAreNotFollowed() throws Exception {
        Path outside = Files.writeString(folder.resolve("outside"), "# Written by energy-monitor install-ipw");
        Files.createDirectories(script().getParent());
        Files.createSymbolicLink(script(), outside);
        try (Program refused = install(checkout.toString())) {
            assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(1);
            assertThat(refused.err()).singleElement().asString().contains("was not written by this command");
        }
        assertThat(outside).hasContent("# Written by energy-monitor install-ipw");
        Files.delete(script());
        Files.delete(script().getParent());
        Files.createSymbolicLink(script().getParent(), folder);
        try (Program refused = install(checkout.toString(), "--force")) {
            assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(1);
            assertThat(refused.err()).singleElement().asString().contains("is a link", "fix: ");
        }
        assertThat(folder.resolve("energy-monitor")).doesNotExist();
    }

    @Test
    void anotherFolderIsRefusedInOneLine() throws Exception {
        try (Program refused = install(folder.toString())) {
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).singleElement().asString()
                    .startsWith("energy-monitor: " + folder).contains("no checkout of intelligence-per-watt");
        }
    }

    @Test
    void theMonitorEndsWhenWhoStartedItIsKilled() throws Exception {
        List<String> command = Project.java("--port", "0", "--collector", "simulated", "--exit-with-parent");
        List<String> shell = new ArrayList<>(List.of("sh", "-c", "\"$@\" & echo $!; wait", "sh"));
        shell.addAll(command);
        try (Program parent = Program.start(Project.ROOT, Map.of(), shell)) {
            parent.port();
            ProcessHandle monitor = ProcessHandle.of(Long.parseLong(parent.out().get(0))).orElseThrow();
            assertThat(monitor.isAlive()).isTrue();
            parent.signal("KILL");
            monitor.onExit().get(30, TimeUnit.SECONDS);
            assertThat(monitor.isAlive()).isFalse();
        }
    }

    private Path script() throws IOException {
        String os = System.getProperty("os.name").startsWith("Mac") ? "macos" : "linux";
        String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x86_64";
        return telemetry.resolve("bin/" + os + "-" + arch + "/energy-monitor");
    }

    private static Program install(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("install-ipw"));
        all.addAll(List.of(arguments));
        return Program.start(Project.ROOT, Map.of(), Project.jbangw(all.toArray(String[]::new)));
    }
}
