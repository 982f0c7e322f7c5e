package server;

import collectors.host.OperatingSystem;
import io.grpc.netty.shaded.io.netty.channel.ChannelFactory;
import io.grpc.netty.shaded.io.netty.channel.IoHandlerFactory;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;

/**
 * How the event loop waits for the network. Whenever another thread wakes it up, Java's selector costs it two more system
 * calls of each kind and a fight for a lock; netty's own code for Linux's epoll costs it none. Where that cannot be
 * loaded, for want of a folder from which code may run, say, Java's selector does as well.
 *
 * @param waiting   for the event loop
 * @param listening makes the channels that accept connections
 */
record Transport(IoHandlerFactory waiting, ChannelFactory<? extends ServerChannel> listening) {

    /** The best there is here; {@code io.netty.transport.noNative} of the shaded netty makes it Java's own. */
    static Transport best() {
        return OperatingSystem.current() == OperatingSystem.LINUX && Epoll.isAvailable()
                ? new Transport(EpollIoHandler.newFactory(), EpollServerSocketChannel::new) : java();
    }

    /** Java's own, which is everywhere. */
    static Transport java() {
        return new Transport(NioIoHandler.newFactory(), NioServerSocketChannel::new);
    }
}
