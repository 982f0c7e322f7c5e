package server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import collectors.CollectorContext;
import collectors.FakeCollector;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.embedded.EmbeddedChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultHttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpMethod;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpVersion;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import telemetry.sampling.Broadcast;
import telemetry.sampling.Sensors;

/** The HTTP side on a loopback port, spoken to byte by byte; a reading every 10 ms. */
@Timeout(60)
class HttpEndpointTest {

    private static final int INTERVAL_MILLIS = 10;
    /** More than the sockets of both sides hold. */
    private static final long MOST_UNREAD_BYTES = 64L << 20;

    private final EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Broadcast broadcast = new Broadcast();
    private final FakeCollector fake =
            new FakeCollector("fake", FakeCollector.gpu("0", 100), FakeCollector.gpu("1", 50));
    private final Sensors sensors = new Sensors(new Sensors.Settings("fake", false, new CollectorContext(Path.of("/sys"),
            Path.of("/proc"), Map.of(), INTERVAL_MILLIS, "all", CollectorContext.MacosPower.COMBINED), "1.2.3"),
            FakeCollector.registry(fake));
    private final List<Socket> sockets = new ArrayList<>();
    private HttpEndpoint http;
    private int port;

    @AfterEach
    void end() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        stop();
        sensors.close();
        eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void readingsComeAsEventsWithTheirDevices() throws Exception {
        start(null);
        BufferedReader events = open(get("/readings"));
        assertThat(head(events)).startsWith("HTTP/1.1 200 OK", "content-type: text/event-stream; charset=utf-8")
                .contains("cache-control: no-store").noneMatch(line -> line.startsWith("access-control"));
        long sequence = 0;
        for (int i = 0; i < 5; i++) {
            String event = event(events);
            assertThat(event).startsWith("data: {\"power_watts\":150.0,").endsWith("}")
                    .contains("\"devices\":[{\"id\":\"0\",", "\"temperature_celsius\":null");
            long next = sequence(event);
            assertThat(next).isGreaterThan(sequence);
            sequence = next;
        }
    }

    @Test
    void someDevicesCanBeAskedForAlone() throws Exception {
        start(null);
        BufferedReader one = open(get("/readings?devices=1"));
        BufferedReader both = open(get("/readings?devices=1,fake:0&interval_ms=10"));
        assertThat(head(one)).startsWith("HTTP/1.1 200 OK");
        head(both);
        for (int i = 0; i < 3; i++) {
            assertThat(event(one)).startsWith("data: {\"power_watts\":50.0,").contains("\"devices\":[{\"id\":\"1\",")
                    .doesNotContain("{\"id\":\"0\"");
            assertThat(event(both)).startsWith("data: {\"power_watts\":150.0,");
        }
        String mark = exchange(get("/mark")).replaceAll("(?s).*:(\\d+)}\\s*", "$1");
        TimeUnit.MILLISECONDS.sleep(50);
        assertThat(exchange(get("/energy?from=" + mark + "&devices=1"))).startsWith("HTTP/1.1 200 ")
                .contains("\"peak_watts\":50.0").contains("{\"id\":\"1\"").doesNotContain("{\"id\":\"0\"");
        assertThat(exchange(get("/describe?devices=1"))).contains("{\"id\":\"1\"").doesNotContain("{\"id\":\"0\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/readings?devices=2", "/readings?devices=", "/readings?devices=0,,1",
        "/energy?from=1&to=2&devices=2", "/describe?devices=2&devices=1"})
    void aDeviceThatIsNotHereIsABadRequestThatNamesThoseThatAre(String target) throws Exception {
        start(null);
        assertThat(exchange(get(target))).startsWith("HTTP/1.1 400 ").contains("\r\n\r\nthere is no device '")
                .endsWith(": there are fake:0 0, fake:1 1\n");
        assertThat(broadcast.subscribers()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/history", "/health", "/"})
    void whatCannotBeAskedOfSomeDevicesSaysSo(String path) throws Exception {
        start(null);
        assertThat(exchange(get(path + "?devices=0"))).startsWith("HTTP/1.1 400 ")
                .endsWith("devices has no effect here: leave it out, or ask /readings, /energy, /describe\n");
    }

    @Test
    void prometheusGetsAWholeReadingInAFormatThatItAccepts() throws Exception {
        start(null);
        assertThat(exchange(get("/metrics"))).startsWith("HTTP/1.1 200 ")
                .contains("\r\ncontent-type: text/plain; version=0.0.4; charset=utf-8\r\n",
                        "\nenergy_monitor_power_watts 150.0\n", "\nenergy_monitor_healthy 1.0\n");
        assertThat(exchange(get("/metrics").replace("Connection", "Accept: application/openmetrics-text;version=1.0.0,"
                + "text/plain;version=0.0.4;q=0.5\r\nConnection")))
                .contains("\r\ncontent-type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n")
                .endsWith("# EOF\n");
        assertThat(exchange(get("/metrics").replace("Connection", "Accept: application/vnd.google.protobuf;"
                + "proto=io.prometheus.client.MetricFamily;encoding=delimited,text/plain;q=0.5\r\nConnection")))
                .contains("\r\ncontent-type: text/plain; version=0.0.4;");
        assertThat(exchange(get("/metrics").replace("GET", "HEAD"))).startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\n");
        assertThat(broadcast.detailsWanted()).isFalse();
    }

    /** What is asked for and not read is not answered: it waits in the sockets, or ends the connection. */
    @ParameterizedTest
    @ValueSource(strings = {"/uplot.js", "/no/such/page", "/metrics"})
    void whoAsksOnWithoutReadingIsNotReadFromAnyMore(String path) throws Exception {
        start(null);
        byte[] requests = ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").repeat(2000)
                .getBytes(StandardCharsets.ISO_8859_1);
        try (SocketChannel client = SocketChannel.open(new InetSocketAddress("127.0.0.1", port))) {
            client.configureBlocking(false);
            long sent = 0;
            ByteBuffer rest = ByteBuffer.wrap(requests);
            for (int stalled = 0; stalled < 20 && sent < MOST_UNREAD_BYTES; stalled++) {
                for (int count = client.write(rest); count > 0; count = client.write(rest)) {
                    sent += count;
                    stalled = 0;
                    rest = rest.hasRemaining() ? rest : ByteBuffer.wrap(requests);
                }
                Thread.sleep(50);
            }
            assertThat(sent).isLessThan(MOST_UNREAD_BYTES);
        } catch (IOException e) {
            assertThat(e).as("hung up on").hasMessageMatching("(?i).*(reset|broken pipe).*");
        }
        assertThat(exchange(get("/metrics"))).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void whoAsksForMoreOnAStreamIsHungUpOn() throws Exception {
        start(null);
        Socket socket = connect(0);
        socket.getOutputStream().write(ascii(get("/readings")));
        BufferedReader events = reader(socket);
        head(events);
        event(events);
        socket.getOutputStream().write(ascii(get("/readings")));
        assertThatCode(() -> {
            for (String line = events.readLine(); line != null; line = events.readLine()) {
                assertThat(line).doesNotStartWith("HTTP");
            }
        }).satisfiesAnyOf(failure -> assertThat(failure).isNull(),
                failure -> assertThat(failure).isInstanceOf(SocketException.class));
    }

    @Test
    void aStreamMayBeSlower() throws Exception {
        start(null);
        BufferedReader events = open(get("/readings?interval_ms=100"));
        long first = timestampMillis(event(events));
        for (int i = 0; i < 4; i++) {
            event(events);
        }
        // 500 ms, less what the first one was late; 50 ms if the stream were not slower.
        assertThat(timestampMillis(event(events)) - first).isGreaterThan(300);
    }

    @Test
    void theOldestHttpGetsItsEventsToo() throws Exception {
        start(null);
        BufferedReader events = open("GET /readings HTTP/1.0\r\nHost: localhost\r\n\r\n");
        assertThat(head(events)).noneMatch(line -> line.startsWith("transfer-encoding"));
        assertThat(event(events)).startsWith("data: {");
    }

    @Test
    void whatIsNotThereOrNotUnderstoodIsSaidInOneLine() throws Exception {
        start(null);
        assertThat(exchange(get("/nothing"))).startsWith("HTTP/1.1 404 ")
                .endsWith("there is nothing here; there is /, /metrics, /readings, /history, /mark, /energy, /describe, /health\n");
        assertThat(exchange(get("/../../etc/passwd"))).startsWith("HTTP/1.1 404 ");
        assertThat(exchange(get("/readings").replace("GET", "POST"))).startsWith("HTTP/1.1 405 ")
                .contains("\r\nallow: GET, HEAD\r\n").endsWith("\r\n\r\nonly GET and HEAD are answered\n");
        assertThat(exchange(get("/readings").replace("GET", "OPTIONS"))).startsWith("HTTP/1.1 405 ");
        for (String interval : List.of("", "x", "-1", "4294967296")) {
            assertThat(exchange(get("/readings?interval_ms=" + interval)))
                    .startsWith("HTTP/1.1 400 ").endsWith("interval_ms takes milliseconds, from 0 to 4294967295\n");
        }
        assertThat(exchange("GET /readings HTTP/1.1\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(exchange(get("/%zz"))).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void theEnergyBetweenTwoMarksIsToldAsJson() throws Exception {
        start(null);
        long from;
        long to;
        String answer;
        do { // an interval in which the machine was held up for long is rightly refused
            from = mark();
            TimeUnit.MILLISECONDS.sleep(100);
            to = mark();
            assertThat(to - from).isGreaterThanOrEqualTo(100_000_000L);
            answer = exchange(get("/energy?from=" + from + "&to=" + to));
        } while (answer.contains("it gave nothing for"));
        assertThat(answer).startsWith("HTTP/1.1 200 ").contains("\r\ncontent-type: application/json; charset=utf-8\r\n",
                "\r\n\r\n{\"from_nanos\":" + from + ",\"to_nanos\":" + to + ",\"seconds\":", "\"total\":{\"joules\":",
                "\"devices\":[{\"id\":\"0\",\"index\":0,", "{\"id\":\"1\",\"index\":1,", "\"uncertainty_joules\":",
                "\"valid\":true,").endsWith("],\"settled\":true}\n");
        assertThat(exchange(get("/energy?from=" + from))).as("until now").startsWith("HTTP/1.1 200 ");
    }

    @Test
    void anIntervalWithoutAnAnswerIsRefusedInOneLine() throws Exception {
        start(null);
        long now = mark();
        assertLine("/energy?from=" + now + "&to=" + (now - 1), "the interval ends before it begins");
        assertLine("/energy?from=" + now + "&to=" + now, "the interval ends before it begins");
        assertLine("/energy?from=" + now + "&to=" + (now + 10_000_000_000L), "the interval ends in the future");
        assertLine("/energy?from=" + (now - 700_000_000_000L), "the interval begins 700 s ago");
        assertLine("/energy", "from takes Unix time in nanoseconds, such as /mark gives");
        assertLine("/energy?from=1.5", "from takes Unix time in nanoseconds");
        assertLine("/energy?from=-1", "from takes Unix time in nanoseconds");
        assertLine("/energy?from=" + now + "&to=now", "to takes Unix time in nanoseconds");
        assertThat(exchange(get("/mark").replace("GET", "POST"))).startsWith("HTTP/1.1 405 ");
    }

    @Test
    void scrapesAndTheHistoryAreNoReasonToAskTheSensorsMoreOften() throws Exception {
        start(null);
        int before;
        do { // until it is noticed that nobody listens
            before = fake.collections.get();
            TimeUnit.MILLISECONDS.sleep(200);
        } while (fake.collections.get() - before > 1);
        before = fake.collections.get();
        long began = System.nanoTime();
        for (int i = 0; i < 60; i++) {
            assertThat(exchange(get("/metrics"))).startsWith("HTTP/1.1 200 ");
            assertThat(exchange(get("/history"))).startsWith("HTTP/1.1 200 ");
            TimeUnit.MILLISECONDS.sleep(20);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        assertThat(fake.collections.get() - before).as("in %.1f s at 100 Hz", seconds)
                .isLessThanOrEqualTo((int) seconds + 2);
    }

    @Test
    void theHistoryGivesTheSecondsAfterOneThatIsKnown() throws Exception {
        start(null);
        assertLine("/history?after=x", "after takes Unix time in milliseconds, such as /history gives");
        String answer;
        do {
            answer = exchange(get("/history"));
        } while (!answer.contains("\"total_watts\":[150.0"));
        String last = answer.replaceAll("(?s).*\"unix_millis\":\\[[\\d,]*?(\\d+)\\].*", "$1");
        assertThat(exchange(get("/history?after=" + last))).contains("\"unix_millis\":[]", "\"total_gaps\":[]");
        assertThat(exchange(get("/page.interval.js"))).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void theHistoryAndTheDescriptionAreThereWithoutAStream() throws Exception {
        start(null);
        String answer;
        do {
            answer = exchange(get("/history"));
        } while (!answer.contains("\"total_watts\":[150.0"));
        assertThat(answer).contains("{\"period_millis\":1000,\"unix_millis\":[1", "\"devices\":[{\"device\":{\"id\":\"0\",",
                "\"power_watts\":[100.0", "\"utilization_percent\":[null");
        assertThat(broadcast.subscribers()).isZero();
        assertThat(exchange(get("/describe"))).contains("\"collectors\":[{\"name\":\"fake\",\"role\":\"primary\"");
    }

    @Test
    void healthIsAStatusThatProbesUnderstand() throws Exception {
        start(null);
        assertThat(exchange(get("/health"))).startsWith("HTTP/1.1 200 ")
                .endsWith("{\"healthy\":true,\"platform\":\"fake\"}\n");
        fake.failure = new IllegalStateException("the driver is gone");
        while (!exchange(get("/health")).startsWith("HTTP/1.1 503 ")) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    @Test
    void largeAnswersAreCompressedForThoseWhoAcceptIt() throws Exception {
        start(null);
        String plain = exchange(get("/page.js"));
        for (String path : List.of("/page.js", "/metrics")) {
            assertThat(exchange(get(path).replace("Connection", "Accept-Encoding: deflate, gzip;q=1.0\r\nConnection")))
                    .contains("\r\ncontent-encoding: gzip\r\n", "\r\nvary: accept-encoding\r\n")
                    .doesNotContain("energy_monitor_power_watts 1");
            assertThat(exchange(get(path).replace("Connection", "Accept-Encoding: gzip;q=0, br\r\nConnection")))
                    .doesNotContain("content-encoding");
        }
        assertThat(plain).doesNotContain("content-encoding");
        HttpURLConnection page = (HttpURLConnection) URI.create("http://localhost:" + port + "/page.js").toURL()
                .openConnection();
        page.setRequestProperty("Accept-Encoding", "gzip");
        try (InputStream in = new GZIPInputStream(page.getInputStream())) {
            assertThat(plain).endsWith(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertThat(exchange(get("/mark").replace("Connection", "Accept-Encoding: gzip\r\nConnection")))
                .as("too small to be worth it").doesNotContain("content-encoding");
    }

    @Test
    void aNameThatIsAllowedIsServedAndItsPagesToo() throws Exception {
        serve(new HttpEndpoint.Settings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null, null, false,
                List.of("power.example", "energy.svc.cluster.local")));
        for (String host : List.of("power.example", "Power.Example:8443", "energy.svc.cluster.local", "localhost")) {
            assertThat(exchange(head("/readings", "Host: " + host))).as(host).startsWith("HTTP/1.1 200 ");
        }
        assertThat(exchange(head("/readings", "Host: other.example"))).startsWith("HTTP/1.1 403 ");
        assertThat(exchange(head("/readings", "Host: localhost\r\nOrigin: https://power.example")))
                .as("a proxy that sends a Host of its own").startsWith("HTTP/1.1 200 ");
        assertThat(exchange(head("/readings", "Host: localhost\r\nOrigin: https://evil.power.example")))
                .startsWith("HTTP/1.1 403 ");
    }

    @Test
    void healthNeedsNoTokenWhereThatIsWanted() throws Exception {
        serve(new HttpEndpoint.Settings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null,
                (token, peer) -> "right".equals(token), true, List.of()));
        assertThat(exchange(get("/health"))).startsWith("HTTP/1.1 200 ");
        assertThat(exchange(get("/metrics"))).startsWith("HTTP/1.1 401 ");
        assertThat(exchange(get("/health/../metrics"))).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void aStreamBehindAnotherRequestOutlivesTheDeadlineForRequests() throws Exception {
        start(null);
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline().addLast(new HttpConnection(new HttpGuard(settings(0, null, null), () -> "box"),
                new HttpRequests(broadcast, sensors)));
        channel.pipeline().fireChannelActive();
        channel.writeInbound(request("/nothing"), request("/readings"));
        channel.runPendingTasks();
        channel.advanceTimeBy(10, TimeUnit.MINUTES);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        assertThat(((HttpResponse) channel.readOutbound()).status().code()).isEqualTo(404);
        assertThat(((HttpResponse) channel.readOutbound()).status().code()).isEqualTo(200);
        channel.close();
    }

    @Test
    void aConnectionThatAsksNothingIsClosed() throws Exception {
        start(null);
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline().addLast(new HttpConnection(new HttpGuard(settings(0, null, null), () -> "box"),
                new HttpRequests(broadcast, sensors)));
        channel.pipeline().fireChannelActive();
        channel.writeInbound(request("/nothing"));
        channel.advanceTimeBy(29, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(2, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void headHasNoBody() throws Exception {
        start(null);
        assertThat(exchange(get("/readings").replace("GET", "HEAD"))).startsWith("HTTP/1.1 200 ")
                .contains("text/event-stream").endsWith("\r\n\r\n");
        assertThat(exchange(get("/nothing").replace("GET", "HEAD"))).startsWith("HTTP/1.1 404 ").endsWith("\r\n\r\n");
    }

    @Test
    void requestsOfOneConnectionAreAnsweredInTheirOrder() throws Exception {
        start(null);
        String second = get("/readings").replace("GET", "HEAD");
        String answers = exchange("GET /first HTTP/1.1\r\nHost: localhost\r\n\r\n" + second);
        assertThat(answers).containsSubsequence("HTTP/1.1 404 ", "HTTP/1.1 200 ");
    }

    @Test
    void aNameOfSomebodyElsesIsRefused() throws Exception {
        start(null);
        for (String name : List.of("localhost", "LOCALHOST:80", "127.0.0.1:1", "[::1]", "[::1]:443", "10.1.2.3",
                "box", "Box:9090", "box.local")) {
            assertThat(exchange(head("/readings", "Host: " + name))).as(name).startsWith("HTTP/1.1 200 ");
        }
        for (String name : List.of("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "box.example",
                "evil.example:9090", "1.2.3", "[evil]", "", ":80")) {
            assertThat(exchange(head("/readings", "Host: " + name))).as(name).startsWith("HTTP/1.1 403 ");
        }
        assertThat(exchange(head("/readings", "Host: localhost\r\nHost: evil.example")))
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void pagesOfOtherSitesAreRefused() throws Exception {
        start(null);
        String host = "Host: localhost:" + port + "\r\nOrigin: ";
        assertThat(exchange(head("/readings", host + "http://localhost:" + port))).startsWith("HTTP/1.1 200 ");
        for (String origin : List.of("http://evil.example", "null", "http://localhost", "http://127.0.0.1:" + port,
                "http://localhost:" + port + ".evil.example", "localhost:" + port, "")) {
            assertThat(exchange(head("/readings", host + origin))).as(origin).startsWith("HTTP/1.1 403 ")
                    .doesNotContain("access-control");
        }
    }

    @Test
    void theTokenOpensAsBearerAndAsPassword() throws Exception {
        AtomicReference<String> asked = new AtomicReference<>();
        start(token -> {
            asked.set(token);
            return "se:cret".equals(token);
        });
        String authorization = "Host: gpu7.cluster.example\r\nAuthorization: ";
        for (String good : List.of("Bearer se:cret", "bearer  se:cret", "Basic " + base64("me:se:cret"),
                "basic " + base64(":se:cret"))) {
            assertThat(exchange(head("/readings", authorization + good))).as(good).startsWith("HTTP/1.1 200 ");
        }
        for (String bad : List.of("Bearer other", "se:cret", "Basic se:cret", "Basic ???", "Digest se:cret", "Basic",
                "Bearer")) {
            assertThat(exchange(head("/readings", authorization + bad))).as(bad).startsWith("HTTP/1.1 401 ")
                    .contains("\r\nwww-authenticate: Bearer\r\n", "\r\nwww-authenticate: Basic realm=");
        }
        assertThat(exchange(get("/readings"))).startsWith("HTTP/1.1 401 ").doesNotContain("\ndata:");
        assertThat(asked.get()).isNull();
        assertThat(exchange(get("/nothing"))).as("nothing is told to strangers").startsWith("HTTP/1.1 401 ");
    }

    @Test
    void overTlsEverythingIsTheSame(@TempDir Path folder) throws Exception {
        Path keys = folder.resolve("keys.p12");
        assertThat(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-keyalg", "EC", "-alias", "monitor", "-dname", "CN=localhost", "-storetype", "PKCS12",
                "-keystore", keys.toString(), "-storepass", "secret").redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor()).isZero();
        KeyStore store = KeyStore.getInstance(keys.toFile(), "secret".toCharArray());
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(store, "secret".toCharArray());
        start(null, SslContextBuilder.forServer(own).sslProvider(SslProvider.JDK).build());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(store);
        SSLContext client = SSLContext.getInstance("TLS");
        client.init(null, trusted.getTrustManagers(), null);

        Socket socket = client.getSocketFactory().createSocket(connect(0), "localhost", port, true);
        socket.getOutputStream().write(ascii(get("/readings").replace("localhost", "gpu7.cluster.example")));
        BufferedReader events = reader(socket);
        assertThat(head(events)).startsWith("HTTP/1.1 200 OK");
        long sequence = sequence(event(events));
        assertThat(sequence(event(events))).isGreaterThan(sequence);
        assertThat(exchange(get("/readings"))).as("without TLS").startsWith("HTTP/1.1 400 ")
                .endsWith("\r\n\r\nthis monitor requires TLS: use https://\n");
    }

    @Test
    void garbageEndsItsOwnConnectionOnly() throws Exception {
        start(null);
        BufferedReader events = open(get("/readings"));
        byte[] noise = new byte[100_000];
        new Random(1).nextBytes(noise);
        String longLine = "GET /" + "a".repeat(100_000) + " HTTP/1.1\r\n\r\n";
        String longHeader = "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(100_000) + "\r\n\r\n";
        String body = "POST /readings HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"
                + "a".repeat(9999);
        String http2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        for (byte[] bytes : List.of(noise, ascii(longLine), ascii(longHeader), ascii(body), ascii(http2))) {
            assertThat(exchange(bytes)).as("refused, or closed").doesNotContain("HTTP/1.1 2");
        }
        long sequence = sequence(event(events));
        assertThat(sequence(event(events))).isGreaterThan(sequence);
    }

    @Test
    void clientsThatNeverReadDisturbNobody() throws Exception {
        start(null);
        for (int i = 0; i < 20; i++) {
            Socket stalled = connect(1024);
            stalled.getOutputStream().write(ascii(get("/readings")));
        }
        BufferedReader events = open(get("/readings"));
        long first = sequence(event(events));
        long last = first;
        for (int i = 1; i < 200; i++) {
            String event = event(events);
            assertThat(event).contains("\"dropped_readings\":0,");
            last = sequence(event);
        }
        assertThat(last - first).as("no gap").isEqualTo(199);
    }

    @Test
    void whoLeavesIsForgotten() throws Exception {
        start(null);
        for (int i = 0; i < 10; i++) {
            Socket socket = connect(0);
            socket.getOutputStream().write(ascii(get("/readings")));
            event(reader(socket));
            socket.setSoLinger(true, 0); // a reset, no farewell
            socket.close();
        }
        while (broadcast.subscribers() > 0) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        assertThat(broadcast.detailsWanted()).isFalse();
    }

    @Test
    void moreConnectionsThanItServesAreToldSo() throws Exception {
        start(null);
        List<BufferedReader> streams = new ArrayList<>();
        for (int i = 0; i < HttpEndpoint.MAX_CONNECTIONS; i++) {
            streams.add(open(get("/readings")));
        }
        for (BufferedReader stream : streams) {
            event(stream);
        }
        assertThat(reader(connect(0)).lines().toList()).startsWith("HTTP/1.1 503 Service Unavailable")
                .endsWith("this monitor serves 128 connections at most");
        sockets.get(0).close();
        while (!exchange(head("/readings", "Host: localhost")).startsWith("HTTP/1.1 200 ")) {
            TimeUnit.MILLISECONDS.sleep(1); // until the monitor has noticed
        }
    }

    @Test
    void streamsEndInOrderWhenTheMonitorDoes() throws Exception {
        start(null);
        BufferedReader events = open(get("/readings"));
        event(events);
        stop();
        String last = null;
        for (String line = events.readLine(); line != null; line = events.readLine()) {
            last = line.isEmpty() ? last : line;
        }
        assertThat(last).as("the last chunk").isEqualTo("0");
        assertThatThrownBy(() -> {
            while (true) { // the system may take a moment
                connect(0).close();
            }
        }).isInstanceOf(IOException.class);
    }

    @Test
    void aTakenPortIsAnErrorOfItsOwn() throws Exception {
        start(null);
        HttpEndpoint other = endpoint(settings(port, null, null));
        assertThatThrownBy(other::start).isInstanceOf(HttpEndpoint.BindFailure.class).hasMessageContaining("in use");
    }

    private void start(Predicate<String> authorization) throws Exception {
        start(authorization, null);
    }

    private void start(Predicate<String> authorization, SslContext tls) throws Exception {
        serve(settings(0, authorization, tls));
    }

    private void serve(HttpEndpoint.Settings settings) throws Exception {
        http = endpoint(settings);
        port = http.start().getPort();
        sensors.start(broadcast, eventLoop.next());
    }

    private static HttpEndpoint.Settings settings(int port, Predicate<String> authorization, SslContext tls) {
        return new HttpEndpoint.Settings(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), tls,
                authorization == null ? null : (token, peer) -> authorization.test(token), false, List.of());
    }

    private HttpEndpoint endpoint(HttpEndpoint.Settings settings) {
        return new HttpEndpoint(settings, eventLoop, NioServerSocketChannel::new, new HttpGuard(settings, () -> "box"),
                new HttpRequests(broadcast, sensors));
    }

    private void stop() {
        broadcast.complete();
        if (http != null) {
            http.stop();
        }
    }

    private long mark() throws IOException {
        String answer = exchange(get("/mark"));
        assertThat(answer).matches("(?s).*\r\n\r\n\\{\"timestamp_nanos\":\\d{19}}\n");
        return Long.parseLong(answer.replaceAll("(?s).*:(\\d{19})}\n", "$1"));
    }

    private void assertLine(String path, String line) throws IOException {
        String answer = exchange(get(path));
        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\r\n\r\n" + line);
        assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4).lines()).hasSize(1);
    }

    private static HttpRequest request(String path) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
        request.headers().set("host", "localhost");
        return request;
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    }

    private static String head(String path, String headers) {
        return "HEAD " + path + " HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(ascii(text));
    }

    private Socket connect(int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setSoTimeout(30_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        sockets.add(socket);
        return socket;
    }

    private BufferedReader open(String request) throws IOException {
        Socket socket = connect(0);
        socket.getOutputStream().write(ascii(request));
        return reader(socket);
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private String exchange(String request) throws IOException {
        return exchange(ascii(request));
    }

    /** All that is answered until the monitor closes the connection; it may do so while it is written to. */
    private String exchange(byte[] request) throws IOException {
        StringBuilder answer = new StringBuilder();
        try (Socket socket = connect(0)) {
            socket.getOutputStream().write(request);
            BufferedReader reader = reader(socket);
            for (int c = reader.read(); c >= 0; c = reader.read()) {
                answer.append((char) c);
            }
        } catch (SocketException e) {
            assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe).*");
        }
        return answer.toString();
    }

    private static List<String> head(BufferedReader reader) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
            lines.add(line);
        }
        return lines;
    }

    private static String event(BufferedReader reader) throws IOException {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith("data: ")) {
                return line;
            }
        }
        throw new AssertionError("the stream has ended");
    }

    private static long timestampMillis(String event) {
        return Long.parseLong(event.replaceAll(".*\"timestamp_nanos\":(\\d+)\\d{6},.*", "$1"));
    }

    private static long sequence(String event) {
        return Long.parseLong(event.replaceAll(".*\"sequence\":(\\d+),.*", "$1"));
    }
}
