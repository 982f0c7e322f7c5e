package server.http;

import energy.DeviceReading;
import energy.EnergyResponse;
import energy.MarkResponse;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.handler.codec.http.FullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpMethod;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import io.grpc.netty.shaded.io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import telemetry.sampling.Broadcast;
import telemetry.sampling.EnergyRequestException;
import telemetry.sampling.Sensors;
import telemetry.wire.Reading;
import telemetry.selection.Selection;
import telemetry.selection.UnknownDeviceException;
import telemetry.wire.ReadingJson;

/**
 * What is behind each path. What takes long, or loads files and classes, happens in a thread of its own that is there
 * while it is needed: the event loop, which delivers the readings, is not to wait for it.
 */
public final class HttpRequests {

    static final String HEALTH = "/health";
    private static final String MARK = "/mark";
    private static final String ENERGY = "/energy";
    private static final String DESCRIBE = "/describe";
    private static final List<String> PATHS = List.of("/", Scrape.PATH, EventStream.PATH, History.PATH, MARK, ENERGY,
            DESCRIBE, HEALTH);

    private static final String DEVICES = "devices";
    /** What can be asked of some of the devices. */
    private static final List<String> SELECTING = List.of(EventStream.PATH, ENERGY, DESCRIBE);

    private static final long MAX_INTERVAL_MILLIS = 0xFFFF_FFFFL;
    private static final long THREAD_KEPT_SECONDS = 10;

    private final Broadcast broadcast;
    private final Sensors sensors;
    private final EventStream.Encoder encoder = new EventStream.Encoder();
    private final ExecutorService worker;
    private final Scrape scrape;
    private final History history = new History();

    public HttpRequests(Broadcast broadcast, Sensors sensors) {
        this.broadcast = broadcast;
        this.sensors = sensors;
        ThreadPoolExecutor single = new ThreadPoolExecutor(1, 1, THREAD_KEPT_SECONDS, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "http");
            thread.setDaemon(true);
            return thread;
        });
        single.allowCoreThreadTimeOut(true);
        worker = single;
        scrape = new Scrape(broadcast, sensors, worker);
        sensors.onSecond(history::add);
        worker.execute(() -> ReadingJson.json(EnergyResponse.getDefaultInstance())); // loads what the loop needs later
    }

    /** Whether the method is one that changes nothing. */
    static boolean isRead(HttpRequest request) {
        return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    }

    /** The answer to a request that has passed the guard and does not open a stream. */
    CompletableFuture<FullHttpResponse> answer(QueryStringDecoder target, HttpRequest request) {
        return plain(target, request).thenCompose(response ->
                HttpResponses.isWorthGzip(response, request.headers())
                        ? CompletableFuture.supplyAsync(() -> HttpResponses.gzip(response), worker)
                        : CompletableFuture.completedFuture(response));
    }

    private CompletableFuture<FullHttpResponse> plain(QueryStringDecoder target, HttpRequest request) {
        HttpFiles.Entry file = HttpFiles.find(target.path());
        if (file == null && !PATHS.contains(target.path())) {
            return CompletableFuture.completedFuture(HttpResponses.line(HttpResponseStatus.NOT_FOUND,
                    "there is nothing here; there is " + String.join(", ", PATHS)));
        }
        if (!isRead(request)) {
            FullHttpResponse response = HttpResponses.line(HttpResponseStatus.METHOD_NOT_ALLOWED,
                    "only GET and HEAD are answered");
            response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
            return CompletableFuture.completedFuture(response);
        }
        if (target.parameters().containsKey(DEVICES) && !SELECTING.contains(target.path())) {
            return CompletableFuture.completedFuture(HttpResponses.line(HttpResponseStatus.BAD_REQUEST,
                    DEVICES + " has no effect here: leave it out, or ask " + String.join(", ", SELECTING)));
        }
        if (file != null) {
            return CompletableFuture.supplyAsync(() -> HttpResponses.ok(file.type(), file.read()), worker);
        }
        return switch (target.path()) {
            case Scrape.PATH -> scrape.answer(request.headers().get(HttpHeaderNames.ACCEPT));
            case MARK -> sensors.mark().thenApply(nanos -> HttpResponses.json(HttpResponseStatus.OK,
                    MarkResponse.newBuilder().setTimestampNanos(nanos).build()));
            case ENERGY -> energy(target);
            case History.PATH -> history(number(target, "after", "0", Long.MAX_VALUE));
            case DESCRIBE -> sensors.describe(devices(target)).handle((description, error) -> error == null
                    ? HttpResponses.json(HttpResponseStatus.OK, description) : refusal(error));
            case HEALTH -> sensors.health().thenApply(health -> HttpResponses.json(health.getHealthy()
                    ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE, health));
            default -> CompletableFuture.completedFuture(HttpResponses.ok(EventStream.TYPE, new byte[0])); // HEAD
        };
    }

    /** Of the devices as they are known now; before the first reading there are none, and no seconds either. */
    private CompletableFuture<FullHttpResponse> history(long afterUnixMillis) {
        return CompletableFuture.supplyAsync(() -> {
            Reading latest = broadcast.latestWithDetails();
            List<DeviceReading> devices = latest == null ? List.of()
                    : EventStream.parse(latest, 0).getDetails().getDevicesList();
            return HttpResponses.json(history.json(devices, afterUnixMillis));
        }, worker);
    }

    private CompletableFuture<FullHttpResponse> energy(QueryStringDecoder target) {
        long from = number(target, "from", null, Long.MAX_VALUE);
        long to = number(target, "to", "0", Long.MAX_VALUE);
        return sensors.energy(from, to, devices(target)).handle((energy, error) -> error == null
                ? HttpResponses.json(HttpResponseStatus.OK, energy) : refusal(error));
    }

    /** Why a request cannot be answered as it stands; any other failure goes on. */
    static FullHttpResponse refusal(Throwable error) {
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        if (cause instanceof EnergyRequestException wrong) {
            return HttpResponses.line(wrong.kind() == EnergyRequestException.Kind.BUSY
                    ? HttpResponseStatus.SERVICE_UNAVAILABLE : HttpResponseStatus.BAD_REQUEST, wrong.getMessage());
        }
        if (cause instanceof UnknownDeviceException) {
            return HttpResponses.line(HttpResponseStatus.BAD_REQUEST, cause.getMessage());
        }
        throw new CompletionException(cause);
    }

    /**
     * A stream of readings, to be started by the thread that completes this; fails as {@link #refusal} tells.
     *
     * @throws IllegalArgumentException with the reason when the query is not understood
     */
    CompletableFuture<EventStream> stream(Channel channel, QueryStringDecoder target) {
        long intervalMillis = number(target, "interval_ms", "0", MAX_INTERVAL_MILLIS);
        List<String> devices = devices(target);
        CompletableFuture<Selection> selecting = devices.isEmpty() ? CompletableFuture.completedFuture(null)
                : sensors.select(devices);
        return selecting.thenApply(selection ->
                new EventStream(channel, broadcast, encoder, selection, intervalMillis));
    }

    /** The devices that are named, separated by commas; none for all. */
    private static List<String> devices(QueryStringDecoder target) {
        return target.parameters().getOrDefault(DEVICES, List.of()).stream()
                .flatMap(list -> Stream.of(list.split(",", -1))).toList();
    }

    private static long number(QueryStringDecoder target, String name, String otherwise, long max) {
        List<String> given = target.parameters().get(name);
        String text = given == null ? otherwise : given.get(0);
        try {
            long number = Long.parseLong(text);
            if (number >= 0 && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw notUnderstood(name, max);
        }
        throw notUnderstood(name, max);
    }

    private static IllegalArgumentException notUnderstood(String name, long max) {
        return new IllegalArgumentException(max == MAX_INTERVAL_MILLIS
                ? name + " takes milliseconds, from 0 to " + max
                : name.equals("after") ? "after takes Unix time in milliseconds, such as " + History.PATH + " gives"
                : name + " takes Unix time in nanoseconds, such as " + MARK + " gives");
    }

    /** Answers no more. */
    void close() {
        worker.shutdownNow();
    }
}
