package server.security;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelFutureListener;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;

/**
 * Stands first in a connection's pipeline and looks at its first byte: a client that talks plaintext to TLS, or TLS to
 * plaintext, is refused with the remedy in the log and, where its protocol can carry one, in the answer. Failing
 * handshakes are logged in the same way.
 */
public final class ConnectionCheck extends ChannelInboundHandlerAdapter {

    /** The type of a TLS record that begins a handshake (RFC 8446, 5.1); no plaintext protocol begins with it. */
    private static final byte TLS_HANDSHAKE = 22;

    private static final String PLAINTEXT = "it talks plaintext to a monitor that requires TLS; give the client the "
            + "authority of the monitor's certificate (energy-monitor's own commands: --tls-ca FILE)";
    private static final String TLS = "it talks TLS to a monitor that talks plaintext; let the client talk plaintext, "
            + "or start the monitor with --tls-cert and --tls-key";

    private static final String HTTP_LINE = "this monitor requires TLS: use https://\n";
    private static final byte[] HTTP_ANSWER = ("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n"
            + "Content-Type: text/plain; charset=utf-8\r\nContent-Length: " + HTTP_LINE.length() + "\r\n\r\n" + HTTP_LINE)
            .getBytes(StandardCharsets.US_ASCII);
    private static final String GRPC_LINE = "this monitor requires TLS";
    /** HTTP/2 (RFC 9113): empty SETTINGS, then GOAWAY with the error INADEQUATE_SECURITY and a line of text. */
    private static final byte[] GRPC_ANSWER = Unpooled.buffer()
            .writeBytes(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0})
            .writeMedium(8 + GRPC_LINE.length()).writeBytes(new byte[] {7, 0, 0, 0, 0, 0})
            .writeInt(0).writeInt(12).writeBytes(GRPC_LINE.getBytes(StandardCharsets.US_ASCII)).array().clone();

    private final boolean requiresTls;
    private final RefusalLog refusals;

    /** For one connection. */
    public ConnectionCheck(boolean requiresTls, RefusalLog refusals) {
        this.requiresTls = requiresTls;
        this.refusals = refusals;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        byte first = bytes.getByte(bytes.readerIndex());
        if (requiresTls != (first == TLS_HANDSHAKE)) {
            refusals.refused(context.channel().remoteAddress(), requiresTls ? PLAINTEXT : TLS);
            bytes.release();
            context.writeAndFlush(Unpooled.wrappedBuffer(!requiresTls ? new byte[0]
                    : first == 'P' ? GRPC_ANSWER : HTTP_ANSWER)).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.handshakeFuture().addListener(done -> {
                if (!done.isSuccess()) {
                    refusals.refused(context.channel().remoteAddress(), TlsFailure.ofServer(done.cause()));
                }
            });
        }
        context.pipeline().remove(this);
        context.fireChannelRead(message);
    }
}
