package server.security;

import java.nio.file.Path;
import java.util.List;

/**
 * Who may see a server's readings; what is null is not required.
 *
 * @param certificate        the server's own, a PEM file; null for no encryption
 * @param key                its private key, a PEM file
 * @param clientAuthorities  whose certificates a client has to show, a PEM file
 * @param tokenFile          a file with the token that every call has to show
 * @param healthWithoutToken whether those who only ask for the health need no token
 * @param allowedHosts       names under which a proxy or a cluster's service makes the HTTP port known
 */
public record Security(Path certificate, Path key, Path clientAuthorities, Path tokenFile, boolean healthWithoutToken,
                       List<String> allowedHosts) {

    /** Nothing is encrypted, and everybody may ask. */
    public static final Security NONE = new Security(null, null, null, null);

    /** Without exceptions. */
    public Security(Path certificate, Path key, Path clientAuthorities, Path tokenFile) {
        this(certificate, key, clientAuthorities, tokenFile, false, List.of());
    }

    /** The encryption, or null. */
    public TlsFiles openTls() throws UnusableFileException {
        return certificate == null ? null : new TlsFiles(certificate, key, clientAuthorities);
    }

    /** The token, or null. */
    public AccessToken openToken() throws UnusableFileException {
        return tokenFile == null ? null : new AccessToken(tokenFile);
    }
}
