package server;

import energy.EnergyMonitorGrpc;
import energy.HealthRequest;
import energy.HealthResponse;
import energy.StreamRequest;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The gRPC service: translates between the wire and the {@link Broadcast}. */
final class EnergyMonitorService {

    /**
     * What Health answers.
     *
     * @param healthy  whether power or energy is being read now
     * @param platform the primary collector's platform
     */
    record Health(boolean healthy, String platform) {
    }

    private static final MethodDescriptor<StreamRequest, Reading> STREAM_TELEMETRY =
            EnergyMonitorGrpc.getStreamTelemetryMethod()
                    .toBuilder(EnergyMonitorGrpc.getStreamTelemetryMethod().getRequestMarshaller(),
                            new ReadingMarshaller())
                    .build();

    private final Broadcast broadcast;
    private final CompletableFuture<Void> settled;
    private final Supplier<Health> health;

    /** A service that answers Health once {@code settled} is done. */
    EnergyMonitorService(Broadcast broadcast, CompletableFuture<Void> settled, Supplier<Health> health) {
        this.broadcast = broadcast;
        this.settled = settled;
        this.health = health;
    }

    /** The generated service, but for the readings, which are encoded already. */
    ServerServiceDefinition definition() {
        ServiceDescriptor descriptor = ServiceDescriptor.newBuilder(EnergyMonitorGrpc.SERVICE_NAME)
                .setSchemaDescriptor(EnergyMonitorGrpc.getServiceDescriptor().getSchemaDescriptor())
                .addMethod(EnergyMonitorGrpc.getHealthMethod())
                .addMethod(STREAM_TELEMETRY)
                .build();
        return ServerServiceDefinition.builder(descriptor)
                .addMethod(EnergyMonitorGrpc.getHealthMethod(), ServerCalls.asyncUnaryCall(this::health))
                .addMethod(STREAM_TELEMETRY, ServerCalls.asyncServerStreamingCall(this::streamTelemetry))
                .build();
    }

    private void health(HealthRequest request, StreamObserver<HealthResponse> response) {
        ServerCallStreamObserver<HealthResponse> call = (ServerCallStreamObserver<HealthResponse>) response;
        call.setOnCancelHandler(() -> { }); // a client that no longer waits is no error
        settled.thenRun(() -> {
            Health now = health.get();
            call.onNext(HealthResponse.newBuilder().setHealthy(now.healthy()).setPlatform(now.platform()).build());
            call.onCompleted();
        });
    }

    private void streamTelemetry(StreamRequest request, StreamObserver<Reading> response) {
        ServerCallStreamObserver<Reading> call = (ServerCallStreamObserver<Reading>) response;
        Broadcast.Subscription subscription = broadcast.subscribe(new Broadcast.Subscriber() {
            @Override
            public boolean isReady() {
                return call.isReady();
            }

            @Override
            public void send(Reading reading) {
                call.onNext(reading);
            }

            @Override
            public void complete() {
                call.onCompleted();
            }
        });
        call.setOnCancelHandler(subscription::cancel);
        call.setOnReadyHandler(subscription::ready);
        subscription.start();
    }
}
