package server;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The gRPC server. One event loop does everything: accepting, reading, delivering the readings, writing. */
public final class MonitorServer {

    private static final int MOST_REQUEST_BYTES = 64 * 1024;
    private static final long STOP_LIMIT_MILLIS = 400;
    /** A launcher waits 5 s for an answer; Health waits for slow sensors no longer than this. */
    private static final long SENSORS_WAIT_MILLIS = 2000;

    private final EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(1,
            new DefaultThreadFactory("grpc", true), NioIoHandler.newFactory());
    private final Broadcast broadcast = new Broadcast(eventLoop.next());
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private volatile Sampler sampler;
    private volatile Server server;

    /** Where readings are published for this server's clients. */
    public Broadcast broadcast() {
        return broadcast;
    }

    /** From now on Health speaks of this sampler; before, of a monitor without sensors. */
    public void use(Sampler sampler) {
        this.sampler = sampler;
        sampler.firstReading().thenRun(() -> settled.complete(null));
    }

    /**
     * Starts to serve, before there are readings: Health answers with the first one, or when sensors are slow.
     *
     * @return the address with the port that was taken
     * @throws IOException when the address cannot be bound
     */
    public InetSocketAddress start(InetSocketAddress address) throws IOException {
        settled.completeOnTimeout(null, SENSORS_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        server = NettyServerBuilder.forAddress(address)
                .channelType(NioServerSocketChannel.class)
                .bossEventLoopGroup(eventLoop)
                .workerEventLoopGroup(eventLoop)
                .directExecutor()
                .maxInboundMessageSize(MOST_REQUEST_BYTES)
                .addService(new EnergyMonitorService(broadcast, settled, this::health).definition())
                .build()
                .start();
        return (InetSocketAddress) server.getListenSockets().get(0);
    }

    /** Completes the streams and stops to serve. */
    public void stop() throws InterruptedException {
        Server serving = server;
        if (serving == null) {
            return;
        }
        serving.shutdown();
        broadcast.complete();
        if (!serving.awaitTermination(STOP_LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
            serving.shutdownNow();
        }
    }

    private EnergyMonitorService.Health health() {
        Sampler current = sampler;
        return current == null
                ? new EnergyMonitorService.Health(false, "null")
                : new EnergyMonitorService.Health(current.isHealthy(), current.platform());
    }
}
