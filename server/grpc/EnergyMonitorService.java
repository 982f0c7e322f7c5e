package server.grpc;

import energy.DescribeRequest;
import energy.DescribeResponse;
import energy.EnergyMonitorGrpc;
import energy.EnergyRequest;
import energy.EnergyResponse;
import energy.HealthRequest;
import energy.HealthResponse;
import energy.MarkRequest;
import energy.MarkResponse;
import energy.StreamRequest;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import telemetry.sampling.Broadcast;
import telemetry.sampling.EnergyRequestException;
import telemetry.sampling.Sensors;
import telemetry.selection.UnknownDeviceException;

/** The gRPC service: translates between the wire and the monitor. */
public final class EnergyMonitorService {

    /** As generated, except that the readings are encoded already. */
    private static final MethodDescriptor<StreamRequest, byte[]> STREAM_TELEMETRY =
            EnergyMonitorGrpc.getStreamTelemetryMethod()
                    .toBuilder(EnergyMonitorGrpc.getStreamTelemetryMethod().getRequestMarshaller(),
                            new ReadingMarshaller())
                    .build();

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
                .addMethod(EnergyMonitorGrpc.getMarkMethod())
                .addMethod(EnergyMonitorGrpc.getEnergyMethod())
                .build();
        return ServerServiceDefinition.builder(descriptor)
                .addMethod(EnergyMonitorGrpc.getHealthMethod(), ServerCalls.asyncUnaryCall(
                        (HealthRequest request, StreamObserver<HealthResponse> response) ->
                                answer(sensors.health(), response)))
                .addMethod(STREAM_TELEMETRY, ServerCalls.asyncServerStreamingCall(this::streamTelemetry))
                .addMethod(EnergyMonitorGrpc.getDescribeMethod(), ServerCalls.asyncUnaryCall(
                        (DescribeRequest request, StreamObserver<DescribeResponse> response) ->
                                answer(sensors.describe(request.getDevicesList()), response)))
                .addMethod(EnergyMonitorGrpc.getMarkMethod(), ServerCalls.asyncUnaryCall(
                        (MarkRequest request, StreamObserver<MarkResponse> response) ->
                                answer(sensors.mark().thenApply(EnergyMonitorService::mark), response)))
                .addMethod(EnergyMonitorGrpc.getEnergyMethod(), ServerCalls.asyncUnaryCall(
                        (EnergyRequest request, StreamObserver<EnergyResponse> response) ->
                                answer(sensors.energy(request.getFromNanos(), request.getToNanos(),
                                        request.getDevicesList()), response)))
                .build();
    }

    private static <T> void answer(CompletableFuture<T> answer, StreamObserver<T> response) {
        // With a handler, a client that no longer waits is no error.
        ((ServerCallStreamObserver<T>) response).setOnCancelHandler(() -> { });
        answer.whenComplete((message, error) -> {
            if (error != null) {
                response.onError(failure(error));
                return;
            }
            response.onNext(message);
            response.onCompleted();
        });
    }

    private static MarkResponse mark(long unixNanos) {
        return MarkResponse.newBuilder().setTimestampNanos(unixNanos).build();
    }

    private static Throwable failure(Throwable error) {
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        if (cause instanceof UnknownDeviceException) {
            return Status.INVALID_ARGUMENT.withDescription(cause.getMessage()).asRuntimeException();
        }
        if (!(cause instanceof EnergyRequestException wrong)) {
            return cause;
        }
        return (switch (wrong.kind()) {
            case REVERSED -> Status.INVALID_ARGUMENT;
            case FUTURE, TOO_OLD -> Status.OUT_OF_RANGE;
            case BUSY -> Status.RESOURCE_EXHAUSTED;
        }).withDescription(wrong.getMessage()).asRuntimeException();
    }

    private void streamTelemetry(StreamRequest request, StreamObserver<byte[]> response) {
        ServerCallStreamObserver<byte[]> call = (ServerCallStreamObserver<byte[]>) response;
        TelemetryStream stream = new TelemetryStream(broadcast, request, call);
        if (request.getDevicesCount() == 0) {
            stream.begin(null);
            return;
        }
        sensors.select(request.getDevicesList()).whenComplete((selection, error) -> {
            if (error == null) {
                stream.begin(selection);
            } else if (!call.isCancelled()) {
                call.onError(failure(error));
            }
        });
    }
}
