package server.security;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Why a TLS handshake failed, with the remedy: in the words of the side that tells it. */
public final class TlsFailure {

    private TlsFailure() {
    }

    /** As the monitor's log says it: about a client. */
    static String ofServer(Throwable failure) {
        String message = text(failure);
        if (message.contains("empty client certificate")) {
            return "it shows no certificate from an authority in the file of --tls-client-ca; give the client one "
                    + "(energy-monitor's own commands: --tls-cert and --tls-key)"; // many show none rather than a wrong one
        }
        if (hasCause(failure, CertificateExpiredException.class)) {
            return "its certificate has expired; renew it";
        }
        if (hasCause(failure, CertPathBuilderException.class) || hasCause(failure, CertificateException.class)) {
            return "its certificate is from an authority that the file of --tls-client-ca does not have; give the "
                    + "client another one, or add its authority to the file";
        }
        if (message.contains("received fatal alert") && message.matches("(?s).*(certificate|unknown_ca).*")) {
            return "it does not trust this monitor's certificate; give the client the authority that issued it, and "
                    + "call the monitor by a name that the certificate has";
        }
        return "the TLS handshake failed: " + failure.getMessage();
    }

    /** As a client's command says it: about the monitor it asked. Null when the failure is none of TLS. */
    public static String ofClient(Throwable failure) {
        String message = text(failure);
        if (message.contains("inadequate_security")) {
            return "it requires TLS: give the authority of its certificate with --tls-ca";
        }
        if (message.contains("not an ssl/tls record") || message.contains("unsupported or unrecognized ssl message")) {
            return "it talks plaintext: leave --tls-ca out, or start the monitor with --tls-cert and --tls-key";
        }
        if (!hasCause(failure, SSLException.class) && !hasCause(failure, CertificateException.class)) {
            return null;
        }
        if (message.contains("received fatal alert") && message.matches("(?s).*(certificate|unknown_ca).*")) {
            return "it requires a certificate from an authority that it knows: give one with --tls-cert and --tls-key";
        }
        if (message.contains("no subject alternative") || message.contains("no name matching")) {
            return "its certificate does not have the name that --target calls it by: call it by a name that the "
                    + "certificate has, or have it issued for this one";
        }
        if (hasCause(failure, CertificateExpiredException.class)) {
            return "its certificate has expired: renew it there";
        }
        if (hasCause(failure, CertPathBuilderException.class)) {
            return "its certificate is from another authority than the one in --tls-ca: give the authority that "
                    + "issued it";
        }
        return "the TLS handshake failed: " + failure.getMessage();
    }

    private static String text(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            text.append(cause.getMessage()).append('\n');
        }
        return text.toString().toLowerCase(Locale.ROOT);
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
