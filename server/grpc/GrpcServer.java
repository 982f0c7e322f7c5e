package server.grpc;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.netty.shaded.io.netty.util.internal.logging.InternalLoggerFactory;
import io.grpc.netty.shaded.io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Logger;
import server.http.HttpEndpoint;
import server.http.HttpGuard;
import server.http.HttpRequests;
import server.security.AccessToken;
import server.security.TlsFiles;
import telemetry.sampling.Broadcast;

/** The gRPC server. One event loop does everything: accepting, reading, delivering the readings, writing. */
public final class GrpcServer {

    private static final Logger LOG = Logger.getLogger(GrpcServer.class.getName());

    private static final int MOST_REQUEST_BYTES = 64 * 1024;
    /** A call takes a kilobyte as soon as it has begun; those refused for too many streams make room for others. */
    private static final int MOST_CALLS_OF_A_CONNECTION = 2 * EnergyMonitorService.MOST_STREAMS;
    private static final long STOP_LIMIT_MILLIS = 400;
    /** A client that is heard nothing of for so long, and then not for another 20 s, is gone. */
    private static final long SILENT_CLIENT_SECONDS = 60;

    static {
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE); // else netty looks for three others first
    }

    private final EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(1,
            new DefaultThreadFactory("grpc", true), NioIoHandler.newFactory());
    private final Broadcast broadcast = new Broadcast(eventLoop.next());
    private volatile Server server;
    private volatile StandardServices standardServices;
    private volatile HttpEndpoint http;

    /** Where readings are published for this server's clients. */
    public Broadcast broadcast() {
        return broadcast;
    }

    /**
     * Starts to serve.
     *
     * @param tls   null when nothing is to be encrypted
     * @param token null when everybody may call
     * @return the address with the port that was taken
     * @throws IOException when the address cannot be bound
     */
    public InetSocketAddress start(InetSocketAddress address, EnergyMonitorService.Source source, TlsFiles tls,
                            AccessToken token) throws IOException {
        standardServices = new StandardServices(source::isHealthy, eventLoop);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                .channelType(NioServerSocketChannel.class)
                .bossEventLoopGroup(eventLoop)
                .workerEventLoopGroup(eventLoop)
                .directExecutor()
                .maxInboundMessageSize(MOST_REQUEST_BYTES)
                .maxConcurrentCallsPerConnection(MOST_CALLS_OF_A_CONNECTION)
                .keepAliveTime(SILENT_CLIENT_SECONDS, TimeUnit.SECONDS)
                .addService(new EnergyMonitorService(broadcast, source).definition())
                .fallbackHandlerRegistry(standardServices);
        if (tls != null) {
            builder.sslContext(tls.grpc());
        }
        if (token != null) {
            builder.intercept(new AccessInterceptor(token));
        }
        eventLoop.terminationFuture().addListener(ended -> giveUp());
        server = builder.build().start();
        return (InetSocketAddress) server.getListenSockets().get(0);
    }

    /**
     * Starts to serve over HTTP beside it.
     *
     * @param hostName the machine's name, once it is known
     * @return the address with the port that was taken
     * @throws HttpEndpoint.BindFailure when the address cannot be bound
     */
    public InetSocketAddress startHttp(HttpEndpoint.Settings settings, EnergyMonitorService.Source source,
                                Supplier<String> hostName) throws HttpEndpoint.BindFailure {
        http = new HttpEndpoint(settings, eventLoop, new HttpGuard(settings, hostName),
                new HttpRequests(broadcast, source));
        return http.start();
    }

    /** Netty ends the loop when an error such as a full heap comes at a bad moment; whoever runs us starts us anew. */
    private static void giveUp() {
        LOG.severe("The thread that serves the clients has failed: the monitor ends");
        System.exit(1);
    }

    /** Completes the streams and stops to serve. */
    public void stop() throws InterruptedException {
        Server serving = server;
        if (serving == null || eventLoop.isShutdown()) {
            return;
        }
        serving.shutdown();
        broadcast.complete();
        eventLoop.execute(standardServices::end);
        if (http != null) {
            http.stop();
        }
        if (!serving.awaitTermination(STOP_LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
            serving.shutdownNow();
        }
    }
}
