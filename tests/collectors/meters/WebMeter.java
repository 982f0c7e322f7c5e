package collectors.meters;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import server.security.Certificates;

/** A real web server on loopback that answers with what a test puts into it. */
final class WebMeter implements AutoCloseable {

    /** What is done with a request. */
    @FunctionalInterface
    interface Behaviour {
        void answer(HttpExchange exchange) throws IOException, InterruptedException;
    }

    /** Method and path of each request. */
    final List<String> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final ExecutorService executor = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "web-meter");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpServer server;
    private volatile Behaviour guard = exchange -> { };

    private WebMeter(HttpServer server) {
        this.server = server;
        server.setExecutor(executor);
        server.createContext("/", this::handle);
        server.start();
    }

    static WebMeter plain() throws IOException {
        return new WebMeter(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    /** With a certificate and its key. */
    static WebMeter secure(Certificates certificates, Certificates.Pair pair)
            throws IOException, GeneralSecurityException {
        Path store = pair.key().resolveSibling(pair.key().getFileName() + ".p12");
        certificates.openssl("pkcs12", "-export", "-in", pair.certificate(), "-inkey", pair.key(), "-out", store,
                "-passout", "pass:secret");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "secret".toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, "secret".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return new WebMeter(server);
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Answers a path with JSON, written with single quotes. */
    WebMeter json(String path, String json) {
        return on(path, exchange -> reply(exchange, 200, json.replace('\'', '"')));
    }

    WebMeter on(String path, Behaviour behaviour) {
        behaviours.put(path, behaviour);
        return this;
    }

    /** Comes before every behaviour; whoever has answered ends the exchange. */
    void guard(Behaviour behaviour) {
        guard = behaviour;
    }

    static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        requests.add(exchange.getRequestMethod() + " " + path);
        try {
            guard.answer(exchange);
            if (exchange.getResponseCode() < 0) {
                behaviours.getOrDefault(path, other -> reply(other, 404, "{}")).answer(exchange);
            }
        } catch (InterruptedException e) {
            exchange.close();
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
        server.stop(0);
    }
}
