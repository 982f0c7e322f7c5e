package cli.readings;

import cli.options.UserError;
import energy.DescribeRequest;
import energy.DescribeResponse;
import energy.EnergyMonitorGrpc;
import energy.EnergyRequest;
import energy.EnergyResponse;
import energy.MarkRequest;
import energy.StreamRequest;
import energy.TelemetryReading;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import server.security.TlsFailure;

/** A running monitor, here or elsewhere, as a client sees it. */
final class RemoteTelemetry implements Telemetry {

    private static final long ANSWER_TIMEOUT_SECONDS = 10;
    /** What netty says of an answer that is HTTP/1, or anything else. */
    private static final String NO_HTTP_2 = "First received frame was not SETTINGS";
    /** The monitor itself waits some seconds for its devices. */
    private static final long ENERGY_TIMEOUT_SECONDS = 10;

    private final ManagedChannel channel;
    private final String target;
    private final List<String> devices;

    /**
     * Owns the channel from now on. Nothing is sent yet.
     *
     * @param devices names of the monitor's devices that are wanted; none for all
     */
    RemoteTelemetry(ManagedChannel channel, String target, List<String> devices) {
        this.channel = channel;
        this.target = target;
        this.devices = devices;
    }

    @Override
    public DescribeResponse describe() throws UserError, InterruptedException {
        DescribeRequest request = DescribeRequest.newBuilder().addAllDevices(devices).build();
        DescribeResponse described = call(ANSWER_TIMEOUT_SECONDS, stub -> stub.describe(request));
        if (!devices.isEmpty() && !described.getSelected()) {
            throw new UserError("the monitor at " + target + " is too old to choose among its devices: update it, or "
                    + "leave --devices out");
        }
        return described;
    }

    @Override
    public long mark() throws UserError, InterruptedException {
        return call(ANSWER_TIMEOUT_SECONDS, stub -> stub.mark(MarkRequest.getDefaultInstance())).getTimestampNanos();
    }

    @Override
    public EnergyResponse energy(long fromNanos, long toNanos) throws UserError, InterruptedException {
        EnergyRequest request = EnergyRequest.newBuilder().setFromNanos(fromNanos).setToNanos(toNanos)
                .addAllDevices(devices).build();
        return call(ENERGY_TIMEOUT_SECONDS, stub -> stub.energy(request));
    }

    private <T> T call(long timeoutSeconds, Function<EnergyMonitorGrpc.EnergyMonitorBlockingStub, T> call)
            throws UserError, InterruptedException {
        try {
            return call.apply(EnergyMonitorGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(timeoutSeconds, TimeUnit.SECONDS));
        } catch (StatusRuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw new UserError(reason(target, e));
        }
    }

    @Override
    public void stream(long intervalMillis, Listener listener) {
        StreamRequest request = StreamRequest.newBuilder().setIncludeDevices(true)
                .setIntervalMs((int) intervalMillis).addAllDevices(devices).build();
        EnergyMonitorGrpc.newStub(channel).streamTelemetry(request, new StreamObserver<>() {
            @Override
            public void onNext(TelemetryReading reading) {
                listener.take(reading, System.nanoTime());
            }

            @Override
            public void onError(Throwable error) {
                if (!channel.isShutdown()) {
                    listener.lost(reason(target, error));
                }
            }

            @Override
            public void onCompleted() {
                listener.lost("the monitor at " + target + " has ended");
            }
        });
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    /** Why a call to a monitor failed, and what to do. */
    static String reason(String target, Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String tls = TlsFailure.ofClient(error);
        if (tls != null) {
            return "the monitor at " + target + " cannot be asked: " + tls;
        }
        if (cause.getMessage() != null && cause.getMessage().startsWith(NO_HTTP_2)) {
            return "what serves at " + target + " speaks no gRPC: give the --port of a monitor, not its --http-port";
        }
        Status status = Status.fromThrowable(error);
        return switch (status.getCode()) {
            case UNAVAILABLE -> cause instanceof ConnectException || cause == error
                    ? "no monitor answers at " + target + ": start one there, or check the address"
                    : "the monitor at " + target + " cannot be asked: " + cause.getMessage();
            case DEADLINE_EXCEEDED -> "no monitor answers at " + target + " in time: check the address";
            case CANCELLED -> "the monitor at " + target + " has closed the connection";
            case UNIMPLEMENTED -> "what serves at " + target + " is another program, or a monitor too old for this: "
                    + "update it";
            case INVALID_ARGUMENT -> "the monitor at " + target + " refuses this: " + status.getDescription();
            case UNAUTHENTICATED -> "the monitor at " + target
                    + " wants its access token: give the right one with --auth-token-file";
            default -> "the monitor at " + target + " answers " + status.getCode()
                    + (status.getDescription() == null ? "" : ": " + status.getDescription());
        };
    }
}
