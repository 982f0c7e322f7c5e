package server.http;

import com.google.protobuf.InvalidProtocolBufferException;
import energy.TelemetryReading;
import io.grpc.netty.shaded.io.netty.handler.codec.http.FullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import telemetry.sampling.Broadcast;
import telemetry.sampling.Sensors;
import telemetry.wire.DetailsEncoder;
import telemetry.wire.Reading;

/** Answers Prometheus with the metrics of one reading, in the format that it accepts. */
final class Scrape {

    static final String PATH = "/metrics";

    /** Readings with details come once a second or, if that is slower, at every interval; the latest comes at once. */
    private static final long WAIT_MILLIS = 5000;

    private final Broadcast broadcast;
    private final Sensors sensors;
    private final Executor worker;

    Scrape(Broadcast broadcast, Sensors sensors, Executor worker) {
        this.broadcast = broadcast;
        this.sensors = sensors;
        this.worker = worker;
    }

    CompletableFuture<FullHttpResponse> answer(String acceptHeader) {
        CompletableFuture<MetricSnapshots> metrics = reading().thenCompose(reading ->
                sensors.health().thenCombineAsync(sensors.describe(), (health, description) ->
                        Metrics.of(reading, health, description), worker));
        return metrics.thenApply(snapshots -> response(acceptHeader, snapshots))
                .completeOnTimeout(HttpResponses.line(HttpResponseStatus.SERVICE_UNAVAILABLE,
                        "the sensors have not answered yet"), WAIT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static FullHttpResponse response(String acceptHeader, MetricSnapshots metrics) {
        ExpositionFormats formats = ExpositionFormats.init();
        ExpositionFormatWriter openMetrics = formats.getOpenMetricsTextFormatWriter();
        ExpositionFormatWriter format = openMetrics.accepts(acceptHeader) ? openMetrics
                : formats.getPrometheusTextFormatWriter(); // its binary format would need another library
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            format.write(text, metrics, EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // an array does not fail
        }
        return HttpResponses.of(HttpResponseStatus.OK, format.getContentType(), text.toByteArray());
    }

    /** One reading with its details, for whose sake they are made if need be. */
    private CompletableFuture<TelemetryReading> reading() {
        CompletableFuture<Reading> found = new CompletableFuture<>();
        Broadcast.Subscription subscription = broadcast.subscribe(new Broadcast.Subscriber() {
            @Override
            public boolean isReady() {
                return !found.isDone();
            }

            @Override
            public void send(Reading reading, long dropped) {
                found.complete(reading);
            }

            @Override
            public void complete() {
                found.cancel(false);
            }
        }, true, 0);
        CompletableFuture<TelemetryReading> parsed = found.orTimeout(WAIT_MILLIS, TimeUnit.MILLISECONDS)
                .whenComplete((reading, error) -> subscription.cancel()).thenApplyAsync(Scrape::parse, worker);
        subscription.start();
        return parsed;
    }

    private static TelemetryReading parse(Reading reading) {
        try {
            return TelemetryReading.parseFrom(DetailsEncoder.append(reading, 0));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("what was encoded here cannot be parsed", e);
        }
    }
}
