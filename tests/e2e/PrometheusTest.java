package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes the monitor, configured as the README says. */
@Timeout(180)
class PrometheusTest {

    private static final long LIMIT_SECONDS = 60;
    private static final Pattern CONFIGURATION = Pattern.compile("```yaml\n(scrape_configs:.*?)```", Pattern.DOTALL);
    private static final String README_TARGET = "127.0.0.1:50080";
    private static final Pattern LISTENING = Pattern.compile("[Ll]istening on\" address=(127\\.0\\.0\\.1:[1-9]\\d*)");
    private static final Pattern VALUE = Pattern.compile("\"value\":\\[[\\d.]+,\"([^\"]+)\"\\]");

    @TempDir
    private Path folder;
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void itsValuesCanBeQueried() throws Exception {
        assumeTrue(Tools.isInstalled("prometheus"), "prometheus is missing: install it to test the scraping");
        try (Program monitor = Project.startJava("--port", "0", "--http-port", "0", "--collector", "simulated");
                Program prometheus = Program.start(folder, Map.of(), List.of("prometheus",
                        "--config.file=" + configuration(URI.create(monitor.pageUrl())),
                        "--storage.tsdb.path=" + folder.resolve("data"), "--web.listen-address=127.0.0.1:0"))) {
            String api = "http://" + prometheus.awaitErr(LISTENING).group(1) + "/api/v1/query?query=";
            assertThat(await(api, "energy_monitor_power_watts")).isBetween(150.0, 450.0);
            assertThat(await(api, "up{job='energy'}")).isEqualTo(1);
            assertThat(await(api, "energy_monitor_healthy")).isEqualTo(1);
            assertThat(await(api, "count(energy_monitor_device_power_watts)")).isEqualTo(2);
            assertThat(await(api, "deriv(energy_monitor_device_energy_joules_total{device='simulated-0'}[1m])"))
                    .as("joules per second of a device between 100 and 300 W").isBetween(90.0, 310.0);
            assertThat(await(api, "process_resident_memory_bytes")).isGreaterThan(1e6);
        }
    }

    private Path configuration(URI page) throws IOException {
        Matcher block = CONFIGURATION.matcher(Files.readString(Project.ROOT.resolve("README.md")));
        assertThat(block.find()).as("a configuration in the README").isTrue();
        assertThat(block.group(1)).contains(README_TARGET);
        return Files.writeString(folder.resolve("prometheus.yml"), "global:\n  scrape_interval: 1s\n"
                + block.group(1).replace(README_TARGET, page.getHost() + ":" + page.getPort()));
    }

    /** The first value that a query gives, which takes a few scrapes. */
    private double await(String api, String query) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                URI.create(api + URLEncoder.encode(query, StandardCharsets.UTF_8))).build();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        String answer;
        do {
            answer = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            Matcher value = VALUE.matcher(answer);
            if (value.find()) {
                return Double.parseDouble(value.group(1));
            }
            TimeUnit.MILLISECONDS.sleep(200);
        } while (System.nanoTime() < end);
        throw new AssertionError("Prometheus knows no " + query + ": " + answer);
    }
}
