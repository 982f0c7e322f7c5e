package e2e;

import energy.DescribeRequest;
import energy.DescribeResponse;
import energy.EnergyMonitorGrpc;
import energy.HealthRequest;
import energy.HealthResponse;
import energy.StreamRequest;
import energy.TelemetryReading;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A client of the monitor with a connection of its own. */
final class Client implements AutoCloseable {

    private static final long LIMIT_SECONDS = 30;
    /** The least that HTTP/2 starts with: a client that does not read is soon noticed. */
    private static final int WINDOW_BYTES = 65535;

    private final ManagedChannel channel;

    Client(int port) {
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext()
                .flowControlWindow(WINDOW_BYTES).build();
    }

    HealthResponse health() {
        return EnergyMonitorGrpc.newBlockingStub(channel).withWaitForReady()
                .withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS).health(HealthRequest.getDefaultInstance());
    }

    DescribeResponse describe() {
        return EnergyMonitorGrpc.newBlockingStub(channel).withWaitForReady()
                .withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS).describe(DescribeRequest.getDefaultInstance());
    }

    /** A stream that is read as fast as it comes. */
    Stream stream() {
        return stream(Integer.MAX_VALUE);
    }

    /** A stream of which so many readings are asked for, for now. */
    Stream stream(int readings) {
        return stream(StreamRequest.getDefaultInstance(), readings);
    }

    /** A stream with wishes. */
    Stream stream(StreamRequest request, int readings) {
        Stream stream = new Stream(readings);
        EnergyMonitorGrpc.newStub(channel).withWaitForReady().streamTelemetry(request, stream);
        return stream;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    /** What came in a stream. */
    static final class Stream implements ClientResponseObserver<StreamRequest, TelemetryReading> {

        private final int initialReadings;
        private final List<TelemetryReading> readings = new ArrayList<>();
        private final CompletableFuture<Status> end = new CompletableFuture<>();
        private ClientCallStreamObserver<StreamRequest> call;

        private Stream(int initialReadings) {
            this.initialReadings = initialReadings;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<StreamRequest> started) {
            call = started;
            call.disableAutoRequestWithInitial(initialReadings);
        }

        @Override
        public synchronized void onNext(TelemetryReading reading) {
            readings.add(reading);
            notifyAll();
        }

        @Override
        public void onError(Throwable failure) {
            end.complete(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }

        /** Asks for more readings. */
        void read(int count) {
            call.request(count);
        }

        synchronized List<TelemetryReading> readings() {
            return List.copyOf(readings);
        }

        boolean hasEnded() {
            return end.isDone();
        }

        /** How the stream ended: OK when the monitor completed it. */
        Status end() throws Exception {
            return end.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }

        /** Waits for a first reading that is as wanted. */
        synchronized TelemetryReading await(Predicate<TelemetryReading> wanted) throws InterruptedException {
            long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
            for (int seen = 0; ; seen++) {
                while (seen == readings.size()) {
                    long leftMillis = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
                    if (leftMillis <= 0) {
                        throw new AssertionError("not among " + readings.size() + " readings; ended: "
                                + end.getNow(null));
                    }
                    wait(leftMillis);
                }
                if (wanted.test(readings.get(seen))) {
                    return readings.get(seen);
                }
            }
        }
    }
}
