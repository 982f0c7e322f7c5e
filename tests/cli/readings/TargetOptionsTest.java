package cli.readings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cli.options.UserError;
import com.sun.net.httpserver.HttpServer;
import energy.EnergyMonitorGrpc;
import energy.HealthRequest;
import energy.HealthResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine;
import server.security.Certificates;

/** How client commands reach a monitor: addresses, TLS, a certificate of their own, a token. */
@Timeout(60)
class TargetOptionsTest {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    @TempDir
    private Path folder;
    private volatile String authorization;
    private Server server;

    @AfterEach
    void end() {
        if (server != null) {
            server.shutdownNow();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "box, box:50053",
        "box:1234, box:1234",
        "10.0.0.7, 10.0.0.7:50053",
        "::1, [::1]:50053",
        "[::1], [::1]:50053",
        "[::1]:1234, [::1]:1234"})
    void aTargetIsAHostWithOrWithoutAPort(String target, String authority) throws Exception {
        ManagedChannel channel = options("--target", target).channel();
        assertThat(channel.authority()).isEqualTo(authority);
        channel.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({"box:", ":50053", "box:0", "box:65536", "box:http", "http://box:1", "a b"})
    void aWrongTargetIsAnErrorOfUsage(String target) {
        assertThatThrownBy(() -> options("--target", target).channel()).isInstanceOf(ParameterException.class)
                .hasMessageContainingAll(target, "give HOST:PORT");
    }

    @Test
    void withoutATargetTheLocalHardwareIsMeant() {
        assertThat(options().isGiven()).isFalse();
        assertThatThrownBy(() -> options("--auth-token-file", "x").isGiven()).isInstanceOf(ParameterException.class)
                .hasMessageContaining("--target");
    }

    @Test
    void severalTargetsAreForTheCommandsThatTakeThem() throws Exception {
        TargetOptions both = options("--target", "a", "--target", "b:7");
        assertThat(both.targets()).containsExactly("a", "b:7");
        ManagedChannel second = both.channel("b:7");
        assertThat(second.authority()).isEqualTo("b:7");
        second.shutdownNow();
        assertThatThrownBy(both::channel).isInstanceOf(ParameterException.class).hasMessage("give --target once");
    }

    @Test
    void theTokenIsShownWithEveryCall() throws Exception {
        serve(null);
        Path token = Files.writeString(folder.resolve("token"), "secret\n");
        ask("--auth-token-file", token.toString());
        assertThat(authorization).isEqualTo("Bearer secret");
        ask();
        assertThat(authorization).isNull();
    }

    @Test
    void aTokenThatCannotBeReadIsTheUsersError() throws Exception {
        serve(null);
        Path empty = Files.writeString(folder.resolve("empty"), " \n");
        assertThatThrownBy(() -> ask("--auth-token-file", empty.toString())).isInstanceOf(UserError.class)
                .hasMessageContainingAll(empty.toString(), "is empty");
        assertThatThrownBy(() -> ask("--auth-token-file", "no-such")).isInstanceOf(UserError.class)
                .hasMessage("no-such does not exist");
    }

    @Test
    void theServersAuthorityHasToBeTheGivenOne() throws Exception {
        Certificates certificates = new Certificates(folder);
        Certificates.Pair authority = certificates.authority("authority");
        Certificates.Pair other = certificates.authority("other");
        serve(sslContext(certificates.issue("server", authority), authority, ClientAuth.NONE));
        ask("--tls-ca", authority.certificate().toString());
        assertThatThrownBy(() -> ask("--tls-ca", other.certificate().toString()))
                .isInstanceOfSatisfying(StatusRuntimeException.class, e -> assertThat(RemoteTelemetry.reason("box", e))
                        .contains("the monitor at box cannot be asked", "another authority"));
        assertThatThrownBy(this::ask).isInstanceOf(StatusRuntimeException.class);
    }

    @Test
    void aServerThatAsksForACertificateGetsIt() throws Exception {
        Certificates certificates = new Certificates(folder);
        Certificates.Pair authority = certificates.authority("authority");
        Certificates.Pair client = certificates.issue("client", authority);
        serve(sslContext(certificates.issue("server", authority), authority, ClientAuth.REQUIRE));
        String trusted = authority.certificate().toString();
        ask("--tls-ca", trusted, "--tls-cert", client.certificate().toString(), "--tls-key", client.key().toString());
        assertThatThrownBy(() -> ask("--tls-ca", trusted)).isInstanceOf(StatusRuntimeException.class);
        assertThatThrownBy(() -> ask("--tls-ca", trusted, "--tls-cert", trusted))
                .isInstanceOf(ParameterException.class).hasMessageContaining("give both");
        assertThatThrownBy(() -> ask("--tls-ca", trusted, "--tls-cert", trusted, "--tls-key",
                client.key().toString())).isInstanceOf(UserError.class).hasMessageContaining("does not fit");
        assertThatThrownBy(() -> ask("--tls-cert", trusted, "--tls-key", trusted))
                .isInstanceOf(ParameterException.class).hasMessageContaining("--tls-ca");
    }

    @Test
    void aPortThatSpeaksHttpIsTakenForNoMonitor() throws Exception {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        http.start();
        ManagedChannel channel = options("--target", "127.0.0.1:" + http.getAddress().getPort()).channel();
        try {
            assertThatThrownBy(() -> EnergyMonitorGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS)
                    .health(HealthRequest.getDefaultInstance()))
                    .isInstanceOfSatisfying(StatusRuntimeException.class, e -> assertThat(RemoteTelemetry.reason("box", e))
                            .isEqualTo("what serves at box speaks no gRPC: give the --port of a monitor, not its --http-port"));
        } finally {
            channel.shutdownNow();
            http.stop(0);
        }
    }

    private static TargetOptions options(String... arguments) {
        SomeCommand command = new SomeCommand();
        new CommandLine(command).parseArgs(arguments);
        return command.target;
    }

    private void ask(String... arguments) throws UserError {
        String[] all = new String[arguments.length + 2];
        all[0] = "--target";
        all[1] = "127.0.0.1:" + server.getPort();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        ManagedChannel channel = options(all).channel();
        try {
            assertThat(EnergyMonitorGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS)
                    .health(HealthRequest.getDefaultInstance()).getPlatform()).isEqualTo("test");
        } finally {
            channel.shutdownNow();
        }
    }

    private static SslContext sslContext(Certificates.Pair own, Certificates.Pair authority, ClientAuth wanted)
            throws IOException {
        return GrpcSslContexts.configure(SslContextBuilder.forServer(own.certificate().toFile(), own.key().toFile()),
                SslProvider.JDK).trustManager(authority.certificate().toFile()).clientAuth(wanted).build();
    }

    private void serve(SslContext sslContext) throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        if (sslContext != null) {
            builder.sslContext(sslContext);
        }
        server = builder.addService(new EnergyMonitorGrpc.EnergyMonitorImplBase() {
            @Override
            public void health(HealthRequest request, StreamObserver<HealthResponse> response) {
                response.onNext(HealthResponse.newBuilder().setPlatform("test").build());
                response.onCompleted();
            }
        }).intercept(new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
                    ServerCallHandler<Q, A> next) {
                authorization = headers.get(AUTHORIZATION);
                return next.startCall(call, headers);
            }
        }).build().start();
    }

    @Command(name = "some")
    private static final class SomeCommand implements Runnable {

        @Mixin
        private TargetOptions target;

        @Override
        public void run() {
            throw new UnsupportedOperationException("is only parsed");
        }
    }
}
