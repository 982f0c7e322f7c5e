package server.http;

import io.grpc.netty.shaded.io.netty.handler.codec.http.FullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaders;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import io.grpc.netty.shaded.io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Refuses the requests that are not to be answered. Any web page can have its visitor's browser send requests here:
 * from another origin, or through a name of its own that resolves to this machine. Neither gets an answer.
 */
public final class HttpGuard {

    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";

    private final Predicate<String> authorization;
    private final boolean checksHost;
    private final Supplier<String> hostName;
    private final String boundName;

    /**
     * A guard for these settings.
     *
     * @param hostName the machine's name, once it is known
     */
    public HttpGuard(HttpEndpoint.Settings settings, Supplier<String> hostName) {
        this.authorization = settings.authorization();
        // A page under a foreign name has no certificate for that name, and the browser no token for it.
        this.checksHost = settings.authorization() == null && settings.tls() == null;
        this.hostName = hostName;
        this.boundName = settings.address().getHostString();
    }

    /** Why a request is not answered; null when it is to be. */
    FullHttpResponse refusal(HttpRequest request) {
        HttpHeaders headers = request.headers();
        String host = headers.get(HttpHeaderNames.HOST);
        if (!request.decoderResult().isSuccess() || host == null
                || headers.getAll(HttpHeaderNames.HOST).size() > 1) {
            return HttpResponses.line(HttpResponseStatus.BAD_REQUEST, "this is no HTTP request with a Host header");
        }
        if (checksHost && !isOurs(nameIn(host))) {
            return HttpResponses.line(HttpResponseStatus.FORBIDDEN,
                    "this is not the machine's name: use its address, its own name or localhost");
        }
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        if (origin != null && !origin.substring(origin.indexOf("://") + 1).equalsIgnoreCase("//" + host)) {
            return HttpResponses.line(HttpResponseStatus.FORBIDDEN, "requests from other sites are refused");
        }
        if (authorization != null && !authorization.test(token(headers.get(HttpHeaderNames.AUTHORIZATION)))) {
            FullHttpResponse response = HttpResponses.line(HttpResponseStatus.UNAUTHORIZED,
                    "a token is needed: as a bearer token, or as the password of any user");
            response.headers().add(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer")
                    .add(HttpHeaderNames.WWW_AUTHENTICATE, "Basic realm=\"energy-monitor\", charset=\"UTF-8\"");
            return response;
        }
        return null;
    }

    /** What stands before the port. */
    private static String nameIn(String host) {
        int end = host.startsWith("[") ? host.indexOf(']') : host.indexOf(':');
        String name = end < 0 ? host : host.substring(0, end);
        return name.startsWith("[") ? name.substring(1) : name;
    }

    private boolean isOurs(String name) {
        return NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name)
                || name.equalsIgnoreCase("localhost") || name.equalsIgnoreCase(boundName)
                || name.equalsIgnoreCase(hostName.get()) || name.equalsIgnoreCase(hostName.get() + ".local");
    }

    /** The token in an Authorization header; browsers can ask for one as a password only. */
    static String token(String header) {
        if (header == null) {
            return null;
        }
        if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return header.substring(BEARER.length()).strip();
        }
        if (header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            try {
                byte[] decoded = Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
                String userAndPassword = new String(decoded, StandardCharsets.UTF_8);
                return userAndPassword.substring(userAndPassword.indexOf(':') + 1);
            } catch (IllegalArgumentException e) {
                return null; // not Base64: as good as none
            }
        }
        return null;
    }
}
