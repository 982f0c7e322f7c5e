package server.http;

import io.grpc.netty.shaded.io.netty.handler.codec.http.FullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaders;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import io.grpc.netty.shaded.io.netty.handler.codec.http.QueryStringDecoder;
import io.grpc.netty.shaded.io.netty.util.NetUtil;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import server.security.AccessToken;

/**
 * Requests from other origins, or for a Host that is not this machine, are refused: any web page can have its visitor's
 * browser send such, the latter through a name of its own that resolves to this machine.
 */
public final class HttpGuard {

    private static final String BASIC = "Basic ";

    private final BiPredicate<String, SocketAddress> authorization;
    private final boolean healthWithoutToken;
    private final boolean checksHost;
    private final Supplier<String> hostName;
    private final Set<String> proxies = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private final String boundName;

    /**
     * A guard for these settings.
     *
     * @param hostName the machine's name, once it is known
     */
    public HttpGuard(HttpEndpoint.Settings settings, Supplier<String> hostName) {
        this.authorization = settings.authorization();
        this.healthWithoutToken = settings.healthWithoutToken();
        // A page under a foreign name has no certificate for that name, and the browser no token for it.
        this.checksHost = settings.authorization() == null && settings.tls() == null;
        this.hostName = hostName;
        this.boundName = settings.address().getHostString();
        proxies.addAll(settings.allowedHosts());
    }

    /** Why a request is not answered; null when it is to be. */
    FullHttpResponse refusal(HttpRequest request, SocketAddress peer) {
        HttpHeaders headers = request.headers();
        String host = headers.get(HttpHeaderNames.HOST);
        if (!request.decoderResult().isSuccess() || host == null
                || headers.getAll(HttpHeaderNames.HOST).size() > 1) {
            return HttpResponses.line(HttpResponseStatus.BAD_REQUEST, "send an HTTP request with one Host header");
        }
        if (checksHost && !isOurs(nameIn(host))) {
            return HttpResponses.line(HttpResponseStatus.FORBIDDEN, "requests for a Host that is not this machine are "
                    + "refused: use its address, its own name or localhost, or start the monitor with --allowed-host");
        }
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        if (origin != null && !isSame(origin, host)) {
            return HttpResponses.line(HttpResponseStatus.FORBIDDEN, "requests from other origins are refused");
        }
        if (healthWithoutToken && new QueryStringDecoder(request.uri()).path().equals(HttpRequests.HEALTH)) {
            return null;
        }
        if (authorization != null && !authorization.test(token(headers.get(HttpHeaderNames.AUTHORIZATION)), peer)) {
            FullHttpResponse response = HttpResponses.line(HttpResponseStatus.UNAUTHORIZED,
                    "send this monitor's access token: as a bearer token, or as the password of any user");
            response.headers().add(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer")
                    .add(HttpHeaderNames.WWW_AUTHENTICATE, "Basic realm=\"energy-monitor\", charset=\"UTF-8\"");
            return response;
        }
        return null;
    }

    /** Whether a page of this origin came from here: from the same host, or from a proxy's name for it. */
    private boolean isSame(String origin, String host) {
        int scheme = origin.indexOf("://");
        String from = origin.substring(scheme < 0 ? 0 : scheme + 3);
        return scheme >= 0 && (from.equalsIgnoreCase(host) || proxies.contains(nameIn(from)));
    }

    /** The part before the port. */
    private static String nameIn(String host) {
        int end = host.startsWith("[") ? host.indexOf(']') : host.indexOf(':');
        String name = end < 0 ? host : host.substring(0, end);
        return name.startsWith("[") ? name.substring(1) : name;
    }

    private boolean isOurs(String name) {
        return NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name)
                || name.equalsIgnoreCase("localhost") || name.equalsIgnoreCase(boundName) || proxies.contains(name)
                || name.equalsIgnoreCase(hostName.get()) || name.equalsIgnoreCase(hostName.get() + ".local");
    }

    /** The token in an Authorization header; browsers can send it only as a password. */
    static String token(String header) {
        if (header != null && header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            try {
                byte[] decoded = Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
                String userAndPassword = new String(decoded, StandardCharsets.UTF_8);
                return userAndPassword.substring(userAndPassword.indexOf(':') + 1);
            } catch (IllegalArgumentException e) {
                return null; // not Base64: as good as none
            }
        }
        return AccessToken.ofHeader(header);
    }
}
