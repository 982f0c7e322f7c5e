package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes the monitor, configured as its page says. */
@Timeout(180)
class PrometheusTest {

    private static final long LIMIT_SECONDS = 60;
    private static final Pattern CONFIGURATION = Pattern.compile("```yaml\n(scrape_configs:.*?)```", Pattern.DOTALL);
    private static final String PAGE_TARGET = "127.0.0.1:50080";
    private static final Pattern LISTENING = Pattern.compile("[Ll]istening on\" address=(127\\.0\\.0\\.1:[1-9]\\d*)");
    private static final Pattern VALUE = Pattern.compile("\"value\":\\[[\\d.]+,\"([^\"]+)\"\\]");

    private static final Path RULES = Project.ROOT.resolve("deploy/prometheus").toAbsolutePath();
    private static final Path DASHBOARD = Project.ROOT.resolve("deploy/grafana/energy-monitor.json");

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
            String joules = "energy_monitor_device_energy_joules_total{device='simulated-0'}[1m]";
            assertThat(await(api, "deriv(" + joules + ") and count_over_time(" + joules + ") >= 6"))
                    .as("joules per second of a device between 100 and 300 W").isBetween(90.0, 310.0);
            assertThat(await(api, "process_resident_memory_bytes")).isGreaterThan(1e6);
        }
    }

    @Test
    void everyPanelOfTheDashboardHasDataAndTheNamesOfOtherExportersToo() throws Exception {
        assumeTrue(Tools.isInstalled("prometheus"), "prometheus is missing: install it to test the dashboard");
        Path configuration = folder.resolve("prometheus.yml");
        try (Program monitor = Project.startJava("--port", "0", "--http-port", "0", "--collector", "simulated")) {
            Files.writeString(configuration, Files.readString(configuration(URI.create(monitor.pageUrl())))
                    .replace("global:\n", "rule_files: [" + RULES + "/*.rules.yml]\nglobal:\n  evaluation_interval: 1s\n"));
            try (Program prometheus = Program.start(folder, Map.of(), List.of("prometheus",
                    "--config.file=" + configuration, "--storage.tsdb.path=" + folder.resolve("data"),
                    "--web.listen-address=127.0.0.1:0"))) {
                String api = "http://" + prometheus.awaitErr(LISTENING).group(1) + "/api/v1/query?query=";
                for (String query : queries()) {
                    if (query.startsWith("energy_monitor_device_problem")) {
                        assertThat(answer(api, query)).as(query).contains("\"status\":\"success\"", "\"result\":[]");
                    } else {
                        assertThat(await(api, query)).as(query).isNotNegative();
                    }
                }
                assertThat(await(api, "count(DCGM_FI_DEV_POWER_USAGE{UUID='simulated-0',modelName!=''})")).isEqualTo(1);
                assertThat(await(api, "sum(DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION)")).isPositive();
                assertThat(answer(api, "ALERTS{alertstate='firing'}")).contains("\"result\":[]");
            }
        }
    }

    @Test
    void grafanasOwnTypesKnowEveryFieldOfTheDashboard() throws Exception {
        try (Program check = Python.start(Project.ROOT, List.of("grafana_foundation_sdk"),
                List.of("tests/fixtures/python/check_dashboard.py", DASHBOARD.toString()))) {
            assertThat(check.exitCode()).as(check.toString()).isZero();
            assertThat(check.out()).singleElement().asString().matches("\\d\\d panels, \\d\\d queries");
        }
    }

    @Test
    void theConfigurationForAFleetIsRight() throws Exception {
        assumeTrue(Tools.isInstalled("promtool"), "promtool is missing: install Prometheus");
        List<String> blocks = PagesTest.blocks(Project.ROOT.resolve("docs/fleet.md"), "yaml").toList();
        Files.writeString(folder.resolve("prometheus.yml"), blocks.get(0));
        Files.writeString(folder.resolve("energy-monitors.yml"), blocks.get(1));
        for (Path rules : List.of(RULES.resolve("alerts.rules.yml"), RULES.resolve("recording.rules.yml"))) {
            Files.copy(rules, folder.resolve(rules.getFileName()));
        }
        Files.writeString(folder.resolve("token"), "token");
        Files.copy(folder.resolve("token"), folder.resolve("cert.pem"));
        try (Program promtool = Program.start(folder, Map.of(), List.of("promtool", "check", "config", "--syntax-only",
                "prometheus.yml"))) {
            assertThat(promtool.exitCode()).as(promtool.toString()).isZero();
        }
    }

    @Test
    void theRulesPassTheirTests() throws Exception {
        assumeTrue(Tools.isInstalled("promtool"), "promtool is missing: install Prometheus");
        for (List<String> command : List.of(List.of("promtool", "check", "rules", "--lint-fatal", "recording.rules.yml",
                "alerts.rules.yml"), List.of("promtool", "test", "rules", "rules.test.yml"))) {
            try (Program promtool = Program.start(RULES, Map.of(), command)) {
                assertThat(promtool.exitCode()).as(promtool.toString()).isZero();
            }
        }
    }

    /** Of all panels, as Grafana would send them for a minute of all machines. */
    private static List<String> queries() throws IOException {
        List<String> queries = new ArrayList<>();
        for (JsonElement panel : JsonParser.parseString(Files.readString(DASHBOARD)).getAsJsonObject()
                .getAsJsonArray("panels")) {
            for (JsonElement target : panel.getAsJsonObject().getAsJsonArray("targets")) {
                queries.add(target.getAsJsonObject().get("expr").getAsString().replace("$instance", ".*")
                        .replace("$__rate_interval", "1m").replace("$__range", "1m"));
            }
        }
        assertThat(queries).hasSizeGreaterThan(10);
        return queries;
    }

    private Path configuration(URI page) throws IOException {
        Matcher block = CONFIGURATION.matcher(Files.readString(Project.ROOT.resolve("docs/metrics.md")));
        assertThat(block.find()).as("a configuration on the page").isTrue();
        assertThat(block.group(1)).contains(PAGE_TARGET);
        return Files.writeString(folder.resolve("prometheus.yml"), "global:\n  scrape_interval: 1s\n"
                + block.group(1).replace(PAGE_TARGET, page.getHost() + ":" + page.getPort()));
    }

    private String answer(String api, String query) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(api + URLEncoder.encode(query, StandardCharsets.UTF_8)))
                .build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    /** The first value that a query gives, which takes a few scrapes. */
    private double await(String api, String query) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        String answer;
        do {
            answer = answer(api, query);
            Matcher value = VALUE.matcher(answer);
            if (value.find()) {
                return Double.parseDouble(value.group(1));
            }
            TimeUnit.MILLISECONDS.sleep(200);
        } while (System.nanoTime() < end);
        throw new AssertionError("Prometheus knows no " + query + ": " + answer);
    }
}
