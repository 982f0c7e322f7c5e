package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import energy.EnergyMonitorGrpc;
import energy.HealthRequest;
import energy.HealthResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import server.security.Certificates;

/** TLS, certificates of clients and the token on the whole program. */
@Timeout(120)
class SecurityTest {

    @TempDir
    private Path folder;

    @Test
    void certificatesAndTokenAreWantedTogetherAndTakenOverWhenTheyChange() throws Exception {
        Certificates certificates = new Certificates(folder);
        Certificates.Pair authority = certificates.authority("authority");
        Certificates.Pair server = certificates.issue("server", authority);
        Certificates.Pair client = certificates.issue("client", authority);
        Path token = secret("first");
        try (Program monitor = Project.startJava("--port", "0", "--collector", "simulated",
                "--tls-cert", server.certificate().toString(), "--tls-key", server.key().toString(),
                "--tls-client-ca", authority.certificate().toString(), "--auth-token-file", token.toString())) {
            int port = monitor.port();
            assertThat(ask(port, authority, client, "first").getPlatform()).isEqualTo("simulated");
            assertThat(refusal(port, authority, client, "second")).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(refusal(port, authority, null, "first")).isEqualTo(Status.Code.UNAVAILABLE);
            monitor.awaitErr(Pattern.compile("Refused 127\\.0\\.0\\.1: it shows a wrong access token"));

            Files.move(secret("second"), token, StandardCopyOption.REPLACE_EXISTING);
            Certificates.Pair other = certificates.authority("other");
            Certificates.Pair renewed = certificates.issue("renewed", other);
            Files.move(renewed.certificate(), server.certificate(), StandardCopyOption.REPLACE_EXISTING);
            Files.move(renewed.key(), server.key(), StandardCopyOption.REPLACE_EXISTING);
            monitor.awaitErr(Pattern.compile("Took over the new TLS files"));
            assertThat(refusal(port, authority, client, "second")).isEqualTo(Status.Code.UNAVAILABLE);
            while (refusal(port, other, client, "second") != Status.Code.OK) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            monitor.signal("TERM");
            assertThat(monitor.exitCode()).isEqualTo(128 + 15);
            assertThat(monitor.out()).isEmpty();
            assertThat(monitor.err()).noneMatch(line -> line.contains("Exception"));
        }
    }

    @Test
    void whatIsNotAskedForIsNotLoaded() throws Exception {
        Path loaded = folder.resolve("loaded.txt");
        List<String> command = Project.java("--port", "0", "--collector", "simulated");
        command.add(command.indexOf("-cp"), "-Xlog:class+load:file=" + loaded);
        try (Program monitor = Program.start(Project.ROOT, Map.of(), command);
                Client client = new Client(monitor.port())) {
            assertThat(client.health().getHealthy()).isTrue();
            assertThat(Files.readString(loaded)).contains("server.grpc.GrpcServer ")
                    .doesNotContain("server.security.TlsFiles ", "server.security.AccessToken ", "server.grpc.StandardServices$Loaded ",
                            "io.grpc.protobuf.services.", "io.grpc.health.", "io.grpc.reflection.");
        }
    }

    @Test
    void filesThatDoNotFitAreOneLineAndExitCode1() throws Exception {
        Certificates certificates = new Certificates(folder);
        Certificates.Pair one = certificates.authority("one");
        Certificates.Pair other = certificates.authority("other");
        assertOneLine("does not fit the certificate", "--tls-cert", one.certificate().toString(),
                "--tls-key", other.key().toString());
        assertOneLine("holds no certificate", "--tls-cert", one.key().toString(), "--tls-key", one.key().toString());
        assertOneLine("holds no certificate", "--tls-cert", one.certificate().toString(),
                "--tls-key", one.key().toString(), "--tls-client-ca", one.key().toString());
        assertOneLine("is empty", "--auth-token-file", secret("").toString());
    }

    @Test
    void commandsThatAskInTheWrongWayAreToldTheRemedy() throws Exception {
        Certificates certificates = new Certificates(folder);
        Certificates.Pair authority = certificates.authority("authority");
        Certificates.Pair other = certificates.authority("other");
        Certificates.Pair server = certificates.issue("server", authority);
        Path token = secret("right");
        try (Program plain = Project.startJava("--port", "0", "--collector", "simulated");
                Program secure = Project.startJava("--port", "0", "--collector", "simulated",
                        "--tls-cert", server.certificate().toString(), "--tls-key", server.key().toString(),
                        "--tls-client-ca", authority.certificate().toString(), "--auth-token-file", token.toString())) {
            String target = "localhost:" + secure.port();
            String trusted = authority.certificate().toString();
            assertTold("it requires TLS: give the authority of its certificate with --tls-ca", target);
            assertTold("it talks plaintext: leave --tls-ca out", "localhost:" + plain.port(), "--tls-ca", trusted);
            assertTold("it requires a certificate from an authority that it knows: give one with --tls-cert and "
                    + "--tls-key", target, "--tls-ca", trusted);
            assertTold("its certificate is from another authority than the one in --tls-ca", target,
                    "--tls-ca", other.certificate().toString());
        }
    }

    private static void assertTold(String what, String target, String... options) throws Exception {
        List<String> command = Project.java("doctor", "--target", target);
        command.addAll(List.of(options));
        try (Program doctor = Program.start(Project.ROOT, Map.of(), command)) {
            assertThat(doctor.exitCode()).as(doctor.toString()).isEqualTo(1);
            assertThat(doctor.err()).singleElement().asString()
                    .startsWith("energy-monitor: the monitor at " + target + " cannot be asked: " + what);
        }
    }

    @Test
    void onOtherAddressesThanLoopbackItWarnsUnlessItEncrypts() throws Exception {
        Certificates certificates = new Certificates(folder);
        Certificates.Pair own = certificates.authority("own");
        try (Program monitor = Project.startJava("--port", "0", "--collector", "null", "--bind-address", "0.0.0.0")) {
            monitor.awaitErr(Pattern.compile("WARN .*Nothing is encrypted.*--tls-cert and --tls-key"));
        }
        try (Program monitor = Project.startJava("--port", "0", "--collector", "null", "--bind-address", "0.0.0.0",
                "--tls-cert", own.certificate().toString(), "--tls-key", own.key().toString())) {
            monitor.awaitErr(Pattern.compile("Using null platform"));
            assertThat(monitor.err()).noneMatch(line -> line.contains("WARN"));
        }
    }

    @Test
    void theWayInTheReadmeWorksFromPython() throws Exception {
        new Certificates(folder); // skips where openssl is missing
        List<String> way = PagesTest.blocks(Project.ROOT.resolve("docs/serving.md"), "shell").findFirst().orElseThrow().lines().toList();
        try (Program made = Program.start(folder, Map.of(),
                List.of("sh", "-e", "-c", String.join("\n", way.subList(0, 2))))) {
            assertThat(made.exitCode()).as(made.toString()).isZero();
        }
        String[] flags = way.get(2).substring(way.get(2).indexOf("--")).replace("0.0.0.0", "127.0.0.1").split(" ");
        List<String> command = Project.java(flags);
        command.addAll(List.of("--port", "0", "--collector", "simulated"));
        String client = PagesTest.blocks(Project.ROOT.resolve("docs/clients.md"), "python").findFirst().orElseThrow();
        String secure = PagesTest.blocks(Project.ROOT.resolve("docs/serving.md"), "python").findFirst().orElseThrow();
        Files.writeString(folder.resolve("client.py"), client
                .replace("proto/energy.proto", "energy.proto")
                .replaceFirst("with grpc.insecure_channel.*\n", secure));
        Files.copy(Project.ROOT.resolve("proto/energy.proto"), folder.resolve("energy.proto"));
        try (Program monitor = Program.start(folder, Map.of(), command);
                Program python = Python.start(folder, List.of("grpc", "google.protobuf", "grpc_tools"),
                        List.of("-u", "client.py", "localhost:" + monitor.port()))) {
            python.awaitOut(Pattern.compile("^healthy: True$"));
            python.awaitOut(Pattern.compile("^simulated: .* W, .* J$"));
            assertThat(monitor.err()).noneMatch(line -> line.contains("WARN"));
        }
    }

    private Path secret(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "token", ""), text); // only the owner may read it
    }

    private static void assertOneLine(String what, String... arguments) throws Exception {
        List<String> command = Project.java("--port", "0", "--collector", "null");
        command.addAll(List.of(arguments));
        try (Program monitor = Program.start(Project.ROOT, Map.of(), command)) {
            assertThat(monitor.exitCode()).as(monitor.toString()).isEqualTo(1);
            assertThat(monitor.out()).isEmpty();
            assertThat(monitor.err()).singleElement().asString().startsWith("energy-monitor: ").contains(what);
        }
    }

    private static Status.Code refusal(int port, Certificates.Pair trusted, Certificates.Pair shown, String token)
            throws IOException {
        try {
            ask(port, trusted, shown, token);
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }

    private static HealthResponse ask(int port, Certificates.Pair trusted, Certificates.Pair shown, String token)
            throws IOException {
        SslContextBuilder tls = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                .trustManager(trusted.certificate().toFile());
        if (shown != null) {
            tls.keyManager(shown.certificate().toFile(), shown.key().toFile());
        }
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port).sslContext(tls.build()).build();
        try {
            return EnergyMonitorGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .health(HealthRequest.getDefaultInstance());
        } finally {
            channel.shutdownNow();
        }
    }
}
