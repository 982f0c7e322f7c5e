package cli;

import energy.DescribeRequest;
import energy.DescribeResponse;
import energy.EnergyMonitorGrpc;
import energy.StreamRequest;
import energy.TelemetryReading;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.TimeUnit;

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
            throw new UserError(reason(e));
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
                    listener.lost(reason(error));
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

    private String reason(Throwable error) {
        Status status = Status.fromThrowable(error);
        return switch (status.getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED -> "no monitor answers at " + target
                    + ": start one there, or check the address" + detail(error);
            case UNIMPLEMENTED -> "the monitor at " + target + " does not know devices: it is another program, such as "
                    + "the Rust energy-monitor";
            case UNAUTHENTICATED -> "the monitor at " + target + " wants a token: give its file with --auth-token-file";
            default -> "the monitor at " + target + " answers " + status.getCode()
                    + (status.getDescription() == null ? "" : ": " + status.getDescription());
        };
    }

    /** What lies beneath, such as a certificate that is not trusted. */
    private static String detail(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause == error || cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
    }
}
