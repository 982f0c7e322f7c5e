package server.grpc;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import server.security.AccessToken;
import server.security.TlsFiles;
import telemetry.sampling.Broadcast;
import telemetry.sampling.Sensors;

/** The gRPC server. It accepts, reads and writes on an event loop that it shares. */
public final class GrpcServer {

    private static final int MAX_REQUEST_BYTES = 64 * 1024;
    /** A call takes a kilobyte as soon as it has begun, also one that is refused because there are too many streams. */
    private static final int MAX_CALLS_OF_A_CONNECTION = 2 * TelemetryStream.MAX_STREAMS;
    private static final long STOP_TIMEOUT_MILLIS = 400;
    /** From a connection to TLS and HTTP/2 on it: one that says nothing is not to keep the place of others. */
    private static final long HANDSHAKE_TIMEOUT_SECONDS = 20;
    /** A client that has sent nothing for so long is pinged, and taken for gone 20 s later. */
    private static final long SILENT_CLIENT_SECONDS = 60;
    /** Clients may ping every 10 s, also without calls: to keep firewalls open, say. Some pings come a little early. */
    private static final long MIN_PING_PERIOD_SECONDS = 9;

    private final EventLoopGroup eventLoop;
    private final Broadcast broadcast;
    private volatile Server server;
    private volatile StandardServices standardServices;

    /** A server that has not started yet. */
    public GrpcServer(EventLoopGroup eventLoop, Broadcast broadcast) {
        this.eventLoop = eventLoop;
        this.broadcast = broadcast;
    }

    /**
     * Starts to serve.
     *
     * @param tls   null when nothing is to be encrypted
     * @param token null when everybody may call
     * @param healthWithoutToken whether everybody may ask for the health
     * @return the address with the port that was taken
     * @throws IOException when the address cannot be bound
     */
    public InetSocketAddress start(InetSocketAddress address, Sensors sensors, TlsFiles tls, AccessToken token,
                                   boolean healthWithoutToken) throws IOException {
        standardServices = new StandardServices();
        sensors.onHealthChange(standardServices::setHealthy);
        boolean requiresTls = tls != null;
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                .channelFactory(() -> new AcceptingChannel(requiresTls))
                .bossEventLoopGroup(eventLoop)
                .workerEventLoopGroup(eventLoop)
                .directExecutor()
                .maxInboundMessageSize(MAX_REQUEST_BYTES)
                .maxConcurrentCallsPerConnection(MAX_CALLS_OF_A_CONNECTION)
                .handshakeTimeout(HANDSHAKE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .keepAliveTime(SILENT_CLIENT_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(MIN_PING_PERIOD_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addService(new EnergyMonitorService(broadcast, sensors).definition())
                .fallbackHandlerRegistry(standardServices);
        if (tls != null) {
            builder.sslContext(tls.grpc());
        }
        if (token != null) {
            builder.intercept(new AccessInterceptor(token, healthWithoutToken));
        }
        server = builder.build().start();
        return (InetSocketAddress) server.getListenSockets().get(0);
    }

    /** Takes no more calls and completes the streams. */
    public void shutdown() {
        Server serving = server;
        if (serving != null && !eventLoop.isShutdown()) {
            serving.shutdown();
            broadcast.complete();
            eventLoop.execute(standardServices::end);
        }
    }

    /** Waits a moment for the calls that are open, and cancels those that are left. */
    public void awaitEnd() throws InterruptedException {
        Server serving = server;
        if (serving != null && !serving.awaitTermination(STOP_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
            serving.shutdownNow();
        }
    }
}
