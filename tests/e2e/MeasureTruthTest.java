package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import collectors.gpu.FakeNvml;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The joules of {@code measure} on a fake NVML with a driver's habits, against what its GPUs truly drew. */
@Timeout(120)
class MeasureTruthTest {

    private static final String STEPS = "energy_publish_ms=100;energy_jitter_ms=10;power_average_ms=1000";
    private static final double TOLERANCE = 0.04;

    @TempDir
    private Path folder;

    private final FakeNvml fake = FakeNvml.create();

    /** The load is in milliwatts: low, high, and the milliseconds of a period, of which it is high in the first half. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gpus=1                                 |  90000 | 700000 | 700 | 1
            gpus=1;timestamps=1                    |  90000 | 700000 | 660 | 1
            gpus=1;fields=0                        |  90000 | 700000 | 700 | 2
            gpus=1;error.*TotalEnergy*=3;fields=0  | 400000 | 400000 | 700 | 1
            gpus=4;call_us=10000                   |  90000 | 700000 | 700 | 3
            gpus=8;call_us=30000                   | 400000 | 400000 | 700 | 1
            """)
    void theTotalIsWhatTheGpusDrew(String settings, long low, long high, long periodMillis, int seconds)
            throws Exception {
        String load = ";load_period_ms=" + periodMillis + ";load_high_ms=" + periodMillis / 2 + ";load_high_mw=" + high
                + ";load_low_mw=" + low;
        JsonObject run;
        try (Program measure = measure(settings + ";" + STEPS + load, "sleep " + seconds)) {
            run = run(measure);
        }
        JsonObject total = run.getAsJsonObject("total");
        long from = run.get("start_nanos").getAsLong() - unixMinusNanoTime();
        long to = from + Math.round(run.get("seconds").getAsDouble() * 1e9);
        long periodNanos = TimeUnit.MILLISECONDS.toNanos(periodMillis);
        double truth = run.getAsJsonArray("devices").size()
                * (drawn(to, periodNanos, low, high) - drawn(from, periodNanos, low, high));
        assertThat(truth).as(run.toString())
                .isBetween(total.get("least_joules").getAsDouble(), total.get("most_joules").getAsDouble());
        double allowed = Math.max(TOLERANCE * truth, 1.5 * total.get("uncertainty_joules").getAsDouble());
        assertThat(total.get("joules").getAsDouble()).as(run.toString()).isCloseTo(truth, within(allowed));
        assertThat(total.get("uncertainty_joules").getAsDouble()).isLessThan(truth / 4);
        double peak = total.get("peak_watts").getAsDouble();
        assertThat(total.get("mean_watts").getAsDouble()).isLessThanOrEqualTo(peak);
        double peaks = 0; // all draw their most at the same time
        for (JsonElement device : run.getAsJsonArray("devices")) {
            peaks += device.getAsJsonObject().get("peak_watts").getAsDouble();
        }
        assertThat(peak).as(run.toString()).isCloseTo(peaks, within(0.03 * peaks));
    }

    @Test
    void aGpuThatIsLostDuringTheRunLeavesNoTotalAndIsNamed() throws Exception {
        Path control = Files.writeString(folder.resolve("control"), "gpu1.removed=0");
        JsonObject run;
        try (Program measure = measure("gpus=4;" + STEPS + ";power_mw=400000", "echo runs; sleep 3")) {
            measure.awaitOut(Pattern.compile("runs"));
            TimeUnit.MILLISECONDS.sleep(500);
            Files.writeString(control, "gpu1.removed=1");
            run = run(measure);
        }
        JsonObject total = run.getAsJsonObject("total");
        assertThat(total.get("joules").isJsonNull()).as(run.toString()).isTrue();
        assertThat(total.get("problem").getAsString()).startsWith("nvidia 1 ");
        assertThat(run.getAsJsonArray("devices").get(0).getAsJsonObject().get("joules").getAsDouble())
                .isCloseTo(400 * run.get("seconds").getAsDouble(), within(60.0));
    }

    private Program measure(String settings, String command) throws Exception {
        Map<String, String> environment = Map.of("LD_LIBRARY_PATH", fake.folder().toString(), "FAKE_NVML", settings,
                "FAKE_NVML_CONTROL", folder.resolve("control").toString(), "CUDA_VISIBLE_DEVICES", "");
        List<String> words = new ArrayList<>(List.of("measure", "--collector", "nvidia", "--no-auxiliary", "--json",
                "-o", folder.resolve("report.json").toString(), "--", "/bin/sh", "-c", command));
        return Program.start(Project.ROOT, environment, Project.java(words.toArray(String[]::new)));
    }

    private JsonObject run(Program measure) throws Exception {
        assertThat(measure.exitCode()).as(measure.toString()).isZero();
        return JsonParser.parseString(Files.readString(folder.resolve("report.json"))).getAsJsonObject()
                .getAsJsonArray("runs").get(0).getAsJsonObject();
    }

    /** Joules of one GPU since the clock's zero; the fake goes by the clock of {@link System#nanoTime}. */
    private static double drawn(long nanos, long periodNanos, long lowMilliwatts, long highMilliwatts) {
        long rest = Math.floorMod(nanos, periodNanos);
        double high = Math.floorDiv(nanos, periodNanos) * (periodNanos / 2) + Math.min(rest, periodNanos / 2);
        return (high * highMilliwatts + (nanos - high) * lowMilliwatts) / 1e12;
    }

    private static long unixMinusNanoTime() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano() - System.nanoTime();
    }
}
