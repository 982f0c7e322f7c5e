package server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import collectors.CollectorContext;
import collectors.FakeCollector;
import collectors.registry.CollectorRegistry;
import energy.EnergyMonitorGrpc;
import energy.HealthRequest;
import energy.StreamRequest;
import energy.TelemetryReading;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import server.Monitor;
import telemetry.sampling.LogLines;
import telemetry.sampling.Sensors;

/** A monitor that talks TLS, over a real port, with certificates from openssl. */
@Timeout(60)
class TlsFilesTest {

    @TempDir
    private Path folder;
    private Certificates certificates;
    private Certificates.Pair authority;
    private Certificates.Pair own;
    private Monitor monitor;
    private InetSocketAddress bound;

    @BeforeEach
    void makeCertificates() throws IOException {
        certificates = new Certificates(folder);
        authority = certificates.authority("authority");
        own = certificates.issue("server", authority);
    }

    @AfterEach
    void end() {
        if (monitor != null) {
            monitor.stop();
        }
    }

    @Test
    void whoTrustsTheAuthorityGetsReadings() throws Exception {
        serve(null);
        ManagedChannel channel = channel(authority, null);
        try {
            Iterator<TelemetryReading> readings = EnergyMonitorGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(30, TimeUnit.SECONDS).streamTelemetry(StreamRequest.getDefaultInstance());
            for (int i = 0; i < 10; i++) {
                assertThat(readings.next().getPowerWatts()).isEqualTo(300);
            }
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void whoTrustsAnotherAuthorityOrTalksPlainGetsNothing() throws Exception {
        serve(null);
        assertRefused(certificates.authority("other"), null);
        ManagedChannel plain = NettyChannelBuilder.forAddress(bound).usePlaintext().build();
        assertThatThrownBy(() -> ask(plain)).isInstanceOf(StatusRuntimeException.class);
        ask(authority, null);
    }

    @Test
    void whatClientsDoWrongIsLoggedWithTheirAddressAndTheRemedy() throws Exception {
        Certificates.Pair clients = certificates.authority("clients");
        serve(clients);
        try (LogLines log = new LogLines(RefusalLog.class)) {
            ManagedChannel plain = NettyChannelBuilder.forAddress(bound).usePlaintext().build();
            assertThatThrownBy(() -> ask(plain)).isInstanceOfSatisfying(StatusRuntimeException.class,
                    e -> assertThat(e.getStatus().getDescription()).contains("this monitor requires TLS"));
            assertLogged(log, "it talks plaintext to a monitor that requires TLS", "--tls-ca FILE");
            assertRefused(authority, null);
            assertLogged(log, "it shows no certificate from an authority in the file of --tls-client-ca",
                    "--tls-cert and --tls-key");
            showAnyCertificate(certificates.issue("stranger", authority));
            assertLogged(log, "is from an authority that the file of --tls-client-ca does not have");
            assertRefused(authority, certificates.expired("late", clients));
            assertLogged(log, "its certificate has expired; renew it");
            assertRefused(certificates.authority("other"), certificates.issue("client", clients));
            assertLogged(log, "it does not trust this monitor's certificate");
        }
    }

    @Test
    void tlsToAMonitorThatTalksPlaintextIsLogged() throws Exception {
        start(Security.NONE);
        try (LogLines log = new LogLines(RefusalLog.class)) {
            assertRefused(authority, null);
            assertLogged(log, "it talks TLS to a monitor that talks plaintext", "--tls-cert and --tls-key");
        }
    }

    /** Java's clients show none rather than one of an authority that the server does not name. */
    private void showAnyCertificate(Certificates.Pair shown) throws Exception {
        Process client = new ProcessBuilder("openssl", "s_client", "-connect", "127.0.0.1:" + bound.getPort(),
                "-cert", shown.certificate().toString(), "-key", shown.key().toString(), "-alpn", "h2")
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        client.getOutputStream().close();
        client.waitFor();
    }

    private static void assertLogged(LogLines log, String... texts) throws InterruptedException {
        while (log.lines().stream().noneMatch(line -> line.contains(texts[0]))) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(log.lines()).last().asString().startsWith("Refused 127.0.0.1: ").contains(texts);
    }

    @Test
    void anExpiredCertificateIsRefusedByClients() throws Exception {
        own = certificates.expired("server", authority);
        serve(null);
        assertRefused(authority, null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void newProtocolsAreTalked(String protocol) throws Exception {
        serve(null);
        assertThat(handshake(protocol)).isEqualTo(protocol);
    }

    @Test
    void oldProtocolsAreNotAndBothServersWantTheSameOfClients() throws Exception {
        TlsFiles open = new TlsFiles(own.certificate(), own.key(), null);
        TlsFiles mutual = new TlsFiles(own.certificate(), own.key(), authority.certificate());
        for (TlsFiles files : List.of(open, mutual)) {
            for (SslContext context : List.of(files.grpc(), files.http())) {
                SSLEngine engine = context.newEngine(ByteBufAllocator.DEFAULT);
                assertThat(engine.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.2", "TLSv1.3");
                assertThat(engine.getNeedClientAuth()).isEqualTo(files == mutual);
            }
        }
    }

    @Test
    void onlyClientsWithACertificateOfTheGivenAuthorityGetInWhereOneIsGiven() throws Exception {
        Certificates.Pair clients = certificates.authority("clients");
        serve(clients);
        ask(authority, certificates.issue("client", clients));
        assertRefused(authority, null);
        assertRefused(authority, certificates.issue("stranger", authority));
        assertRefused(authority, certificates.expired("late", clients));
    }

    @Test
    void renewedFilesAreTakenOverWhileItServes() throws Exception {
        serve(null);
        ManagedChannel before = channel(authority, null);
        Iterator<TelemetryReading> readings = EnergyMonitorGrpc.newBlockingStub(before)
                .withDeadlineAfter(50, TimeUnit.SECONDS).streamTelemetry(StreamRequest.getDefaultInstance());
        readings.next();
        Certificates.Pair next = certificates.authority("next");
        replace(certificates.issue("renewed", next), own);
        awaitAnswer(next, null);
        assertRefused(authority, null);
        for (int i = 0; i < 200; i++) {
            readings.next(); // throws unless the connection goes on
        }
        before.shutdownNow();
    }

    @Test
    void aRenewedCertificateOfTheSameKeyIsTakenOver() throws Exception {
        own = certificates.expired("server", authority);
        serve(null);
        assertRefused(authority, null);
        Path renewed = folder.resolve("renewed.pem");
        certificates.openssl("x509", "-req", "-in", folder.resolve("server.csr"), "-CA", authority.certificate(),
                "-CAkey", authority.key(), "-days", 2, "-extfile", folder.resolve("server.ext"), "-out", renewed);
        Files.move(renewed, own.certificate(), StandardCopyOption.REPLACE_EXISTING);
        awaitAnswer(authority, null);
    }

    @Test
    void anotherAuthorityForClientsIsTakenOver() throws Exception {
        Certificates.Pair clients = certificates.authority("clients");
        Certificates.Pair others = certificates.authority("others");
        Certificates.Pair client = certificates.issue("client", clients);
        Certificates.Pair other = certificates.issue("other", others);
        serve(clients);
        ask(authority, client);
        Files.copy(others.certificate(), clients.certificate(), StandardCopyOption.REPLACE_EXISTING);
        awaitAnswer(authority, other);
        assertRefused(authority, client);
    }

    @Test
    void whileTheNewFilesDoNotFitTheOldOnesAreUsed() throws Exception {
        TlsFiles files = new TlsFiles(own.certificate(), own.key(), null);
        Certificates.Pair renewed = certificates.issue("renewed", authority);
        try (LogLines log = new LogLines(TlsFiles.class)) {
            Files.copy(renewed.certificate(), own.certificate(), StandardCopyOption.REPLACE_EXISTING);
            files.renew();
            assertThat(log.lines()).as("it may be in the middle of being replaced").isEmpty();
            files.renew();
            files.renew();
            assertThat(log.lines()).singleElement().asString().contains("the old ones stay in use", "does not fit");
            Files.copy(renewed.key(), own.key(), StandardCopyOption.REPLACE_EXISTING);
            files.renew();
            assertThat(log.lines()).hasSize(2).last().asString().startsWith("Took over");
        }
    }

    @Test
    void everyUnusableFileIsNamedWithWhatIsWrong() throws Exception {
        Path missing = folder.resolve("missing.pem");
        Path text = Files.writeString(folder.resolve("text.pem"), "hello");
        Path cut = Files.writeString(folder.resolve("cut.pem"),
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
        Path locked = folder.resolve("locked.key");
        certificates.openssl("pkey", "-in", own.key(), "-aes128", "-passout", "pass:secret", "-out", locked);
        Path old = folder.resolve("old.key");
        certificates.openssl("ec", "-in", own.key(), "-out", old);
        assertUnusable(missing, own.key(), null, missing + " does not exist");
        assertUnusable(folder, own.key(), null, folder + " cannot be read");
        assertUnusable(text, own.key(), null, text + " holds no certificate");
        assertUnusable(cut, own.key(), null, cut + " holds a certificate that cannot be read");
        assertUnusable(own.key(), own.key(), null, "holds no certificate");
        assertUnusable(own.certificate(), missing, null, missing + " does not exist");
        assertUnusable(own.certificate(), own.certificate(), null, "holds no private key");
        assertUnusable(own.certificate(), authority.key(), null, "does not fit the certificate");
        assertUnusable(own.certificate(), certificates.issue("x", authority).key(), null, "does not fit");
        assertUnusable(own.certificate(), locked, null, "ENCRYPTED PRIVATE KEY", "openssl pkey -in " + locked);
        assertUnusable(own.certificate(), old, null, "EC PRIVATE KEY", "openssl pkey -in " + old);
        assertUnusable(own.certificate(), own.key(), text, text + " holds no certificate");
    }

    @Test
    void keysOfEveryUsualKindWork() throws Exception {
        new TlsFiles(authority.certificate(), authority.key(), null); // RSA; the others are EC
        Path certificate = folder.resolve("ed25519.pem");
        Path key = folder.resolve("ed25519.key");
        certificates.openssl("req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", key, "-out", certificate,
                "-subj", "/CN=x", "-addext", "subjectAltName=DNS:localhost");
        own = new Certificates.Pair(certificate, key);
        serve(null);
        ask(own, null);
    }

    private void assertUnusable(Path certificate, Path key, Path clientAuthorities, String... told) {
        assertThatThrownBy(() -> new TlsFiles(certificate, key, clientAuthorities))
                .isInstanceOf(UnusableFileException.class).hasMessageContainingAll(told)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    private void serve(Certificates.Pair clients) throws Exception {
        start(new Security(own.certificate(), own.key(), clients == null ? null : clients.certificate(), null));
    }

    private void start(Security security) throws Exception {
        CollectorContext context = new CollectorContext(Path.of("/sys"), Path.of("/proc"), Map.of(), 10, "all",
                CollectorContext.MacosPower.COMBINED);
        monitor = new Monitor(new Monitor.Settings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                null, new Sensors.Settings(CollectorRegistry.AUTO, true, context, "1.2.3"), security),
                FakeCollector.registry(new FakeCollector("gpus", FakeCollector.gpu("0", 300))));
        bound = monitor.start();
    }

    private void replace(Certificates.Pair renewed, Certificates.Pair old) throws IOException {
        Files.move(renewed.certificate(), old.certificate(), StandardCopyOption.REPLACE_EXISTING);
        Files.move(renewed.key(), old.key(), StandardCopyOption.REPLACE_EXISTING);
    }

    private ManagedChannel channel(Certificates.Pair trusted, Certificates.Pair shown) throws IOException {
        SslContextBuilder tls = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                .trustManager(trusted.certificate().toFile());
        if (shown != null) {
            tls.keyManager(shown.certificate().toFile(), shown.key().toFile());
        }
        return NettyChannelBuilder.forAddress(bound).overrideAuthority("localhost").sslContext(tls.build()).build();
    }

    private void ask(Certificates.Pair trusted, Certificates.Pair shown) throws IOException {
        ask(channel(trusted, shown));
    }

    private static void ask(ManagedChannel channel) {
        try {
            assertThat(EnergyMonitorGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS)
                    .health(HealthRequest.getDefaultInstance()).getPlatform()).isEqualTo("gpus");
        } finally {
            channel.shutdownNow();
        }
    }

    private void assertRefused(Certificates.Pair trusted, Certificates.Pair shown) {
        assertThatThrownBy(() -> ask(trusted, shown)).isInstanceOfSatisfying(StatusRuntimeException.class,
                e -> assertThat(e.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.UNAVAILABLE));
    }

    private void awaitAnswer(Certificates.Pair trusted, Certificates.Pair shown)
            throws IOException, InterruptedException {
        while (true) {
            try {
                ask(trusted, shown);
                return;
            } catch (StatusRuntimeException e) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    /** The protocol that both agree on when the client knows just this one. */
    private String handshake(String protocol) throws Exception {
        SSLContext anyServer = SSLContext.getInstance("TLS");
        anyServer.init(null, new TrustManager[] {new TrustingAll()}, null);
        try (SSLSocket socket = (SSLSocket) anyServer.getSocketFactory().createSocket(bound.getAddress(),
                bound.getPort())) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.startHandshake();
            return socket.getSession().getProtocol();
        }
    }

    private static final class TrustingAll implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {
            throw new UnsupportedOperationException("is no server");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {
            assertThat(chain).isNotEmpty();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
