package bench;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * What a fleet costs: a scrape at one monitor of 8 GPUs, and 1000 such machines at one Prometheus, which has to be on the
 * PATH. The machines are played by one server that gives the latest scrape of the real monitor under 1000 names.
 */
public final class Fleet {

    private static final int MACHINES = 1000;
    private static final int SCRAPE_SECONDS = 15;
    private static final int SCRAPES = 300;
    /** As it is called by newer versions, and by older ones. */
    private static final String[] APPENDED = {"prometheus_tsdb_head_samples_appended_total{type=\"float\"}",
        "prometheus_tsdb_head_samples_appended_total"};

    private final HttpClient http = HttpClient.newHttpClient();
    private volatile byte[] latest;

    private Fleet() {
    }

    /** Measures and prints. */
    public static void run(Map<String, String> gpus, boolean quick) throws Exception {
        System.setProperty("sun.net.httpserver.maxIdleConnections", String.valueOf(2 * MACHINES));
        int port = freePort();
        try (Child monitor = Child.start(Child.MONITOR, gpus, "--http-port", String.valueOf(port))) {
            Clients.awaitHealth(monitor.port());
            Thread.sleep(quick ? 10_000 : 30_000);
            Fleet fleet = new Fleet();
            URI metrics = URI.create("http://127.0.0.1:" + port + "/metrics");
            fleet.scrapes(monitor, metrics);
            fleet.prometheus(metrics, quick ? 60 : 300);
        }
    }

    private void scrapes(Child monitor, URI metrics) throws Exception {
        String text = new String(new GZIPInputStream(new ByteArrayInputStream(scrape(metrics))).readAllBytes(),
                StandardCharsets.UTF_8);
        print("series of a machine with 8 GPUs", text.lines().filter(line -> !line.startsWith("#")).count(), "");
        print("bytes of a scrape", text.length(), "B");
        print("bytes of a scrape, gzip", scrape(metrics).length, "B");
        for (int i = 0; i < SCRAPES; i++) {
            scrape(metrics); // until it is compiled
        }
        double before = monitor.allCpuSeconds();
        Thread.sleep(20_000);
        double idle = (monitor.allCpuSeconds() - before) / 20;
        Samples times = new Samples();
        before = monitor.allCpuSeconds();
        long began = System.nanoTime();
        for (int i = 0; i < SCRAPES; i++) {
            long asked = System.nanoTime();
            scrape(metrics);
            times.add((System.nanoTime() - asked) / 1e6);
            Thread.sleep(10);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        times.print("a scrape takes", "ms");
        double each = (monitor.allCpuSeconds() - before - idle * seconds) / SCRAPES;
        print("CPU of the monitor for a scrape", 1e3 * each, "ms");
        print("CPU of one core, a scrape every " + SCRAPE_SECONDS + " s and nobody else",
                100 * (idle + each / SCRAPE_SECONDS), "%");
    }

    private void prometheus(URI metrics, int seconds) throws Exception {
        HttpServer machines = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), MACHINES);
        machines.setExecutor(Executors.newFixedThreadPool(2));
        machines.createContext("/metrics", exchange -> {
            byte[] body = latest;
            exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.getResponseHeaders().add("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        latest = scrape(metrics);
        machines.start();
        Thread refresh = new Thread(() -> refresh(metrics));
        refresh.setDaemon(true);
        refresh.start();
        Path folder = Files.createTempDirectory("bench-fleet");
        int port = freePort();
        Files.writeString(folder.resolve("prometheus.yml"), configuration(machines.getAddress().getPort()));
        Process prometheus = new ProcessBuilder("prometheus", "--config.file=" + folder.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + folder.resolve("data"), "--web.listen-address=127.0.0.1:" + port,
                "--log.level=error").inheritIO().start();
        try {
            Thread.sleep((2 * SCRAPE_SECONDS + 5) * 1000L);
            URI own = URI.create("http://127.0.0.1:" + port + "/metrics");
            String begin = plain(own);
            Thread.sleep(seconds * 1000L);
            String end = plain(own);
            double samples = value(end, APPENDED) - value(begin, APPENDED);
            double series = value(end, "prometheus_tsdb_head_series");
            double cpu = value(end, "process_cpu_seconds_total") - value(begin, "process_cpu_seconds_total");
            double resident = value(end, "process_resident_memory_bytes");
            print("series of " + MACHINES + " machines", series, "");
            print("samples a second", samples / seconds, "");
            print("CPU of one core at Prometheus", 100 * cpu / seconds, "%");
            print("CPU at Prometheus for a sample", 1e6 * cpu / samples, "us");
            print("memory of Prometheus", resident / 1e6, "MB");
            print("memory for a series", resident / series, "B");
        } finally {
            prometheus.destroy();
            prometheus.waitFor(20, TimeUnit.SECONDS);
            machines.stop(0);
        }
    }

    private void refresh(URI metrics) {
        try {
            while (true) {
                Thread.sleep(1000);
                latest = scrape(metrics);
            }
        } catch (IOException | InterruptedException e) {
            Thread.currentThread().interrupt(); // the monitor has ended
        }
    }

    private static String configuration(int port) {
        return "global:\n  scrape_interval: " + SCRAPE_SECONDS + "s\nscrape_configs:\n  - job_name: energy\n"
                + "    relabel_configs:\n      - {source_labels: [__address__], target_label: instance}\n"
                + "      - {target_label: __address__, replacement: \"127.0.0.1:" + port + "\"}\n"
                + "    static_configs:\n      - targets: [" + IntStream.range(0, MACHINES)
                        .mapToObj(i -> "node" + i + ":50080").collect(Collectors.joining(", ")) + "]\n";
    }

    private byte[] scrape(URI metrics) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(metrics).header("Accept-Encoding", "gzip").build(),
                HttpResponse.BodyHandlers.ofByteArray()).body();
    }

    private String plain(URI uri) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    /** The value of the first of these series that there is. */
    private static double value(String text, String... series) throws IOException {
        for (String name : series) {
            for (String line : text.lines().toList()) {
                if (line.startsWith(name + " ")) {
                    return Double.parseDouble(line.substring(name.length() + 1));
                }
            }
        }
        throw new IOException("Prometheus tells no " + List.of(series));
    }

    private static void print(String what, double value, String unit) {
        new Samples().add(value).print(what, unit);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }
}
