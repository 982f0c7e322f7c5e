package server.http;

import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelFutureListener;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.SimpleChannelInboundHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http.FullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpMethod;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpObject;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpUtil;
import io.grpc.netty.shaded.io.netty.handler.codec.http.QueryStringDecoder;
import io.grpc.netty.shaded.io.netty.handler.timeout.IdleStateEvent;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One client's connection: answers its requests one after another, or streams to it until it leaves. */
final class HttpConnection extends SimpleChannelInboundHandler<HttpObject> {

    private static final Logger LOG = Logger.getLogger(HttpConnection.class.getName());

    /** From the connection, or the answer before, to the end of a request. */
    private static final long REQUEST_TIMEOUT_SECONDS = 30;
    /** Requests that wait for earlier ones to be answered. Browsers send none before they have the answer. */
    private static final int MAX_WAITING = 100;

    private final HttpGuard guard;
    private final HttpRequests requests;
    private final Queue<HttpRequest> waiting = new ArrayDeque<>();
    private boolean answering;
    private Future<?> deadline;
    private EventStream stream;

    HttpConnection(HttpGuard guard, HttpRequests requests) {
        this.guard = guard;
        this.requests = requests;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        awaitRequest(context);
        context.fireChannelActive();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
        // No request here has a body of use, and nothing can be answered after a stream, which has no end.
        if (message instanceof HttpRequest request) {
            if (stream != null || waiting.size() == MAX_WAITING) {
                context.close();
            } else {
                waiting.add(request);
                takeNext(context);
            }
        }
    }

    /** One request at a time: the answers to a client that asks on and on and reads none would fill the heap. */
    private void takeNext(ChannelHandlerContext context) {
        if (answering || waiting.isEmpty()) {
            return;
        }
        answering = true;
        context.channel().config().setAutoRead(false);
        deadline.cancel(false);
        HttpRequest request = waiting.remove();
        FullHttpResponse refusal = guard.refusal(request, context.channel().remoteAddress());
        if (refusal != null) {
            answer(context, refusal, isKeepAlive(request));
        } else {
            route(context, request);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (stream != null && context.channel().isWritable()) {
            stream.ready();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent && stream != null) {
            stream.idle();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (stream != null) {
            stream.cancel();
        }
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.log(Level.FINE, "An HTTP connection failed", cause);
        context.close();
    }

    private void route(ChannelHandlerContext context, HttpRequest request) {
        try {
            QueryStringDecoder target = new QueryStringDecoder(request.uri());
            if (target.path().equals(EventStream.PATH) && request.method().equals(HttpMethod.GET)) {
                requests.stream(context.channel(), target).whenComplete((ready, error) -> onLoop(context, () -> {
                    if (error == null) {
                        start(context, ready, request);
                    } else {
                        answer(context, refusal(error), isKeepAlive(request));
                    }
                }));
                return;
            }
            requests.answer(target, request).whenComplete((response, error) ->
                    onLoop(context, () -> answer(context, error == null ? response : failure(error),
                            isKeepAlive(request))));
        } catch (IllegalArgumentException e) {
            answer(context, HttpResponses.line(HttpResponseStatus.BAD_REQUEST, e.getMessage()), isKeepAlive(request));
        }
    }

    private void start(ChannelHandlerContext context, EventStream ready, HttpRequest request) {
        if (context.channel().isActive()) { // it may have closed while the devices were looked for
            stream = ready;
            stream.start(request.protocolVersion());
            context.channel().config().setAutoRead(true); // only reading shows that the client has left
        }
    }

    private static FullHttpResponse refusal(Throwable error) {
        try {
            return HttpRequests.refusal(error);
        } catch (CompletionException e) {
            return failure(e.getCause());
        }
    }

    /** At once where possible: a mark is the sooner here, the nearer it is to the moment that the client means. */
    private static void onLoop(ChannelHandlerContext context, Runnable task) {
        if (context.executor().inEventLoop()) {
            task.run();
        } else {
            context.executor().execute(task);
        }
    }

    private static boolean isKeepAlive(HttpRequest request) {
        return HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess() && HttpRequests.isRead(request);
    }

    private void answer(ChannelHandlerContext context, FullHttpResponse response, boolean keepAlive) {
        HttpUtil.setKeepAlive(response, keepAlive);
        awaitRequest(context); // before the answer is out: then a stream may begin, which has no deadline
        ChannelFuture written = context.writeAndFlush(response);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        } else {
            written.addListener(done -> {
                if (done.isSuccess()) {
                    answering = false;
                    context.channel().config().setAutoRead(waiting.isEmpty());
                    takeNext(context);
                }
            });
        }
    }

    private void awaitRequest(ChannelHandlerContext context) {
        deadline = context.executor().schedule((Runnable) context::close, REQUEST_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private static FullHttpResponse failure(Throwable error) {
        LOG.log(Level.WARNING, "An HTTP request could not be answered: " + error, error);
        return HttpResponses.line(HttpResponseStatus.INTERNAL_SERVER_ERROR,
                "the monitor failed at this; its log says why");
    }
}
