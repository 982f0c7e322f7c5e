package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import energy.TelemetryReading;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The monitor as it is started by people and launchers, and clients of several kinds. */
@Timeout(120)
class StreamingTest {

    private static final int CLIENTS = 20;
    private static final Pattern READING = Pattern.compile("^power_watts=");

    private static Program monitor;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        monitor = Program.start(Project.ROOT, Map.of(),
                Project.jbangw("--port", "0", "--collector", "simulated", "--collection-interval-ms", "5"));
        port = monitor.port();
    }

    @AfterAll
    static void stop() {
        monitor.close();
    }

    @Test
    void healthNamesThePlatformThatIsRead() {
        try (Client client = new Client(port)) {
            assertThat(client.health().getHealthy()).isTrue();
            assertThat(client.health().getPlatform()).isEqualTo("simulated");
        }
    }

    @Test
    void everyFieldOfAReadingIsFilledOrSaysThatItIsUnavailable() throws Exception {
        try (Client client = new Client(port)) {
            Client.Stream stream = client.stream();
            TelemetryReading first = stream.await(reading -> true);
            assertThat(first.getPowerWatts()).isBetween(150.0, 450.0);
            assertThat(first.getEnergyJoules()).isNotNegative();
            assertThat(first.getTemperatureCelsius()).isBetween(30.0, 80.0);
            assertThat(first.getGpuMemoryUsageMb()).isEqualTo(8192);
            assertThat(first.getCpuMemoryUsageMb()).isPositive();
            assertThat(first.getPlatform()).isEqualTo("simulated");
            assertThat(Math.abs(first.getTimestampNanos() / 1_000_000 - System.currentTimeMillis())).isLessThan(10_000);
            assertThat(first.getSystemInfo().getOsName()).isNotEmpty();
            assertThat(first.getSystemInfo().getKernelVersion()).isNotEmpty();
            assertThat(first.getSystemInfo().getHostName()).isNotEmpty();
            assertThat(first.getSystemInfo().getCpuCount()).isPositive();
            assertThat(first.getSystemInfo().getCpuBrand()).isNotEmpty();
            assertThat(first.getGpuInfo().getName()).isEqualTo("Simulated GPU x2");
            assertThat(List.of(first.getCpuPowerWatts(), first.getCpuEnergyJoules(), first.getAnePowerWatts(),
                    first.getAneEnergyJoules(), first.getGpuTensorCoreUtilizationPct())).containsOnly(-1.0);
            assertThat(first.getGpuComputeUtilizationPct()).isBetween(30.0, 100.0);
            assertThat(first.getGpuMemoryBandwidthUtilizationPct()).isBetween(15.0, 50.0);
            assertThat(first.getGpuMemoryTotalMb()).isEqualTo(32768);
            assertThat(first.getUnknownFields().asMap()).isEmpty();

            TelemetryReading later = stream.await(
                    reading -> reading.getTimestampNanos() > first.getTimestampNanos() + 1_000_000_000);
            double seconds = (later.getTimestampNanos() - first.getTimestampNanos()) / 1e9;
            assertThat((later.getEnergyJoules() - first.getEnergyJoules()) / seconds).isBetween(150.0, 450.0);
        }
    }

    @Test
    void aPythonClientThatKnowsOnlyTheFirstNineFieldsReadsThem() throws Exception {
        try (Program client = python("5")) {
            assertThat(client.exitCode()).as(client.toString()).isZero();
            assertThat(client.out()).hasSize(6);
            assertThat(client.out().get(0)).isEqualTo("healthy=True\tplatform=simulated");
            double joules = -1;
            for (String line : client.out().subList(1, 6)) {
                Map<String, String> reading = values(line);
                assertThat(Double.parseDouble(reading.get("power_watts"))).isBetween(150.0, 450.0);
                assertThat(Double.parseDouble(reading.get("energy_joules"))).isGreaterThan(joules);
                joules = Double.parseDouble(reading.get("energy_joules"));
                assertThat(reading).containsEntry("gpu_memory_usage_mb", "8192.0")
                        .containsEntry("platform", "simulated")
                        .containsEntry("gpu_info.name", "Simulated GPU x2")
                        .containsEntry("gpu_info.device_type", "GPU");
                assertThat(Double.parseDouble(reading.get("cpu_memory_usage_mb"))).isPositive();
                assertThat(reading.get("system_info.os_name")).isNotEmpty();
            }
        }
    }

    @Test
    void aClientThatNeverReadsAndOneThatIsKilledDisturbNobody() throws Exception {
        List<Client> clients = new ArrayList<>();
        try (Client stalledClient = new Client(port); Program killed = python("0")) {
            Client.Stream stalled = stalledClient.stream(1);
            List<Client.Stream> streams = new ArrayList<>();
            for (int i = 0; i < CLIENTS - 2; i++) {
                clients.add(new Client(port));
                streams.add(clients.get(i).stream());
            }
            killed.awaitOut(READING);
            long start = streams.get(0).await(reading -> true).getTimestampNanos();
            for (Client.Stream stream : streams) {
                stream.await(reading -> reading.getTimestampNanos() > start + 500_000_000);
            }

            killed.signal("KILL");
            assertThat(killed.exitCode()).isEqualTo(128 + 9);
            long end = System.currentTimeMillis() * 1_000_000 + 2_000_000_000;
            for (Client.Stream stream : streams) {
                stream.await(reading -> reading.getTimestampNanos() > end);
                assertThat(stream.hasEnded()).isFalse();
                // At 5 ms between readings; the machine may be busy, but no stream may stand still.
                assertThat(stream.readings()).hasSizeGreaterThan(100);
                assertThat(stream.readings()).extracting(TelemetryReading::getTimestampNanos)
                        .isSorted().doesNotHaveDuplicates();
            }

            // Whoever reads again gets on to the newest reading, though much was dropped for it.
            assertThat(stalled.readings()).hasSize(1);
            stalled.read(100_000);
            stalled.await(reading -> reading.getTimestampNanos() > end);
            assertThat(stalled.hasEnded()).isFalse();
        } finally {
            clients.forEach(Client::close);
        }
    }

    private static Program python(String count) throws Exception {
        return Python.start(Project.ROOT, List.of("grpc", "google.protobuf"),
                List.of(Project.FIXTURES.resolve("python/client.py").toString(), String.valueOf(port), count));
    }

    private static Map<String, String> values(String line) {
        Map<String, String> values = new HashMap<>();
        for (String pair : line.split("\t")) {
            values.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return values;
    }
}
