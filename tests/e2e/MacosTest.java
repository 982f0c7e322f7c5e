package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import energy.TelemetryReading;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The monitor on a powermetrics that replays a recording: what stands on the wire, and that none is left behind. */
@Timeout(120)
class MacosTest {

    private static final Path RECORDINGS = Project.FIXTURES.resolve("powermetrics");
    private static final Path RECORDING = RECORDINGS.resolve("m-series.plists");
    /** Of the recording's four lists. */
    private static final Set<Long> COMBINED_MILLIWATTS = Set.of(3240L, 3320L, 3520L);

    @TempDir
    private Path folder;

    @Test
    void theWholeChipStandsInTheFirstFieldsAndNoPartBesideThem() throws Exception {
        try (Program monitor = start(RECORDING, "repeat", "--macos-power", "combined");
                Client client = new Client(monitor.port())) {
            assertThat(client.health().getHealthy()).isTrue();
            TelemetryReading reading = client.stream().await(r -> r.getPowerWatts() > 0 && r.getEnergyJoules() > 0.7);
            assertThat(reading.getPlatform()).isEqualTo("macos");
            assertThat(Math.round(1e3 * reading.getPowerWatts())).isIn(COMBINED_MILLIWATTS);
            assertThat(List.of(reading.getCpuPowerWatts(), reading.getCpuEnergyJoules(), reading.getAnePowerWatts(),
                    reading.getAneEnergyJoules())).containsOnly(-1.0);
            assertThat(reading.getGpuComputeUtilizationPct()).isEqualTo(25);
            assertThat(reading.getGpuInfo().getVendor()).isEqualTo("Apple");
            assertThat(reading.getGpuInfo().getDeviceType()).isEqualTo("Integrated GPU");
            assertThat(reading.getGpuInfo().getBackend()).isEqualTo("powermetrics");
        }
    }

    @Test
    void theGpuAloneAndItsNeighboursAddUpToTheChip() throws Exception {
        try (Program monitor = start(RECORDING, "repeat", "--macos-power", "gpu");
                Client client = new Client(monitor.port())) {
            TelemetryReading reading = client.stream().await(r -> r.getPowerWatts() > 0 && r.getEnergyJoules() > 0.07);
            assertThat(reading.getPowerWatts()).isLessThan(0.5);
            assertThat(Math.round(1e3 * (reading.getPowerWatts() + reading.getCpuPowerWatts()
                    + reading.getAnePowerWatts()))).isIn(COMBINED_MILLIWATTS);
            // The recording's lists have 7.5 to 11.5 times as much for the CPU, whichever of them were added up.
            assertThat(reading.getCpuEnergyJoules())
                    .isBetween(7.5 * reading.getEnergyJoules(), 11.5 * reading.getEnergyJoules());
            assertThat(reading.getAneEnergyJoules()).isBetween(0.0, reading.getEnergyJoules());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"combined", "gpu"})
    void whatIoReportCountsStandsInTheSameFields(String power) throws Exception {
        List<String> command = Project.java("--collector", "collectors.apple.FakeMacCollector", "--port", "0",
                "--no-auxiliary", "--macos-power", power);
        try (Program monitor = Program.start(Project.ROOT, Map.of("FAKE_APPLE", "chip=m1;utilization=37"), command);
                Client client = new Client(monitor.port())) {
            boolean combined = power.equals("combined");
            TelemetryReading reading = client.stream().await(r -> r.getEnergyJoules() > 1);
            assertThat(reading.getPowerWatts()).isCloseTo(combined ? 6 : 2, within(0.2));
            assertThat(reading.getCpuPowerWatts()).isCloseTo(combined ? -1 : 4, within(0.2));
            assertThat(reading.getAnePowerWatts()).isEqualTo(combined ? -1 : 0);
            assertThat(reading.getPlatform()).isEqualTo("macos");
            assertThat(reading.getGpuInfo().getName()).isEqualTo("Apple GPU");
            assertThat(reading.getGpuInfo().getBackend()).isEqualTo("IOReport");
            assertThat(reading.getGpuComputeUtilizationPct()).isEqualTo(37);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "KILL"})
    void noPowermetricsOutlivesTheMonitor(String signal) throws Exception {
        try (Program monitor = start(RECORDING, "repeat")) {
            monitor.port();
            assertThat(powermetrics()).isPresent();
            monitor.signal(signal);
            monitor.exitCode();
            awaitEnd();
        }
    }

    @Test
    void noneIsLeftWhenTheMonitorIsEndedBeforeTheFirstList() throws Exception {
        try (Program monitor = start(Files.createFile(folder.resolve("nothing")), "silent")) {
            while (powermetrics().isEmpty()) {
                Thread.sleep(5);
            }
            monitor.signal("TERM");
            assertThat(monitor.exitCode()).isEqualTo(128 + 15);
            awaitEnd();
        }
    }

    private Program start(Path lists, String then, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(Project.java("--collector", "macos", "--port", "0", "--no-auxiliary"));
        command.addAll(List.of(arguments));
        return Program.start(Project.ROOT, Map.of("PATH", RECORDINGS + File.pathSeparator + System.getenv("PATH"),
                "FAKE_STARTS", folder.resolve("starts").toString(), "FAKE_LISTS", lists.toString(),
                "FAKE_THEN", then,
                // As long as a list says that it covers: else its energy would be more than its power tells.
                "FAKE_PAUSE", "0.05"), command);
    }

    /** The powermetrics that was started, while it runs. */
    private Optional<ProcessHandle> powermetrics() throws IOException {
        Path starts = folder.resolve("starts");
        return !Files.exists(starts) ? Optional.empty() : Files.readAllLines(starts).stream()
                .flatMap(line -> ProcessHandle.of(Long.parseLong(line.split(" ")[0])).stream())
                // One that has ended and that nobody has waited for yet has no command any more.
                .filter(handle -> handle.isAlive() && handle.info().command().isPresent()).findFirst();
    }

    private void awaitEnd() throws IOException, InterruptedException {
        long end = System.nanoTime() + 20_000_000_000L;
        while (powermetrics().isPresent()) {
            assertThat(System.nanoTime()).as("powermetrics ends in time").isLessThan(end);
            Thread.sleep(5);
        }
    }
}
