package cli.readings;

import cli.options.UserError;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import server.security.AccessToken;
import server.security.Pem;
import server.security.UnusableFileException;

/** Which running monitor a command asks, and how it proves who it is; a mixin for commands. */
final class TargetOptions {

    static final int DEFAULT_PORT = 50053;

    private static final int MAX_PORT = 65535;

    @Option(names = "--target", paramLabel = "HOST:PORT",
            description = "A running monitor; without a port it is " + DEFAULT_PORT + ". --devices then names some of its "
                    + "devices, by index, UUID, or platform and index as in rapl:0")
    private List<String> targets = List.of();

    @Option(names = "--tls-ca", paramLabel = "FILE",
            description = "Use TLS, and trust the certificates that the authorities in this PEM file have signed")
    private Path authorities;

    @Option(names = "--tls-cert", paramLabel = "FILE",
            description = "The certificate (PEM) for a monitor that asks for one")
    private Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "The private key (PEM) of --tls-cert")
    private Path key;

    @Option(names = "--auth-token-file", paramLabel = "FILE",
            description = "A file with the access token of --target")
    private Path tokenFile;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** The targets that were given, in order; none when this machine's sensors are meant. */
    List<String> targets() {
        if (targets.isEmpty() && (authorities != null || certificate != null || key != null || tokenFile != null)) {
            throw usage("--tls-ca, --tls-cert, --tls-key and --auth-token-file are for a --target: give one");
        }
        return targets;
    }

    /** Whether a running monitor is asked instead of this machine's sensors. */
    boolean isGiven() {
        return !targets().isEmpty();
    }

    /** The only target that was given. */
    String target() {
        if (targets().size() != 1) {
            throw usage("give --target once");
        }
        return targets.get(0);
    }

    /** A channel to the only target. It connects with the first call; the caller shuts it down. */
    ManagedChannel channel() throws UserError {
        return channel(target());
    }

    /** A channel to one of the targets. It connects with the first call; the caller shuts it down. */
    ManagedChannel channel(String target) throws UserError {
        NettyChannelBuilder builder = builder(target);
        try {
            if (authorities != null) {
                builder.sslContext(sslContext());
            } else if (certificate != null || key != null) {
                throw usage("--tls-cert and --tls-key need --tls-ca, which turns TLS on");
            } else {
                builder.usePlaintext();
            }
            if (tokenFile != null) {
                builder.intercept(showing(AccessToken.read(tokenFile)));
            }
        } catch (UnusableFileException e) {
            throw new UserError(e.getMessage());
        }
        return builder.build();
    }

    private NettyChannelBuilder builder(String target) {
        String host = target;
        int port = DEFAULT_PORT;
        int colon = target.lastIndexOf(':');
        boolean isBareIpv6 = target.indexOf(':') != colon && !target.startsWith("[");
        if (colon > target.lastIndexOf(']') && !isBareIpv6) {
            host = target.substring(0, colon);
            port = port(target, target.substring(colon + 1));
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty() || host.contains("/")) {
            throw wrong(target);
        }
        try {
            return NettyChannelBuilder.forAddress(host, port);
        } catch (IllegalArgumentException e) {
            throw wrong(target);
        }
    }

    private int port(String target, String text) {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= MAX_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw wrong(target);
        }
        throw wrong(target);
    }

    private SslContext sslContext() throws UnusableFileException {
        if ((certificate == null) != (key == null)) {
            throw usage("--tls-cert and --tls-key go together: give both");
        }
        SslContextBuilder builder = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2").trustManager(Pem.certificates(authorities));
        if (certificate != null) {
            X509Certificate[] chain = Pem.certificates(certificate);
            builder.keyManager(Pem.privateKey(key, chain[0]), chain);
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalStateException("Java cannot use these files for TLS", e);
        }
    }

    private static ClientInterceptor showing(String token) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), AccessToken.toHeader(token));
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    private ParameterException wrong(String target) {
        return usage("invalid value '" + target + "' for --target: give HOST:PORT, such as 127.0.0.1:" + DEFAULT_PORT);
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
