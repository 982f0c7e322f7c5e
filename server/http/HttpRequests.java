package server.http;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.handler.codec.http.FullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpMethod;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import io.grpc.netty.shaded.io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import telemetry.sampling.Broadcast;
import telemetry.sampling.Sensors;

/**
 * What is behind each path. Answers are made in a thread of their own, which is there while it is needed: the event
 * loop, which delivers the readings, is not to wait for files and classes to be loaded.
 */
public final class HttpRequests {

    private static final long MOST_INTERVAL_MILLIS = 0xFFFF_FFFFL;
    private static final long THREAD_KEPT_SECONDS = 10;

    private final Broadcast broadcast;
    private final EventStream.Encoder encoder = new EventStream.Encoder();
    private final ExecutorService worker;
    private final Scrape scrape;

    public HttpRequests(Broadcast broadcast, Sensors sensors) {
        this.broadcast = broadcast;
        ThreadPoolExecutor single = new ThreadPoolExecutor(1, 1, THREAD_KEPT_SECONDS, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "http");
            thread.setDaemon(true);
            return thread;
        });
        single.allowCoreThreadTimeOut(true);
        worker = single;
        scrape = new Scrape(broadcast, sensors, worker);
    }

    /** Whether the method is one that changes nothing. */
    static boolean isRead(HttpRequest request) {
        return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    }

    /** The answer to a request that has passed the guard and does not open a stream. */
    CompletableFuture<FullHttpResponse> answer(String path, HttpRequest request) {
        HttpFiles.Entry file = HttpFiles.find(path);
        if (file == null && !path.equals(Scrape.PATH) && !path.equals(EventStream.PATH)) {
            return CompletableFuture.completedFuture(HttpResponses.line(HttpResponseStatus.NOT_FOUND,
                    "there is nothing here; there is /, " + Scrape.PATH + " and " + EventStream.PATH));
        }
        if (!isRead(request)) {
            FullHttpResponse response = HttpResponses.line(HttpResponseStatus.METHOD_NOT_ALLOWED,
                    "only GET and HEAD are answered");
            response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
            return CompletableFuture.completedFuture(response);
        }
        if (file != null) {
            return CompletableFuture.supplyAsync(() -> ok(file.type(), file.read()), worker);
        }
        if (path.equals(Scrape.PATH)) {
            return scrape.answer(request.headers().get(HttpHeaderNames.ACCEPT));
        }
        return CompletableFuture.completedFuture(ok(EventStream.TYPE, new byte[0])); // HEAD: no stream is opened
    }

    /**
     * A stream of readings, to be started.
     *
     * @throws IllegalArgumentException with the reason when the query is not understood
     */
    EventStream stream(Channel channel, QueryStringDecoder target) {
        List<String> interval = target.parameters().getOrDefault("interval_ms", List.of("0"));
        try {
            long intervalMillis = Long.parseLong(interval.get(0));
            if (intervalMillis >= 0 && intervalMillis <= MOST_INTERVAL_MILLIS) {
                return new EventStream(channel, broadcast, encoder, intervalMillis);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("interval_ms takes milliseconds, from 0 to " + MOST_INTERVAL_MILLIS);
    }

    /** Answers no more. */
    void close() {
        worker.shutdownNow();
    }

    private static FullHttpResponse ok(String type, byte[] content) {
        return HttpResponses.of(HttpResponseStatus.OK, type, content);
    }
}
