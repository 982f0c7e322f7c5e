package server.grpc;

import energy.StreamRequest;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.TimeUnit;
import telemetry.sampling.Broadcast;
import telemetry.selection.Selection;
import telemetry.wire.DetailsEncoder;
import telemetry.wire.Reading;

/** The readings of one call, until its client leaves. */
final class TelemetryStream implements Broadcast.Subscriber {

    /** A stream takes some 16 KB; more than these are somebody's mistake. */
    static final int MAX_STREAMS = 1000;

    private final Broadcast broadcast;
    private final ServerCallStreamObserver<byte[]> call;
    private final boolean withDetails;
    private final long intervalNanos;
    /** Null until the devices that were asked for are found. */
    private volatile Broadcast.Subscription subscription;

    /** A stream that has not begun. To be made before the call's method returns, which may be earlier than the begin. */
    TelemetryStream(Broadcast broadcast, StreamRequest request, ServerCallStreamObserver<byte[]> call) {
        this.broadcast = broadcast;
        this.call = call;
        withDetails = request.getIncludeDevices();
        intervalNanos = TimeUnit.MILLISECONDS.toNanos(Integer.toUnsignedLong(request.getIntervalMs()));
        call.setOnCancelHandler(() -> {
            if (subscription != null) {
                subscription.cancel();
            }
        });
        call.setOnReadyHandler(() -> {
            if (subscription != null) {
                subscription.ready();
            }
        });
    }

    /** Readings come from now on: of those devices, or of all for null. */
    void begin(Selection selection) {
        if (call.isCancelled()) {
            return; // while the devices were looked for
        }
        if (broadcast.subscribers() >= MAX_STREAMS) {
            call.onError(Status.RESOURCE_EXHAUSTED.withDescription(
                    "this monitor serves " + MAX_STREAMS + " streams at most").asRuntimeException());
            return;
        }
        subscription = broadcast.subscribe(this, selection, withDetails, intervalNanos);
        subscription.start();
    }

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
}
