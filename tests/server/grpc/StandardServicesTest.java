package server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import collectors.CollectorContext;
import collectors.FakeCollector;
import collectors.registry.CollectorRegistry;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.ExtensionRegistryLite;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import server.Monitor;
import telemetry.sampling.Sensors;

/** The health service and reflection as gRPC's tools use them, over a real port. */
@Timeout(60)
class StandardServicesTest {

    private static final String SERVICE = "energy.EnergyMonitor";

    private final FakeCollector gpus = new FakeCollector("gpus", FakeCollector.gpu("0", 300));
    private Monitor monitor;
    private ManagedChannel channel;

    @AfterEach
    void end() {
        channel.shutdownNow();
        monitor.stop();
    }

    @Test
    void reflectionListsEveryService() throws Exception {
        start();
        ServerReflectionResponse answer = reflect(ServerReflectionRequest.newBuilder().setListServices("").build());
        assertThat(answer.getListServicesResponse().getServiceList()).extracting(ServiceResponse::getName)
                .containsExactlyInAnyOrder(SERVICE, "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
                        "grpc.reflection.v1alpha.ServerReflection");
    }

    @Test
    void aClientWithoutTheProtoCallsHealthByWhatReflectionTells() throws Exception {
        start();
        ByteString file = reflect(ServerReflectionRequest.newBuilder().setFileContainingSymbol(SERVICE).build())
                .getFileDescriptorResponse().getFileDescriptorProto(0);
        MethodDescriptor health = FileDescriptor.buildFrom(
                FileDescriptorProto.parseFrom(file, ExtensionRegistryLite.getEmptyRegistry()), new FileDescriptor[0])
                .findServiceByName("EnergyMonitor").findMethodByName("Health");
        DynamicMessage nothing = DynamicMessage.getDefaultInstance(health.getInputType());
        DynamicMessage answer = ClientCalls.blockingUnaryCall(channel,
                io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                        .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName(SERVICE + "/Health")
                        .setRequestMarshaller(ProtoUtils.marshaller(nothing))
                        .setResponseMarshaller(ProtoUtils.marshaller(
                                DynamicMessage.getDefaultInstance(health.getOutputType())))
                        .build(), CallOptions.DEFAULT, nothing);
        assertThat(answer.getField(health.getOutputType().findFieldByName("healthy"))).isEqualTo(true);
        assertThat(answer.getField(health.getOutputType().findFieldByName("platform"))).isEqualTo("gpus");
    }

    @Test
    void theCheckFollowsTheSensors() throws Exception {
        start();
        awaitCheck(ServingStatus.SERVING);
        assertThat(check("")).isEqualTo(ServingStatus.SERVING);
        gpus.failure = new IllegalStateException("the driver is gone");
        awaitCheck(ServingStatus.NOT_SERVING);
        assertThat(check("")).isEqualTo(ServingStatus.NOT_SERVING);
        gpus.failure = null;
        awaitCheck(ServingStatus.SERVING);
        assertThatThrownBy(() -> check("energy.Other")).isInstanceOfSatisfying(StatusRuntimeException.class,
                e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
    }

    @Test
    void whoWatchesIsToldOfEveryChangeAndOfTheEnd() throws Exception {
        start();
        awaitCheck(ServingStatus.SERVING);
        Iterator<HealthCheckResponse> watch = HealthGrpc.newBlockingStub(channel).watch(request(SERVICE));
        assertThat(watch.next().getStatus()).isEqualTo(ServingStatus.SERVING);
        gpus.failure = new IllegalStateException("the driver is gone");
        assertThat(watch.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
        gpus.failure = null;
        assertThat(watch.next().getStatus()).isEqualTo(ServingStatus.SERVING);
        monitor.stop();
        assertThat(watch.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
        assertThatThrownBy(watch::next).isInstanceOfSatisfying(StatusRuntimeException.class,
                e -> assertThat(e.getStatus().getDescription()).isEqualTo("the monitor ends"));
    }

    @Test
    void withoutAnySensorNothingIsServing() throws Exception {
        gpus.refusal = "no GPU";
        start();
        assertThat(check("")).isEqualTo(ServingStatus.NOT_SERVING);
        assertThat(check(SERVICE)).isEqualTo(ServingStatus.NOT_SERVING);
    }

    @Test
    void thereIsALimitToThoseWhoWatch() throws Exception {
        start();
        List<CompletableFuture<Status>> ends = new ArrayList<>();
        for (int i = 0; i <= TelemetryStream.MAX_STREAMS; i++) {
            CompletableFuture<Status> end = new CompletableFuture<>();
            ends.add(end);
            HealthGrpc.newStub(channel).watch(request(SERVICE), new StreamObserver<>() {
                @Override
                public void onNext(HealthCheckResponse response) {
                    assertThat(end).isNotDone();
                }

                @Override
                public void onError(Throwable failure) {
                    end.complete(Status.fromThrowable(failure));
                }

                @Override
                public void onCompleted() {
                    end.complete(Status.OK);
                }
            });
        }
        Status refused = ends.get(TelemetryStream.MAX_STREAMS).get(30, TimeUnit.SECONDS);
        assertThat(refused.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(ends).filteredOn(CompletableFuture::isDone).hasSize(1);
    }

    @Test
    void otherNamesAreUnknownAsEver() throws Exception {
        start();
        io.grpc.MethodDescriptor<HealthCheckRequest, HealthCheckResponse> unknown = HealthGrpc.getCheckMethod()
                .toBuilder().setFullMethodName("grpc.health.v1.Health/Frobnicate").build();
        assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(channel, unknown, CallOptions.DEFAULT, request("")))
                .isInstanceOfSatisfying(StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
    }

    private void start() throws Exception {
        CollectorContext context = new CollectorContext(Path.of("/sys"), Path.of("/proc"), Map.of(), 10, "all",
                CollectorContext.MacosPower.COMBINED);
        monitor = new Monitor(new Monitor.Settings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new Sensors.Settings(CollectorRegistry.AUTO, true, context, "1.2.3")), FakeCollector.registry(gpus));
        channel = NettyChannelBuilder.forAddress(monitor.start()).usePlaintext().build();
    }

    private void awaitCheck(ServingStatus wanted) throws InterruptedException {
        while (check(SERVICE) != wanted) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private ServingStatus check(String service) {
        return HealthGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS).check(request(service))
                .getStatus();
    }

    private static HealthCheckRequest request(String service) {
        return HealthCheckRequest.newBuilder().setService(service).build();
    }

    private ServerReflectionResponse reflect(ServerReflectionRequest request) throws Exception {
        CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> requests = ServerReflectionGrpc.newStub(channel)
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        answer.complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                        answer.completeExceptionally(new IllegalStateException("ended without an answer"));
                    }
                });
        requests.onNext(request);
        ServerReflectionResponse response = answer.get(30, TimeUnit.SECONDS);
        requests.onCompleted();
        return response;
    }
}
