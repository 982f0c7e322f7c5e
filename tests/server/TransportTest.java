package server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.netty.shaded.io.netty.bootstrap.ServerBootstrap;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TransportTest {

    @Test
    void linuxIsServedByItsEpoll() throws Exception {
        assumeTrue(Epoll.isAvailable(), () -> "no epoll: " + Epoll.unavailabilityCause());
        assertThat(Transport.best().listening().newChannel()).isInstanceOf(EpollServerSocketChannel.class);
        assertThat(echoed(Transport.best(), 42)).isEqualTo(42);
    }

    /** What serves where epoll cannot be loaded. */
    @Test
    void javasOwnSelectorServesAsWell() throws Exception {
        assertThat(echoed(Transport.java(), 42)).isEqualTo(42);
    }

    /** Sends a byte to a server of that transport that sends back what it gets. */
    private static int echoed(Transport transport, int sent) throws Exception {
        EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(1, transport.waiting());
        try {
            Channel listening = new ServerBootstrap().group(eventLoop).channelFactory(transport.listening())
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel connection) {
                            connection.pipeline().addLast(new Echo());
                        }
                    }).bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).sync().channel();
            InetSocketAddress bound = (InetSocketAddress) listening.localAddress();
            try (Socket socket = new Socket(bound.getAddress(), bound.getPort())) {
                socket.getOutputStream().write(sent);
                return socket.getInputStream().read();
            }
        } finally {
            eventLoop.shutdownGracefully();
        }
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.writeAndFlush(message);
        }
    }
}
