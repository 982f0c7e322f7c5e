package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import collectors.gpu.FakeNvml;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands that ask one monitor, each for its own of eight GPUs, of which number n draws 100 + 50 n W. */
@Timeout(300)
class SharedMonitorTest {

    @TempDir
    private Path folder;

    @Test
    void eachCommandSeesItsOwnDevices() throws Exception {
        StringBuilder settings = new StringBuilder("gpus=8");
        for (int gpu = 0; gpu < 8; gpu++) {
            settings.append(";gpu").append(gpu).append(".power_mw=").append(100_000 + 50_000 * gpu);
        }
        Map<String, String> environment = Map.of("LD_LIBRARY_PATH", FakeNvml.create().folder().toString(),
                "FAKE_NVML", settings.toString(), "CUDA_VISIBLE_DEVICES", "0,1,2,3,4,5,6,7");
        try (Program monitor = Program.start(Project.ROOT, environment,
                Project.java("--port", "0", "--collector", "nvidia"))) {
            String target = "127.0.0.1:" + monitor.port();
            measure(target);
            record(target);
            try (Program watch = Project.startJava("watch", "--target", target, "--devices", "7")) {
                watch.awaitOut(Pattern.compile(".* total 450\\.0 W.*"));
            }
            try (Program wrong = Project.startJava("watch", "--target", target, "--devices", "8")) {
                assertThat(wrong.exitCode()).isEqualTo(1);
                assertThat(wrong.err()).singleElement().asString().contains("there is no device '8': there are nvidia:0");
            }
        }
    }

    private void measure(String target) throws Exception {
        Path report = folder.resolve("report.json");
        try (Program measure = Project.startJava("measure", "--target", target, "--devices", "1, nvidia:3", "--json", "-o",
                report.toString(), "--", "sleep", "1")) {
            assertThat(measure.exitCode()).as(measure.toString()).isZero();
        }
        JsonObject run = JsonParser.parseString(Files.readString(report)).getAsJsonObject().getAsJsonArray("runs")
                .get(0).getAsJsonObject();
        assertThat(run.getAsJsonArray("devices")).hasSize(2);
        JsonObject total = run.getAsJsonObject("total");
        assertThat(total.get("mean_watts").getAsDouble()).isCloseTo(150 + 250, within(8.0));
        assertThat(total.get("peak_watts").getAsDouble()).isCloseTo(150 + 250, within(8.0));
    }

    private void record(String target) throws Exception {
        Path file = folder.resolve("readings.jsonl");
        try (Program record = Project.startJava("record", "--target", target, "--devices", "0,2", "--duration", "2s",
                file.toString())) {
            assertThat(record.exitCode()).as(record.toString()).isZero();
        }
        List<JsonObject> lines = Files.readAllLines(file).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
        assertThat(lines.get(0).getAsJsonObject("gpu_info").get("name").getAsString()).endsWith(" x2");
        assertThat(lines).hasSizeGreaterThan(2);
        for (JsonObject reading : lines.subList(1, lines.size())) {
            JsonArray devices = reading.getAsJsonArray("devices");
            assertThat(devices).hasSize(2);
            assertThat(reading.getAsJsonObject("total").get("power_watts").getAsDouble())
                    .isCloseTo(100 + 200, within(1e-6));
        }
    }
}
