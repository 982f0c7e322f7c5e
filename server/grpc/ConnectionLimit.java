package server.grpc;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import server.security.ConnectionCheck;
import server.security.RefusalLog;

/**
 * Stands first in the pipeline of the channel that accepts gRPC's connections and lets in only so many at once, as each
 * takes memory before it has asked for anything. All of it happens on the event loop.
 */
final class ConnectionLimit extends ChannelInboundHandlerAdapter {

    /** An idle connection takes some 10 KB, one with a stream some 16 KB more. */
    static final int MAX_CONNECTIONS = TelemetryStream.MAX_STREAMS;

    private static final String TOO_MANY = "this monitor serves " + MAX_CONNECTIONS + " gRPC connections at most";

    private final boolean requiresTls;
    private final RefusalLog refusals = new RefusalLog();
    private int open;

    ConnectionLimit(boolean requiresTls) {
        this.requiresTls = requiresTls;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        Channel connection = (Channel) accepted;
        if (open == MAX_CONNECTIONS) {
            refusals.refused(connection.remoteAddress(), TOO_MANY);
            connection.unsafe().closeForcibly();
            return;
        }
        open++;
        connection.closeFuture().addListener(closed -> open--);
        connection.pipeline().addFirst(new ConnectionCheck(requiresTls, refusals));
        context.fireChannelRead(accepted);
    }
}
