package server.http;

import io.grpc.netty.shaded.io.netty.bootstrap.ServerBootstrap;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelFutureListener;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.group.ChannelGroup;
import io.grpc.netty.shaded.io.netty.channel.group.DefaultChannelGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpServerCodec;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** Serves the page, the metrics and the readings over HTTP, from the event loop that serves gRPC. */
public final class HttpEndpoint {

    /** Each may hold some 64 KB; browsers take up to six, a Prometheus one. */
    static final int MOST_CONNECTIONS = 128;
    private static final int MOST_LINE_BYTES = 4 * 1024;
    private static final int MOST_HEADERS_BYTES = 16 * 1024;

    private static final String BUSY = "this monitor serves " + MOST_CONNECTIONS + " connections at most\n";
    private static final byte[] BUSY_RESPONSE = ("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n"
            + "Content-Type: text/plain; charset=utf-8\r\nContent-Length: " + BUSY.length() + "\r\n\r\n" + BUSY)
            .getBytes(StandardCharsets.US_ASCII);

    /**
     * How to serve.
     *
     * @param address       where
     * @param authorization says whether a token, null when none came, lets a client in; null lets everybody in
     * @param tls           for https, with HTTP/1.1 only; null for plain http
     */
    public record Settings(InetSocketAddress address, Predicate<String> authorization, SslContext tls) {
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
    private final HttpGuard guard;
    private final HttpRequests requests;
    private final ChannelGroup connections;
    private volatile Channel listening;

    public HttpEndpoint(Settings settings, EventLoopGroup eventLoop, HttpGuard guard, HttpRequests requests) {
        this.settings = settings;
        this.eventLoop = eventLoop;
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
                .channel(NioServerSocketChannel.class)
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

    /** Stops to serve; streams should have been completed before. */
    public void stop() {
        if (listening != null) {
            listening.close().awaitUninterruptibly();
        }
        connections.close();
        requests.close();
    }

    private void prepare(Channel channel) {
        if (connections.size() >= MOST_CONNECTIONS) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(BUSY_RESPONSE)).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        connections.add(channel);
        if (settings.tls() != null) {
            channel.pipeline().addLast(settings.tls().newHandler(channel.alloc()));
        }
        channel.pipeline().addLast(new HttpServerCodec(MOST_LINE_BYTES, MOST_HEADERS_BYTES, MOST_HEADERS_BYTES),
                new HttpConnection(guard, requests));
    }
}
