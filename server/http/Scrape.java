package server.http;

import energy.DescribeResponse;
import energy.HealthResponse;
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
import telemetry.wire.Reading;

/** Answers Prometheus with the metrics of one reading, in the format that it accepts. */
final class Scrape {

    static final String PATH = "/metrics";

    /** The first reading with details comes within some seconds of the start. */
    private static final long ANSWER_TIMEOUT_MILLIS = 5000;

    private final Broadcast broadcast;
    private final Sensors sensors;
    private final Executor worker;

    Scrape(Broadcast broadcast, Sensors sensors, Executor worker) {
        this.broadcast = broadcast;
        this.sensors = sensors;
        this.worker = worker;
    }

    CompletableFuture<FullHttpResponse> answer(String acceptHeader) {
        return sensors.health().thenCombineAsync(sensors.describe(), (health, description) ->
                        response(acceptHeader, metrics(health, description)), worker)
                .completeOnTimeout(HttpResponses.line(HttpResponseStatus.SERVICE_UNAVAILABLE,
                        "the sensors have not answered yet"), ANSWER_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Of the latest reading with details: a scrape is no reason to ask the sensors more often. */
    private MetricSnapshots metrics(HealthResponse health, DescribeResponse description) {
        Reading reading = broadcast.latestWithDetails(); // there is one, or there were no description
        return Metrics.of(EventStream.parse(reading, 0), health, description,
                (System.nanoTime() - reading.sampledNanos()) / 1e9, System.currentTimeMillis() / 1e3);
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
        return HttpResponses.ok(format.getContentType(), text.toByteArray());
    }
}
