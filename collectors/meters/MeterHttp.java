package collectors.meters;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * Asks one web server, and no other: redirects elsewhere are refused, so that no password leaves for a host that nobody
 * named. Every answer is bounded in time and size.
 */
final class MeterHttp {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_REDIRECTS = 3;
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;
    private static final String TRUST_REMEDY = "openssl s_client -connect %s </dev/null | openssl x509 -out meter.pem; "
            + "compare its fingerprint with the one that the meter's own page shows, then add ca=meter.pem";

    /** An answer with any status. */
    record Answer(int status, HttpHeaders headers, byte[] body) {
    }

    private final URI base;
    private final Credentials credentials;
    private final SSLContext trust;
    private final Duration timeout;
    private HttpClient client;

    /** Opens nothing yet. Credentials are null where there are none, trust is null for the usual authorities. */
    MeterHttp(URI base, Credentials credentials, SSLContext trust) {
        this(base, credentials, trust, TIMEOUT);
    }

    MeterHttp(URI base, Credentials credentials, SSLContext trust, Duration timeout) {
        this.base = base;
        this.credentials = credentials;
        this.trust = trust;
        this.timeout = timeout;
    }

    /** Null where there are none. */
    Credentials credentials() {
        return credentials;
    }

    /** How long an answer may take. */
    Duration timeout() {
        return timeout;
    }

    /** The JSON at an address of this server, which is relative to that it was opened with. */
    JsonElement json(String address, Map<String, String> headers) throws MeterException, InterruptedException {
        return parse(get(address, headers));
    }

    /** The answer to GET if its status is 200. */
    byte[] get(String address, Map<String, String> headers) throws MeterException, InterruptedException {
        Answer answer = send("GET", address, headers, null, timeout);
        if (answer.status() != 200) {
            throw unexpected(answer.status(), address);
        }
        return answer.body();
    }

    static JsonElement parse(byte[] body) throws MeterException {
        try {
            return JsonParser.parseString(new String(body, StandardCharsets.UTF_8));
        } catch (JsonParseException | IllegalStateException e) {
            throw new MeterException("its answer is no JSON");
        }
    }

    /** What a status other than 200 means. */
    MeterException unexpected(int status, String address) {
        String code = " (HTTP " + status + ")";
        if (status == 401 || status == 403) {
            return MeterException.refusal(credentials == null ? "it wants a user and a password" + code
                    : "it refuses the user or the password" + code, credentials == null
                    ? "write USER:PASSWORD into a file, chmod 600 FILE, and add credentials=FILE"
                    : "check that the user in " + credentials.file() + " may log in and read sensors");
        }
        if (status == 404) {
            return new MeterException("it has no " + withoutQuery(address) + code);
        }
        return new MeterException("it answers HTTP " + status);
    }

    /**
     * Sends a request and follows redirects within the same server.
     *
     * @param body JSON, or null
     */
    Answer send(String method, String address, Map<String, String> headers, String body, Duration limit)
            throws MeterException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        URI uri = resolve(base, address);
        for (int i = 0; i <= MAX_REDIRECTS; i++) {
            HttpResponse<byte[]> response = exchange(method, uri, headers, body, end - System.nanoTime());
            String location = response.headers().firstValue("Location").orElse(null);
            boolean redirects = response.statusCode() / 100 == 3 && location != null;
            if (!redirects) {
                return new Answer(response.statusCode(), response.headers(), response.body());
            }
            uri = resolve(uri, location);
        }
        throw new MeterException("it redirects in a circle");
    }

    /** An address of the same server. */
    private URI resolve(URI from, String address) throws MeterException {
        URI to;
        try {
            to = from.resolve(address);
        } catch (IllegalArgumentException e) {
            throw new MeterException("it refers to an address that is none");
        }
        if (to.getHost() == null || !base.getScheme().equalsIgnoreCase(to.getScheme()) || !base.getHost().equalsIgnoreCase(to.getHost())
                || port(base) != port(to)) {
            throw new MeterException("it refers to another address, " + to.getScheme() + "://" + to.getAuthority(),
                    "give that address if it is the meter's");
        }
        return to;
    }

    private HttpResponse<byte[]> exchange(String method, URI uri, Map<String, String> headers, String body,
                                          long limitNanos) throws MeterException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Accept", "application/json")
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        CompletableFuture<HttpResponse<byte[]>> response =
                client().sendAsync(request.build(), info -> new BoundedBody(MAX_BYTES));
        try {
            return response.get(limitNanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw late();
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } finally {
            response.cancel(true);
        }
    }

    private HttpClient client() {
        if (client == null) {
            HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER).connectTimeout(timeout)
                    .proxy(HttpClient.Builder.NO_PROXY);
            client = (trust == null ? builder : builder.sslContext(trust)).build();
        }
        return client;
    }

    private MeterException late() {
        return new MeterException("it did not answer within " + Math.max(1, timeout.toSeconds()) + " s");
    }

    private MeterException failure(Throwable thrown) {
        if (has(thrown, BoundedBody.TooLarge.class)) {
            return new MeterException("its answer is larger than " + MAX_BYTES / 1024 + " KiB");
        }
        if (has(thrown, HttpTimeoutException.class)) {
            return late();
        }
        if (has(thrown, UnresolvedAddressException.class)) {
            return new MeterException("no address is known of the host " + base.getHost());
        }
        if (has(thrown, CertificateException.class)) {
            return new MeterException("its certificate is not trusted: " + deepest(thrown),
                    String.format(TRUST_REMEDY, authority()));
        }
        if (has(thrown, SSLException.class)) {
            return new MeterException("TLS fails: " + deepest(thrown));
        }
        if (has(thrown, ConnectException.class)) {
            return new MeterException(authority() + " refuses connections, or cannot be reached");
        }
        if (has(thrown, ProtocolException.class) || has(thrown, IOException.class)) {
            return new MeterException("it broke the connection off, or does not speak HTTP");
        }
        return new MeterException("asking it failed: " + thrown);
    }

    private String authority() {
        return base.getHost() + ":" + port(base);
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equalsIgnoreCase("https") ? HTTPS_PORT : HTTP_PORT;
    }

    private static boolean has(Throwable thrown, Class<? extends Throwable> type) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return true;
            }
        }
        return false;
    }

    private static String deepest(Throwable thrown) {
        Throwable each = thrown;
        while (each.getCause() != null) {
            each = each.getCause();
        }
        return String.valueOf(each.getMessage());
    }

    /** Some outlets take a password in the query: that is for no log. */
    private static String withoutQuery(String address) {
        int query = address.indexOf('?');
        return query < 0 ? address : address.substring(0, query);
    }

    /** Where it is, without the query. */
    @Override
    public String toString() {
        return withoutQuery(base.toString());
    }
}
