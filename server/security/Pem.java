package server.security;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and private keys from PEM files (RFC 7468). */
public final class Pem {

    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----",
            Pattern.DOTALL);
    /** How keys of an algorithm sign; these are the algorithms that the JDK's TLS takes. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    private Pem() {
    }

    /** The certificates of a file, in its order; there is at least one. */
    public static X509Certificate[] certificates(Path file) throws UnusableFileException {
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher block = BLOCK.matcher(FileText.read(file));
        while (block.find()) {
            if (!block.group(1).equals("CERTIFICATE")) {
                continue;
            }
            try {
                certificates.add((X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(decode(block.group(2)))));
            } catch (CertificateException | IllegalArgumentException e) {
                throw new UnusableFileException(file + " holds a certificate that cannot be read: is it complete?");
            }
        }
        if (certificates.isEmpty()) {
            throw new UnusableFileException(file + " holds no certificate: give a PEM file, with the line "
                    + "-----BEGIN CERTIFICATE-----");
        }
        return certificates.toArray(X509Certificate[]::new);
    }

    /** The private key of a file, which has to be the one that belongs to a certificate; that is tried. */
    public static PrivateKey privateKey(Path file, X509Certificate certificate) throws UnusableFileException {
        String algorithm = certificate.getPublicKey().getAlgorithm();
        if (!SIGNATURES.containsKey(algorithm)) {
            throw new UnusableFileException("the certificate's keys are of kind " + algorithm
                    + ", which is not supported here: take RSA, EC or Ed25519");
        }
        byte[] encoded = encodedKey(file);
        try {
            PrivateKey key = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            if (fits(key, certificate.getPublicKey())) {
                return key;
            }
        } catch (GeneralSecurityException e) { // a key of another algorithm, or of another length
            throw doesNotFit(file);
        }
        throw doesNotFit(file);
    }

    private static boolean fits(PrivateKey key, PublicKey counterpart) throws GeneralSecurityException {
        byte[] trial = {1, 2, 3, 4};
        Signature signing = Signature.getInstance(SIGNATURES.get(counterpart.getAlgorithm()));
        signing.initSign(key);
        signing.update(trial);
        byte[] signature = signing.sign();
        signing.initVerify(counterpart);
        signing.update(trial);
        return signing.verify(signature);
    }

    private static UnusableFileException doesNotFit(Path file) {
        return new UnusableFileException("the key in " + file + " does not fit the certificate: "
                + "give the two that were made together");
    }

    private static byte[] encodedKey(Path file) throws UnusableFileException {
        Matcher block = BLOCK.matcher(FileText.read(file));
        while (block.find()) {
            String kind = block.group(1);
            if (kind.equals("PRIVATE KEY")) {
                try {
                    return decode(block.group(2));
                } catch (IllegalArgumentException e) {
                    throw new UnusableFileException(file + " holds a key that cannot be read: is it complete?");
                }
            }
            if (kind.endsWith("PRIVATE KEY")) {
                throw new UnusableFileException(file + " holds its key as " + kind + ", which is not read here: "
                        + "'openssl pkey -in " + file + " -out NEW' makes one that is, without a passphrase");
            }
        }
        throw new UnusableFileException(file + " holds no private key: give a PEM file, with the line "
                + "-----BEGIN PRIVATE KEY-----");
    }

    private static byte[] decode(String base64) {
        return Base64.getMimeDecoder().decode(base64);
    }
}
