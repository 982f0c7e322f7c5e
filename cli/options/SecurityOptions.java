package cli.options;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import server.security.Security;

/** Who may see what a server measures; to be mixed into the command that serves. */
public final class SecurityOptions {

    @Option(names = "--tls-cert", paramLabel = "FILE",
            description = "Encrypt with TLS: the server's certificate, PEM. This file and the others below are read "
                    + "again when they change")
    private Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "The private key of --tls-cert, PEM")
    private Path key;

    @Option(names = "--tls-client-ca", paramLabel = "FILE",
            description = "Let in only clients that show a certificate from an authority in this file, PEM")
    private Path clientAuthorities;

    @Option(names = "--auth-token-file", paramLabel = "FILE",
            description = "Let in only clients that show the token in this file")
    private Path tokenFile;

    @Option(names = "--health-without-token",
            description = "Let everybody ask for the health, as the probes of a cluster do: gRPC's health service and "
                    + "/health need no token")
    private boolean healthWithoutToken;

    @Option(names = "--allowed-host", paramLabel = "NAME",
            description = "A name under which a proxy or a cluster makes --http-port known; may be given several times")
    private List<String> allowedHosts = List.of();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /**
     * What was asked for; a {@link ParameterException} tells what is missing.
     *
     * @param overHttp whether anything is served over HTTP, where hosts are named
     */
    public Security settings(boolean overHttp) {
        if (!allowedHosts.isEmpty() && !overHttp) {
            throw missing("--allowed-host", "--http-port");
        }
        if (certificate != null && key == null) {
            throw missing("--tls-cert", "--tls-key");
        }
        if (key != null && certificate == null) {
            throw missing("--tls-key", "--tls-cert");
        }
        if (clientAuthorities != null && certificate == null) {
            throw missing("--tls-client-ca", "--tls-cert and --tls-key");
        }
        if (healthWithoutToken && tokenFile == null) {
            throw missing("--health-without-token", "--auth-token-file");
        }
        return new Security(certificate, key, clientAuthorities, tokenFile, healthWithoutToken, allowedHosts);
    }

    private ParameterException missing(String given, String other) {
        return new ParameterException(spec.commandLine(), given + " needs " + other + " too");
    }
}
