package server.grpc;

import energy.DescribeRequest;
import energy.DescribeResponse;
import energy.EnergyMonitorGrpc;
import energy.HealthRequest;
import energy.HealthResponse;
import energy.StreamRequest;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import telemetry.sampling.Broadcast;
import telemetry.sampling.Sensors;
import telemetry.wire.DetailsEncoder;
import telemetry.wire.Reading;

/** The gRPC service: translates between the wire and the monitor. */
public final class EnergyMonitorService {

    /** The generated method, but for the readings, which are encoded already. */
    private static final MethodDescriptor<StreamRequest, byte[]> STREAM_TELEMETRY =
            EnergyMonitorGrpc.getStreamTelemetryMethod()
                    .toBuilder(EnergyMonitorGrpc.getStreamTelemetryMethod().getRequestMarshaller(),
                            new ReadingMarshaller())
                    .build();

    /** A stream takes some 16 KB; what is beyond this many is a mistake of somebody's. */
    static final int MAX_STREAMS = 1000;

    private final Broadcast broadcast;
    private final Sensors sensors;

    EnergyMonitorService(Broadcast broadcast, Sensors sensors) {
        this.broadcast = broadcast;
        this.sensors = sensors;
    }

    ServerServiceDefinition definition() {
        ServiceDescriptor descriptor = ServiceDescriptor.newBuilder(EnergyMonitorGrpc.SERVICE_NAME)
                .setSchemaDescriptor(EnergyMonitorGrpc.getServiceDescriptor().getSchemaDescriptor())
                .addMethod(EnergyMonitorGrpc.getHealthMethod())
                .addMethod(STREAM_TELEMETRY)
                .addMethod(EnergyMonitorGrpc.getDescribeMethod())
                .build();
        return ServerServiceDefinition.builder(descriptor)
                .addMethod(EnergyMonitorGrpc.getHealthMethod(), ServerCalls.asyncUnaryCall(
                        (HealthRequest request, StreamObserver<HealthResponse> response) ->
                                answer(sensors.health(), response)))
                .addMethod(STREAM_TELEMETRY, ServerCalls.asyncServerStreamingCall(this::streamTelemetry))
                .addMethod(EnergyMonitorGrpc.getDescribeMethod(), ServerCalls.asyncUnaryCall(
                        (DescribeRequest request, StreamObserver<DescribeResponse> response) ->
                                answer(sensors.describe(), response)))
                .build();
    }

    private static <T> void answer(CompletableFuture<T> answer, StreamObserver<T> response) {
        // With a handler, a client that no longer waits is no error.
        ((ServerCallStreamObserver<T>) response).setOnCancelHandler(() -> { });
        answer.whenComplete((message, error) -> {
            if (error != null) {
                response.onError(error);
                return;
            }
            response.onNext(message);
            response.onCompleted();
        });
    }

    private void streamTelemetry(StreamRequest request, StreamObserver<byte[]> response) {
        ServerCallStreamObserver<byte[]> call = (ServerCallStreamObserver<byte[]>) response;
        if (broadcast.subscribers() >= MAX_STREAMS) {
            call.onError(Status.RESOURCE_EXHAUSTED.withDescription(
                    "this monitor serves " + MAX_STREAMS + " streams at most").asRuntimeException());
            return;
        }
        boolean withDetails = request.getIncludeDevices();
        long intervalNanos = TimeUnit.MILLISECONDS.toNanos(Integer.toUnsignedLong(request.getIntervalMs()));
        Broadcast.Subscription subscription = broadcast.subscribe(new Broadcast.Subscriber() {
            @Override
            public boolean isReady() {
                return call.isReady();
            }

            @Override
            public void send(Reading reading, long dropped) {
                call.onNext(withDetails ? DetailsEncoder.append(reading, dropped) : reading.message());
            }

            @Override
            public void complete() {
                call.onCompleted();
            }
        }, withDetails, intervalNanos);
        call.setOnCancelHandler(subscription::cancel);
        call.setOnReadyHandler(subscription::ready);
        subscription.start();
    }
}
