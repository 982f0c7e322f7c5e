package server.grpc;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.List;
import server.security.ConnectionCheck;
import server.security.RefusalLog;

/**
 * Accepts gRPC's connections: only so many at once, as each takes memory before it has asked for anything. All of it
 * happens on the event loop.
 */
final class AcceptingChannel extends NioServerSocketChannel {

    /** An idle connection takes some 10 KB, one with a stream some 16 KB more. */
    static final int MAX_CONNECTIONS = TelemetryStream.MAX_STREAMS;

    private static final String TOO_MANY = "this monitor serves " + MAX_CONNECTIONS + " gRPC connections at most";

    private final boolean requiresTls;
    private final RefusalLog refusals = new RefusalLog();
    private int open;

    AcceptingChannel(boolean requiresTls) {
        this.requiresTls = requiresTls;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        int count = super.doReadMessages(accepted);
        for (int i = accepted.size() - count; i < accepted.size(); i++) {
            Channel connection = (Channel) accepted.get(i);
            if (open == MAX_CONNECTIONS) {
                refusals.refused(connection.remoteAddress(), TOO_MANY);
                connection.unsafe().closeForcibly();
                accepted.remove(i--);
            } else {
                open++;
                connection.closeFuture().addListener(closed -> open--);
                connection.pipeline().addFirst(new ConnectionCheck(requiresTls, refusals));
            }
        }
        return count;
    }
}
