package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import collectors.gpu.FakeNvml;
import io.grpc.Status;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A signal to the process that was started ends the monitor, all of it. */
@Timeout(120)
class EndTest {

    @TempDir
    Path folder;

    /** A second is promised; this leaves room for a busy machine. */
    private static final long LIMIT_MILLIS = 4000;

    @ParameterizedTest
    @CsvSource({"TERM, 15", "INT, 2"})
    void aSignalCompletesTheStreamsAndLeavesNothingBehind(String signal, int number) throws Exception {
        assumeFalse(isIgnored(number), "SIG" + signal + " is ignored in this test run, so in what it starts");
        try (Program monitor = Program.start(Project.ROOT, Map.of(),
                Project.jbangw("--port", "0", "--collector", "simulated"))) {
            int port = monitor.port();
            assertThat(monitor.descendants()).as("jbangw ends in exec").isEmpty();
            try (Client client = new Client(port)) {
                Client.Stream stream = client.stream();
                stream.await(reading -> true);

                long before = System.nanoTime();
                monitor.signal(signal);
                assertThat(monitor.exitCode()).as(monitor.toString()).isEqualTo(128 + number);
                assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before)).isLessThan(LIMIT_MILLIS);
                assertThat(stream.end().getCode()).isEqualTo(Status.Code.OK);
            }
            try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThat(taken.isBound()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 40, 80, 120, 160, 200, 250, 300, 400})
    void aSignalAtAnyMomentOfTheStartEndsItSoon(int millis) throws Exception {
        try (Program monitor = Project.startJava("--port", "0", "--collector", "simulated")) {
            Thread.sleep(millis);
            long before = System.nanoTime();
            monitor.signal("TERM");
            assertThat(monitor.exitCode()).as(monitor.toString()).isEqualTo(128 + 15);
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before)).isLessThan(LIMIT_MILLIS);
        }
    }

    @Test
    void aSignalWhileTheDriverHangsEndsItSoon() throws Exception {
        FakeNvml fake = FakeNvml.create();
        Map<String, String> environment = Map.of("LD_LIBRARY_PATH", fake.folder().toString(), "FAKE_NVML", "gpus=2",
                "FAKE_NVML_CONTROL", folder.resolve("control").toString());
        try (Program monitor = Program.start(Project.ROOT, environment, Project.java("--port", "0"));
                Client client = new Client(monitor.port())) {
            Client.Stream stream = client.stream();
            stream.await(reading -> reading.getPowerWatts() == 600);
            Files.writeString(folder.resolve("control"), "hang_ms.nvmlDeviceGetPowerUsage=600000");
            stream.await(reading -> reading.getPowerWatts() == -1);
            assertThat(client.health().getHealthy()).isFalse();

            long before = System.nanoTime();
            monitor.signal("TERM");
            assertThat(monitor.exitCode()).isEqualTo(128 + 15);
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before)).isLessThan(LIMIT_MILLIS);
            assertThat(stream.end().getCode()).isEqualTo(Status.Code.OK);
        }
    }

    /** A shell starts what runs in its background with SIGINT ignored; see proc(5), SigIgn. */
    static boolean isIgnored(int signal) throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status) && Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> new BigInteger(line.substring("SigIgn:".length()).strip(), 16))
                .anyMatch(ignored -> ignored.testBit(signal - 1));
    }
}
