package server.http;

import com.google.protobuf.InvalidProtocolBufferException;
import energy.TelemetryReading;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFutureListener;
import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultHttpContent;
import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderValues;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpUtil;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpVersion;
import io.grpc.netty.shaded.io.netty.handler.codec.http.LastHttpContent;
import io.grpc.netty.shaded.io.netty.handler.timeout.IdleStateHandler;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import telemetry.sampling.Broadcast;
import telemetry.selection.Selection;
import telemetry.wire.DetailsEncoder;
import telemetry.wire.Reading;
import telemetry.wire.ReadingJson;

/** The readings as server-sent events on one connection, each a line of JSON, until the client leaves. */
final class EventStream implements Broadcast.Subscriber {

    static final String PATH = "/readings";
    static final String TYPE = "text/event-stream; charset=utf-8";

    /** With nothing to send for so long, a comment shows both ends whether the other is there. */
    private static final int IDLE_SECONDS = 15;
    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);
    /** A client that loses the connection is to try again after so many milliseconds. */
    private static final byte[] RETRY = "retry: 2000\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_SILENT_PERIODS = 4;

    private final Channel channel;
    private final Encoder encoder;
    private final Broadcast.Subscription subscription;
    private int silentPeriods;

    /**
     * A stream that has not started.
     *
     * @param selection      whose readings; null for all devices
     * @param intervalMillis the time between two readings; 0 for all of them
     */
    EventStream(Channel channel, Broadcast broadcast, Encoder encoder, Selection selection, long intervalMillis) {
        this.channel = channel;
        this.encoder = encoder;
        this.subscription = broadcast.subscribe(this, selection, true, TimeUnit.MILLISECONDS.toNanos(intervalMillis));
    }

    /** Sends the response's head, and readings from now on. */
    void start(HttpVersion version) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        HttpResponses.setHeaders(response.headers(), TYPE);
        if (version.equals(HttpVersion.HTTP_1_0)) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else {
            HttpUtil.setTransferEncodingChunked(response, true);
        }
        channel.pipeline().addFirst(new IdleStateHandler(0, IDLE_SECONDS, 0));
        channel.write(response);
        write(RETRY);
        subscription.start();
    }

    /** The connection takes data again. */
    void ready() {
        subscription.ready();
    }

    /** Nothing could be sent, or there was nothing to send, for a while. */
    void idle() {
        if (channel.isWritable()) {
            silentPeriods = 0;
            write(COMMENT);
        } else if (++silentPeriods == MAX_SILENT_PERIODS) {
            channel.close(); // it has not read for a minute
        }
    }

    /** The client has left. */
    void cancel() {
        subscription.cancel();
    }

    @Override
    public boolean isReady() {
        return channel.isWritable();
    }

    @Override
    public void send(Reading reading, long dropped) {
        silentPeriods = 0;
        write(encoder.event(reading, dropped));
    }

    @Override
    public void complete() {
        channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
    }

    private void write(byte[] bytes) {
        channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)));
    }

    /** Makes events of readings; the same one for clients that get the same. For one thread. */
    static final class Encoder {

        /** What is sent to somebody: equal only for the same reading, as its bytes are compared by their identity. */
        private record Sent(Reading reading, long dropped) {
        }

        private long sequence;
        /** Those of the readings of that number: one for each selection that is in use. */
        private final Map<Sent, byte[]> events = new HashMap<>();

        byte[] event(Reading reading, long dropped) {
            if (reading.sequence() != sequence) {
                sequence = reading.sequence();
                events.clear();
            }
            return events.computeIfAbsent(new Sent(reading, dropped), sent ->
                    ("data: " + ReadingJson.json(parse(reading, dropped)) + "\n\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A reading with its details, as a message. */
    static TelemetryReading parse(Reading reading, long dropped) {
        try {
            return TelemetryReading.parseFrom(DetailsEncoder.append(reading, dropped));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("what was encoded here cannot be parsed", e);
        }
    }
}
