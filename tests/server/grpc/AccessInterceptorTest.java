package server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import collectors.CollectorContext;
import collectors.FakeCollector;
import collectors.registry.CollectorRegistry;
import energy.DescribeRequest;
import energy.EnergyMonitorGrpc;
import energy.HealthRequest;
import energy.MarkRequest;
import energy.StreamRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import server.Monitor;
import server.security.Security;
import telemetry.sampling.Sensors;

/** A monitor with an access token, over a real port: every call needs it. */
@Timeout(60)
class AccessInterceptorTest {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    @TempDir
    private Path folder;
    private Path file;
    private Monitor monitor;
    private ManagedChannel channel;

    @BeforeEach
    void serve() throws Exception {
        serve(false);
    }

    private void serve(boolean healthWithoutToken) throws Exception {
        file = Files.writeString(folder.resolve("token"), "right\n");
        CollectorContext context = new CollectorContext(Path.of("/sys"), Path.of("/proc"), Map.of(), 10, "all",
                CollectorContext.MacosPower.COMBINED);
        monitor = new Monitor(new Monitor.Settings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                null, new Sensors.Settings(CollectorRegistry.AUTO, true, context, "1.2.3"),
                new Security(null, null, null, file, healthWithoutToken, List.of())),
                FakeCollector.registry(new FakeCollector("gpus", FakeCollector.gpu("0", 300))));
        channel = NettyChannelBuilder.forAddress(monitor.start()).usePlaintext().build();
    }

    @AfterEach
    void end() {
        channel.shutdownNow();
        monitor.stop();
    }

    @Test
    void whoShowsTheTokenGetsEverything() {
        assertThat(stub("Bearer right").health(HealthRequest.getDefaultInstance()).getHealthy()).isTrue();
        assertThat(stub("bearer right").describe(DescribeRequest.getDefaultInstance()).getVersion()).isEqualTo("1.2.3");
        assertThat(stub("Bearer right").streamTelemetry(StreamRequest.getDefaultInstance()).next().getPowerWatts())
                .isEqualTo(300);
    }

    @Test
    void whoShowsNoneOrAWrongOneGetsNothing() {
        for (String header : new String[] {null, "Bearer wrong", "Bearer", "right", "Basic right"}) {
            assertRefused(() -> stub(header).health(HealthRequest.getDefaultInstance()));
            assertRefused(() -> stub(header).describe(DescribeRequest.getDefaultInstance()));
            assertRefused(() -> stub(header).streamTelemetry(StreamRequest.getDefaultInstance()).next());
        }
    }

    @Test
    void theStandardServicesNeedItToo() throws Exception {
        assertRefused(() -> HealthGrpc.newBlockingStub(channel).check(HealthCheckRequest.getDefaultInstance()));
        CompletableFuture<Status> end = new CompletableFuture<>();
        ServerReflectionGrpc.newStub(channel).serverReflectionInfo(new StreamObserver<>() {
            @Override
            public void onNext(ServerReflectionResponse response) {
                end.complete(Status.OK);
            }

            @Override
            public void onError(Throwable failure) {
                end.complete(Status.fromThrowable(failure));
            }

            @Override
            public void onCompleted() {
                end.complete(Status.OK);
            }
        }).onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        assertThat(end.get(30, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void healthNeedsNoneWhereThatIsWanted() throws Exception {
        end();
        serve(true);
        assertThat(stub(null).health(HealthRequest.getDefaultInstance()).getHealthy()).isTrue();
        assertThat(HealthGrpc.newBlockingStub(channel).check(HealthCheckRequest.getDefaultInstance()).getStatus())
                .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
        assertRefused(() -> stub(null).describe(DescribeRequest.getDefaultInstance()));
        assertRefused(() -> stub(null).mark(MarkRequest.getDefaultInstance()));
        assertRefused(() -> stub(null).streamTelemetry(StreamRequest.getDefaultInstance()).next());
    }

    @Test
    void aChangedTokenIsTakenOverWhileItServes() throws Exception {
        Files.writeString(file, "another\n");
        while (true) {
            try {
                stub("Bearer another").health(HealthRequest.getDefaultInstance());
                break;
            } catch (StatusRuntimeException e) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        assertRefused(() -> stub("Bearer right").health(HealthRequest.getDefaultInstance()));
    }

    private EnergyMonitorGrpc.EnergyMonitorBlockingStub stub(String authorization) {
        Metadata headers = new Metadata();
        if (authorization != null) {
            headers.put(AUTHORIZATION, authorization);
        }
        return EnergyMonitorGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(e.getStatus().getDescription()).contains("authorization: Bearer TOKEN");
        });
    }
}
