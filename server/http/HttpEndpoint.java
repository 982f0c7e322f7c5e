package server.http;

import io.grpc.netty.shaded.io.netty.bootstrap.ServerBootstrap;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFactory;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelFutureListener;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.group.ChannelGroup;
import io.grpc.netty.shaded.io.netty.channel.group.DefaultChannelGroup;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpServerCodec;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiPredicate;
import server.security.ConnectionCheck;
import server.security.RefusalLog;

/** Serves the page, the metrics and the readings over HTTP, on the event loop that serves gRPC too. */
public final class HttpEndpoint {

    /** Each may hold some 64 KB; a browser opens up to six, a Prometheus one. */
    static final int MAX_CONNECTIONS = 128;
    private static final int MAX_LINE_BYTES = 4 * 1024;
    private static final int MAX_HEADERS_BYTES = 16 * 1024;

    private static final String BUSY = "this monitor serves " + MAX_CONNECTIONS + " connections at most\n";
    private static final byte[] BUSY_RESPONSE = ("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n"
            + "Content-Type: text/plain; charset=utf-8\r\nContent-Length: " + BUSY.length() + "\r\n\r\n" + BUSY)
            .getBytes(StandardCharsets.US_ASCII);

    /**
     * How to serve.
     *
     * @param address            where
     * @param tls                for https, with HTTP/1.1 only; null for plain http
     * @param authorization      whether the token that a client shows, null for none, lets it in; null admits everybody
     * @param healthWithoutToken whether those who only ask for the health need no token
     * @param allowedHosts       names of this machine that only others know, such as a proxy's
     */
    public record Settings(InetSocketAddress address, SslContext tls,
                           BiPredicate<String, SocketAddress> authorization, boolean healthWithoutToken,
                           List<String> allowedHosts) {
    }

    /** The address cannot be bound. */
    public static final class BindFailure extends IOException {

        private static final long serialVersionUID = 1;

        BindFailure(Throwable cause) {
            super(cause.getMessage(), cause);
        }
    }

    private final Settings settings;
    private final EventLoopGroup eventLoop;
    private final ChannelFactory<? extends ServerChannel> listeners;
    private final HttpGuard guard;
    private final HttpRequests requests;
    private final ChannelGroup connections;
    private final RefusalLog refusals = new RefusalLog();
    private volatile Channel listening;

    /**
     * An endpoint that has not started yet.
     *
     * @param listeners makes the channel that accepts connections, of a kind that the event loop can serve
     */
    public HttpEndpoint(Settings settings, EventLoopGroup eventLoop,
                        ChannelFactory<? extends ServerChannel> listeners, HttpGuard guard, HttpRequests requests) {
        this.settings = settings;
        this.eventLoop = eventLoop;
        this.listeners = listeners;
        this.guard = guard;
        this.requests = requests;
        this.connections = new DefaultChannelGroup(eventLoop.next());
    }

    /**
     * Serves from now on.
     *
     * @return the address with the port that was taken
     * @throws BindFailure when the address cannot be bound
     */
    public InetSocketAddress start() throws BindFailure {
        ChannelFuture binding = new ServerBootstrap()
                .group(eventLoop)
                .channelFactory(listeners)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        prepare(channel);
                    }
                })
                .bind(settings.address()).awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw new BindFailure(binding.cause());
        }
        listening = binding.channel();
        return (InetSocketAddress) listening.localAddress();
    }

    /** Stops serving; streams should have been completed before. */
    public void stop() {
        if (listening != null) {
            listening.close().awaitUninterruptibly();
        }
        connections.close();
        requests.close();
    }

    private void prepare(Channel channel) {
        if (connections.size() >= MAX_CONNECTIONS) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(BUSY_RESPONSE)).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        connections.add(channel);
        channel.pipeline().addLast(new ConnectionCheck(settings.tls() != null, refusals));
        if (settings.tls() != null) {
            channel.pipeline().addLast(settings.tls().newHandler(channel.alloc()));
        }
        channel.pipeline().addLast(new HttpServerCodec(MAX_LINE_BYTES, MAX_HEADERS_BYTES, MAX_HEADERS_BYTES),
                new HttpConnection(guard, requests));
    }
}
