package server.http;

import com.google.protobuf.Message;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufUtil;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.FullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderValues;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaders;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import telemetry.wire.ReadingJson;

/** Makes responses, with the headers that all of them have. */
final class HttpResponses {

    /** Nothing from elsewhere, nothing inline, in nobody's frame. */
    private static final String CONTENT_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String JSON = "application/json; charset=utf-8";
    /** Less fits into one packet anyway. */
    private static final int MIN_GZIP_BYTES = 1400;
    /** Not refused by a weight of 0. */
    private static final Pattern GZIP = Pattern.compile("(?i)(^|[\\s,])gzip\\s*(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))");

    private HttpResponses() {
    }

    /** One line of plain text. */
    static FullHttpResponse line(HttpResponseStatus status, String line) {
        return of(status, "text/plain; charset=utf-8", (line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** What a client asked for. */
    static FullHttpResponse ok(String type, byte[] content) {
        return of(HttpResponseStatus.OK, type, content);
    }

    static FullHttpResponse json(HttpResponseStatus status, Message message) {
        return of(status, JSON, (ReadingJson.json(message) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static FullHttpResponse json(String text) {
        return ok(JSON, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static FullHttpResponse of(HttpResponseStatus status, String type, byte[] content) {
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status,
                Unpooled.wrappedBuffer(content));
        setHeaders(response.headers(), type);
        response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, content.length);
        return response;
    }

    /** Whether a response should be sent smaller to a client that understands this, at the cost of some time. */
    static boolean isWorthGzip(FullHttpResponse response, HttpHeaders requested) {
        String encodings = requested.get(HttpHeaderNames.ACCEPT_ENCODING);
        return encodings != null && GZIP.matcher(encodings).find()
                && response.content().readableBytes() >= MIN_GZIP_BYTES;
    }

    /** The same response, smaller. */
    static FullHttpResponse gzip(FullHttpResponse response) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(ByteBufUtil.getBytes(response.content()));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // an array does not fail
        }
        FullHttpResponse smaller = response.replace(Unpooled.wrappedBuffer(compressed.toByteArray()));
        smaller.headers().set(HttpHeaderNames.CONTENT_ENCODING, HttpHeaderValues.GZIP)
                .set(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, compressed.size());
        return smaller;
    }

    static void setHeaders(HttpHeaders headers, String type) {
        headers.set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, CONTENT_POLICY)
                .set("cross-origin-resource-policy", "same-origin")
                .set("x-content-type-options", "nosniff")
                .set("referrer-policy", "no-referrer");
    }
}
