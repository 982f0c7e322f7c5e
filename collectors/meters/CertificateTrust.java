package collectors.meters;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts the authorities of a file, and the very certificates in it. Controllers come with a certificate that they have
 * signed themselves, mostly for another name: one that was looked at and put into the file is trusted for what it is.
 */
final class CertificateTrust extends X509ExtendedTrustManager {

    private final List<X509Certificate> known;
    private final X509ExtendedTrustManager authorities;

    private CertificateTrust(List<X509Certificate> known, X509ExtendedTrustManager authorities) {
        this.known = known;
        this.authorities = authorities;
    }

    /**
     * TLS that trusts what is in the file (PEM) and nothing else.
     *
     * @throws IllegalArgumentException with what to do
     */
    static SSLContext of(Path file) {
        List<X509Certificate> certificates = read(file);
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("ca-" + i, certificates.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new CertificateTrust(certificates,
                    (X509ExtendedTrustManager) factory.getTrustManagers()[0])}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(file + " cannot be used for TLS: " + e.getMessage());
        }
    }

    private static List<X509Certificate> read(Path file) {
        List<X509Certificate> certificates = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            CertificateFactory.getInstance("X.509").generateCertificates(in)
                    .forEach(certificate -> certificates.add((X509Certificate) certificate));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(file + " does not exist");
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read by this user");
        } catch (CertificateException e) {
            throw new IllegalArgumentException(file + " has no certificates in PEM");
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException(file + " has no certificates in PEM");
        }
        return certificates;
    }

    private boolean isKnown(X509Certificate[] chain) throws CertificateException {
        if (!known.contains(chain[0])) {
            return false;
        }
        chain[0].checkValidity();
        return true;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        if (!isKnown(chain)) {
            authorities.checkServerTrusted(chain, type, engine); // checks the name, too
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        if (!isKnown(chain)) {
            authorities.checkServerTrusted(chain, type, socket);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("without a connection there is no name to check");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("serves nobody");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.getAcceptedIssuers();
    }
}
