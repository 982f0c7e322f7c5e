package server;

import energy.EnergyMonitorGrpc;
import energy.HealthResponse;
import java.util.List;
import telemetry.wire.ReadingEncoder;

/**
 * Loads what serves the first call in a thread of its own, while the command line is still being read: a start takes as
 * long as the slower of the two instead of both. A monitor is made only when this has ended, because classes that
 * initialize each other from two threads could wait for each other for ever.
 */
public final class Preload {

    private static final String NETTY = "io.grpc.netty.shaded.io.netty.";
    private static final String GRPC_NETTY = "io.grpc.netty.shaded.io.grpc.netty.";

    /** What a server loads between its making and its first answer, each of which brings many others. */
    static final List<String> CLASSES = List.of(
            GRPC_NETTY + "NettyServerBuilder", GRPC_NETTY + "ProtocolNegotiators", "io.grpc.internal.ServerImpl",
            GRPC_NETTY + "NettyServer", GRPC_NETTY + "NettyServerTransport",
            NETTY + "bootstrap.ServerBootstrap", NETTY + "channel.DefaultChannelPipeline",
            GRPC_NETTY + "NettyServerHandler", NETTY + "handler.codec.http2.DefaultHttp2Connection",
            NETTY + "handler.codec.http2.HpackDecoder", NETTY + "handler.codec.http2.HpackEncoder",
            NETTY + "handler.codec.http2.DefaultHttp2ConnectionDecoder",
            NETTY + "handler.codec.http2.DefaultHttp2ConnectionEncoder",
            NETTY + "handler.codec.http2.DefaultHttp2FrameReader", NETTY + "handler.codec.http2.DefaultHttp2FrameWriter",
            NETTY + "handler.codec.http2.WeightedFairQueueByteDistributor",
            NETTY + "handler.codec.http2.DefaultHttp2RemoteFlowController",
            NETTY + "handler.codec.http2.DefaultHttp2LocalFlowController", GRPC_NETTY + "NettyServerStream",
            "io.grpc.internal.MessageDeframer", "io.grpc.internal.MessageFramer", "io.grpc.internal.KeepAliveManager");

    private static volatile Thread thread;

    private Preload() {
    }

    /**
     * Begins to load.
     *
     * @param more what else the start will need, in the same thread
     */
    public static void start(Runnable more) {
        Thread loading = new Thread(() -> load(more), "preload");
        loading.setDaemon(true);
        thread = loading;
        loading.start();
    }

    /** Waits for the end of what was begun; does nothing when nothing was. */
    public static void await() {
        Thread loading = thread;
        boolean isInterrupted = false;
        while (loading != null && loading.isAlive()) {
            try {
                loading.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void load(Runnable more) {
        try {
            Monitor.load();
            EnergyMonitorGrpc.getServiceDescriptor();
            HealthResponse.newBuilder().setPlatform("").build().toByteArray();
            for (String name : CLASSES) {
                Class.forName(name);
            }
            Class.forName(ReadingEncoder.class.getName());
            more.run();
        } catch (ClassNotFoundException | LinkageError | RuntimeException e) {
            // Whoever needs it meets the same again, and tells of it.
        }
    }
}
