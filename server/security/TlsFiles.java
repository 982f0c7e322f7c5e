package server.security;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * A server's TLS 1.2 and 1.3, from PEM files: its certificate and key and, where clients have to show a certificate
 * too, the authorities that these must come from. Changed files are taken over while it serves.
 */
public final class TlsFiles implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(TlsFiles.class.getName());
    private static final long LOOK_PERIOD_MILLIS = TimeUnit.SECONDS.toMillis(1);

    private final Path certificate;
    private final Path key;
    private final Path clientAuthorities;
    private final RenewableSslContext grpc;
    private final RenewableSslContext http;
    private final SecretFile secret;
    /** The states of the files that are in use, or that were given up. */
    private List<Stamp> known;
    private List<Stamp> failing;
    private volatile Thread watching;

    /**
     * Reads the files.
     *
     * @param clientAuthorities null when clients need no certificate
     * @throws UnusableFileException when one of them cannot be used, or they do not fit together
     */
    public TlsFiles(Path certificate, Path key, Path clientAuthorities) throws UnusableFileException {
        this.certificate = certificate;
        this.key = key;
        this.clientAuthorities = clientAuthorities;
        secret = new SecretFile(key);
        known = stamps();
        Contexts first = load();
        grpc = new RenewableSslContext(first.grpc);
        http = new RenewableSslContext(first.http);
        secret.check();
    }

    /** For gRPC: HTTP/2. */
    public SslContext grpc() {
        return grpc;
    }

    /** For HTTP/1.1. */
    public SslContext http() {
        return http;
    }

    /** Looks at the files every second from now on, in a thread of its own. */
    public void watch() {
        watching = new Thread(() -> {
            try {
                while (true) {
                    TimeUnit.MILLISECONDS.sleep(LOOK_PERIOD_MILLIS);
                    renew();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // closed
            }
        }, "tls-files");
        watching.setDaemon(true);
        watching.start();
    }

    /** Looks at the files no more. */
    @Override
    public void close() {
        Thread thread = watching;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /**
     * Takes over what has changed. Files that cannot be used are complained about only when they are found so twice:
     * they may be in the middle of being replaced.
     */
    void renew() {
        secret.check();
        List<Stamp> now = stamps();
        if (now.equals(known)) {
            return;
        }
        try {
            Contexts next = load();
            grpc.replace(next.grpc);
            http.replace(next.http);
            known = now;
            failing = null;
            LOG.info("Took over the new TLS files, " + certificate + " among them");
        } catch (UnusableFileException e) {
            if (now.equals(failing)) {
                known = now;
                LOG.warning("The new TLS files cannot be used, the old ones stay in use: " + e.getMessage());
            }
            failing = now;
        }
    }

    private List<Stamp> stamps() {
        return Stream.of(certificate, key, clientAuthorities).filter(Objects::nonNull).map(Stamp::of).toList();
    }

    private Contexts load() throws UnusableFileException {
        X509Certificate[] chain = Pem.certificates(certificate);
        PrivateKey privateKey = Pem.privateKey(key, chain[0]);
        X509Certificate[] authorities = clientAuthorities == null ? null : Pem.certificates(clientAuthorities);
        Instant end = chain[0].getNotAfter().toInstant();
        if (end.isBefore(Instant.now())) {
            LOG.warning("The certificate in " + certificate + " expired at " + end + ": clients refuse it, renew it");
        }
        try {
            return new Contexts(
                    GrpcSslContexts.configure(builder(chain, privateKey, authorities), SslProvider.JDK).build(),
                    builder(chain, privateKey, authorities).build());
        } catch (SSLException e) {
            throw new UnusableFileException("Java cannot talk TLS with " + certificate + ": " + e.getMessage());
        }
    }

    private static SslContextBuilder builder(X509Certificate[] chain, PrivateKey key, X509Certificate[] authorities) {
        SslContextBuilder builder = SslContextBuilder.forServer(key, chain).sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2");
        return authorities == null ? builder : builder.trustManager(authorities).clientAuth(ClientAuth.REQUIRE);
    }

    private record Contexts(SslContext grpc, SslContext http) {
    }
}
