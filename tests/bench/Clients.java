package bench;

import energy.EnergyMonitorGrpc;
import energy.HealthRequest;
import energy.StreamRequest;
import energy.TelemetryReading;
import figures.Spread;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Streams from a monitor, one connection each, all read by one thread so that they weigh little themselves. */
public final class Clients implements AutoCloseable {

    private static final int WINDOW_BYTES = 64 * 1024;
    private static final int MOST_TIMES = 20_000;
    private static final long READY_LIMIT_NANOS = 20_000_000_000L;

    private static final EventLoopGroup EVENT_LOOP = new MultiThreadIoEventLoopGroup(1,
            new DefaultThreadFactory("clients", true), NioIoHandler.newFactory());

    private final List<Client> clients = new ArrayList<>();

    /** Connects that many clients. */
    public Clients(int port, int count) throws IOException, InterruptedException {
        awaitHealth(port);
        for (int i = 0; i < count; i++) {
            Client client = new Client(channel(port), i == 0 ? MOST_TIMES : 0);
            clients.add(client);
            EnergyMonitorGrpc.newStub(client.channel).streamTelemetry(StreamRequest.getDefaultInstance(), client);
        }
    }

    /**
     * How long to wait before that many clients are measured. A monitor of this project goes on for three seconds after the
     * last one has left, in case that another one comes.
     */
    static long settlingMillis(int count) {
        return count == 0 ? 4_000 : 1_000;
    }

    /** A client that asks for a stream and then reads nothing of it. */
    public static AutoCloseable stalled(int port) {
        ManagedChannel channel = channel(port);
        EnergyMonitorGrpc.newStub(channel).streamTelemetry(StreamRequest.getDefaultInstance(),
                new ClientResponseObserver<StreamRequest, TelemetryReading>() {
                    @Override
                    public void beforeStart(ClientCallStreamObserver<StreamRequest> call) {
                        call.disableAutoRequestWithInitial(1);
                    }

                    @Override
                    public void onNext(TelemetryReading reading) {
                        // the only one
                    }

                    @Override
                    public void onError(Throwable error) {
                        // the channel was shut down at the end
                    }

                    @Override
                    public void onCompleted() {
                        // the monitor ended
                    }
                });
        return channel::shutdownNow;
    }

    /** Waits until the monitor answers Health. */
    public static void awaitHealth(int port) throws IOException, InterruptedException {
        long began = System.nanoTime();
        while (!accepts(port)) {
            if (System.nanoTime() - began > READY_LIMIT_NANOS) {
                throw new IOException("nothing listens on port " + port);
            }
            Thread.sleep(2);
        }
        ManagedChannel channel = channel(port);
        EnergyMonitorGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS)
                .health(HealthRequest.getDefaultInstance());
        channel.shutdownNow();
    }

    /** Waits until a stream of the monitor has brought power. */
    public static void awaitPower(int port) throws IOException {
        ManagedChannel channel = channel(port);
        try {
            Iterator<TelemetryReading> readings = EnergyMonitorGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(10, TimeUnit.SECONDS).streamTelemetry(StreamRequest.getDefaultInstance());
            while (readings.hasNext()) {
                if (readings.next().getPowerWatts() > 0) {
                    return;
                }
            }
            throw new IOException("the stream on port " + port + " ended without power");
        } finally {
            channel.shutdownNow();
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** With a window of fixed size: else grpc-java pings the monitor for every reading to measure the bandwidth. */
    static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().directExecutor()
                .flowControlWindow(WINDOW_BYTES)
                .eventLoopGroup(EVENT_LOOP).channelType(NioSocketChannel.class).build();
    }

    /** Counts from now on. */
    public void reset() {
        clients.forEach(Client::reset);
    }

    /** How many readings have come since {@link #reset}, of all clients. */
    public long received() {
        return clients.stream().mapToLong(client -> client.count).sum();
    }

    /** How late the latest reading since {@link #reset} came to a client, by the monitor's clock; the median client. */
    public double worstLagMillis() {
        return Spread.of(clients.stream().map(client -> client.worstLagNanos / 1e6).toList()).median();
    }

    /** Prints what came since {@link #reset}. */
    public void report(double seconds, double monitorCpuSeconds) {
        Samples counts = new Samples();
        Samples gaps = new Samples();
        Samples lags = new Samples();
        long sum = 0;
        for (Client client : clients) {
            counts.add(client.count);
            gaps.add(client.worstGapNanos / 1e6);
            lags.add(client.worstLagNanos / 1e6);
            sum += client.count;
        }
        counts.print("readings of each of " + clients.size() + " clients in " + Math.round(seconds) + " s", "");
        gaps.print("worst gap between two readings of each client", "ms");
        lags.print("worst lag from the sweep to each client", "ms");
        new Samples().add(sum / seconds).print("readings delivered per second", "");
        new Samples().add(1e6 * monitorCpuSeconds / sum).print("CPU of the monitor per delivered reading", "us");
    }

    /** Milliseconds between the readings of the first client, since {@link #reset}, by their own timestamps. */
    public Samples intervals() {
        Samples intervals = new Samples();
        long[] times = clients.get(0).times();
        for (int i = 1; i < times.length; i++) {
            intervals.add((times[i] - times[i - 1]) / 1e6);
        }
        return intervals;
    }

    @Override
    public void close() {
        for (Client client : clients) {
            client.channel.shutdownNow();
        }
    }

    private static final class Client implements StreamObserver<TelemetryReading> {

        private final ManagedChannel channel;
        private volatile long count;
        private volatile long worstGapNanos;
        private volatile long worstLagNanos;
        private long lastNanos;
        private final long[] times;

        Client(ManagedChannel channel, int times) {
            this.channel = channel;
            this.times = new long[times];
        }

        void reset() {
            count = 0;
            worstGapNanos = 0;
            worstLagNanos = 0;
        }

        long[] times() {
            return Arrays.copyOf(times, (int) Math.min(count, times.length));
        }

        @Override
        public void onNext(TelemetryReading reading) {
            long now = System.nanoTime();
            if (lastNanos != 0) {
                worstGapNanos = Math.max(worstGapNanos, now - lastNanos);
            }
            lastNanos = now;
            Instant wall = Instant.now();
            long unixNanos = wall.getEpochSecond() * 1_000_000_000L + wall.getNano();
            worstLagNanos = Math.max(worstLagNanos, unixNanos - reading.getTimestampNanos());
            if (count < times.length) {
                times[(int) count] = reading.getTimestampNanos();
            }
            count++;
        }

        @Override
        public void onError(Throwable error) {
            // the channel was shut down at the end
        }

        @Override
        public void onCompleted() {
            // the monitor ended
        }
    }
}
