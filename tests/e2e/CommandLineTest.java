package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command line answers when it does not serve: help, version, and one line for every error. */
@Timeout(120)
class CommandLineTest {

    private static final Path HELP = Project.FIXTURES.resolve("help.txt");

    /** As for all that {@code cli.FlagsTest} has refused without a start. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --port abc                 | --port     | give a whole number
            --collector frobnicate     | frobnicate | give auto, nvidia,
            frobnicate                 | frobnicate | unknown command
            """)
    void wrongUsageIsOneLineAndExitCode2(String arguments, String what, String remedy) throws Exception {
        try (Program monitor = Project.startJava(arguments.split(" "))) {
            assertOneLine(monitor, 2, what, remedy);
            assertThat(monitor.err().get(0)).endsWith("Try 'energy-monitor --help'");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --bind-address 8.8.8.8              | 8.8.8.8                  | such as 127.0.0.1
            --bind-address no-such-host.invalid | no-such-host.invalid     | give an address of this machine
            --tls-cert x.pem --tls-key x.key    | x.pem                    | does not exist
            --auth-token-file no-such-token     | no-such-token            | does not exist
            --collector simulated --no-auxiliary --gpm | no effect         | leave it out
            --collector e2e.BrokenCollector     | e2e.BrokenCollector      | not plugged in: plug it in
            """)
    void whatCannotWorkHereIsOneLineAndExitCode1(String arguments, String what, String remedy) throws Exception {
        try (Program monitor = Project.startJava((arguments + " --port 0").split(" "))) {
            assertOneLine(monitor, 1, what, remedy);
        }
    }

    @Test
    void anyAddressIsShownAsItWasGiven() throws Exception {
        try (Program monitor = Project.startJava("--bind-address", "0.0.0.0", "--port", "0", "--collector", "null")) {
            assertThat(monitor.awaitErr(Pattern.compile("Serving on .*")).group()).startsWith("Serving on 0.0.0.0:");
        }
    }

    @Test
    void theLogHasTheOffsetOfItsTimesAndNothingOfTheLibrariesAtDebug() throws Exception {
        try (Program monitor = Project.startJava("--port", "0", "--collector", "simulated", "--log-level", "debug");
                Client client = new Client(monitor.port())) {
            client.stream().await(reading -> true);
            assertThat(monitor.err()).isNotEmpty().allSatisfy(line -> assertThat(line)
                    .matches("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+(Z|[+-]\\d\\d:\\d\\d) .*").doesNotContain("netty"));
        }
    }

    @Test
    void aPortInUseIsOneLineAndExitCode1() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Program monitor = Project.startJava("--collector", "null",
                        "--port", String.valueOf(taken.getLocalPort()))) {
            assertOneLine(monitor, 1, "port " + taken.getLocalPort(), "--port");
        }
    }

    @Test
    void anHttpPortInUseIsOneLineAndExitCode1() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Program monitor = Project.startJava("--collector", "null", "--port", "0",
                        "--http-port", String.valueOf(taken.getLocalPort()))) {
            assertOneLine(monitor, 1, "port " + taken.getLocalPort(), "--http-port");
        }
    }

    @Test
    void nvidiaWithoutADriverIsOneLineAndExitCode1() throws Exception {
        assumeFalse(Files.exists(Path.of("/proc/driver/nvidia")), "this machine has an NVIDIA driver");
        try (Program monitor = Project.startJava("--collector", "nvidia", "--port", "0")) {
            assertOneLine(monitor, 1, "nvidia", "driver");
        }
    }

    @Test
    void whereJnaHasNoFolderForItsLibraryTheReasonSaysSo() throws Exception {
        Map<String, String> environment = Map.of("JAVA_TOOL_OPTIONS", "-Djna.tmpdir=/dev/null/none");
        try (Program monitor = Program.start(Project.ROOT, environment, Project.java("--collector", "nvidia"))) {
            assertThat(monitor.exitCode()).as(monitor.toString()).isEqualTo(1);
            assertThat(monitor.err()).filteredOn(line -> line.startsWith("energy-monitor: ")).singleElement().asString()
                    .contains("JNA cannot run here", "/dev/null/none");
        }
    }

    @Test
    void helpIsAsItStandsInTheFixture() throws Exception {
        try (Program monitor = Project.startJava("--help")) {
            assertThat(monitor.exitCode()).isZero();
            assertThat(monitor.err()).isEmpty();
            assertThat(monitor.out())
                    .as("after a change: ./jbangw EnergyMonitor.java --help > tests/fixtures/help.txt")
                    .isEqualTo(Files.readAllLines(HELP));
        }
    }

    @Test
    void versionIsOneLine() throws Exception {
        try (Program monitor = Project.startJava("--version")) {
            assertThat(monitor.exitCode()).isZero();
            assertThat(monitor.err()).isEmpty();
            assertThat(monitor.out()).singleElement().asString().matches("energy-monitor \\d+\\.\\d+\\.\\d+");
        }
    }

    private static void assertOneLine(Program monitor, int exitCode, String what, String remedy)
            throws InterruptedException {
        assertThat(monitor.exitCode()).as(monitor.toString()).isEqualTo(exitCode);
        assertThat(monitor.out()).isEmpty();
        assertThat(monitor.err()).singleElement().asString().startsWith("energy-monitor: ").contains(what, remedy);
    }
}
