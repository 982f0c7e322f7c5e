package cli.readings;

import cli.options.UserError;
import energy.DescribeRequest;
import energy.DescribeResponse;
import energy.EnergyMonitorGrpc;
import energy.StreamRequest;
import energy.TelemetryReading;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.net.ConnectException;
import java.util.concurrent.TimeUnit;
import server.security.TlsFailure;

/** A monitor that runs, here or elsewhere, as a client sees it. */
final class RemoteTelemetry implements Telemetry {

    private static final long ANSWER_LIMIT_SECONDS = 5;

    private final ManagedChannel channel;
    private final String target;

    /** Takes the channel over. Nothing is sent yet. */
    RemoteTelemetry(ManagedChannel channel, String target) {
        this.channel = channel;
        this.target = target;
    }

    @Override
    public DescribeResponse describe() throws UserError {
        try {
            return EnergyMonitorGrpc.newBlockingStub(channel).withDeadlineAfter(ANSWER_LIMIT_SECONDS, TimeUnit.SECONDS)
                    .describe(DescribeRequest.getDefaultInstance());
        } catch (StatusRuntimeException e) {
            throw new UserError(reason(target, e));
        }
    }

    @Override
    public void stream(long intervalMillis, Listener listener) {
        StreamRequest request = StreamRequest.newBuilder().setIncludeDevices(true)
                .setIntervalMs((int) intervalMillis).build();
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
        Status status = Status.fromThrowable(error);
        return switch (status.getCode()) {
            case UNAVAILABLE -> cause instanceof ConnectException || cause == error
                    ? "no monitor answers at " + target + ": start one there, or check the address"
                    : "the monitor at " + target + " cannot be asked: " + cause.getMessage();
            case DEADLINE_EXCEEDED -> "no monitor answers at " + target + " in time: check the address";
            case UNIMPLEMENTED -> "what serves at " + target + " is another program, or an older version";
            case UNAUTHENTICATED -> "the monitor at " + target
                    + " wants its access token: give the right one with --auth-token-file";
            default -> "the monitor at " + target + " answers " + status.getCode()
                    + (status.getDescription() == null ? "" : ": " + status.getDescription());
        };
    }
}
