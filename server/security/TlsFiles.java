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
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * TLS 1.2 and 1.3 as a server talks it with a certificate, its key and, where clients have to show a certificate too,
 * the authorities that these must come from: all in PEM files. What changes in them is taken over while it serves.
 */
public final class TlsFiles implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(TlsFiles.class.getName());
    private static final long LOOK_MILLIS = TimeUnit.SECONDS.toMillis(1);

    private final Path certificate;
    private final Path key;
    private final Path clientAuthorities;
    private final RenewableSslContext grpc;
    private final RenewableSslContext http;
    /** Of the files that are in use, or that were given up. */
    private List<Object> known;
    private List<Object> failing;
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
        known = stamps();
        Contexts first = load();
        grpc = new RenewableSslContext(first.grpc);
        http = new RenewableSslContext(first.http);
        if (FileText.isReadableByAll(key)) {
            LOG.warning(key + " can be read by every user of this machine: chmod 600 " + key);
        }
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
                    TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
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
     * Takes over what has changed. What cannot be used is only complained about when it is found a second time: the
     * files may be in the middle of being replaced.
     */
    void renew() {
        List<Object> now = stamps();
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
                LOG.warning("The new TLS files cannot be used, the old ones still are: " + e.getMessage());
            }
            failing = now;
        }
    }

    private List<Object> stamps() {
        return Stream.of(certificate, key, clientAuthorities).filter(file -> file != null).map(FileText::stamp)
                .toList();
    }

    private Contexts load() throws UnusableFileException {
        X509Certificate[] chain = Pem.certificates(certificate);
        PrivateKey privateKey = Pem.privateKey(key, chain[0]);
        X509Certificate[] authorities = clientAuthorities == null ? null : Pem.certificates(clientAuthorities);
        Instant end = chain[0].getNotAfter().toInstant();
        if (end.isBefore(Instant.now())) {
            LOG.warning("The certificate in " + certificate + " was good until " + end + ": clients refuse it");
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
