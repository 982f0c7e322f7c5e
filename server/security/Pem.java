package server.security;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
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
import java.util.Base64;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads certificates and private keys from PEM files (RFC 7468). */
public final class Pem {

    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----",
            Pattern.DOTALL);
    /** The algorithms of keys that the JDK's TLS takes, and how each signs. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    private Pem() {
    }

    /** The certificates of a file, in its order; there is at least one. */
    public static X509Certificate[] certificates(Path file) throws UnusableFileException {
        String blocks = BLOCK.matcher(FileText.read(file)).results()
                .filter(block -> block.group(1).equals("CERTIFICATE"))
                .map(MatchResult::group).collect(Collectors.joining("\n"));
        if (blocks.isEmpty()) {
            throw new UnusableFileException(file + " holds no certificate: give a PEM file, with the line "
                    + "-----BEGIN CERTIFICATE-----");
        }
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(blocks.getBytes(StandardCharsets.US_ASCII)))
                    .toArray(X509Certificate[]::new);
        } catch (CertificateException e) {
            throw new UnusableFileException(file + " holds a certificate that cannot be read: is it complete?");
        }
    }

    /** The private key of a file; signing with it shows that it is the certificate's. */
    public static PrivateKey privateKey(Path file, X509Certificate certificate) throws UnusableFileException {
        String algorithm = certificate.getPublicKey().getAlgorithm();
        if (!SIGNATURES.containsKey(algorithm)) {
            throw new UnusableFileException("the certificate's keys are of kind " + algorithm
                    + ", which is not supported here: use RSA, EC or Ed25519");
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
                    return Base64.getMimeDecoder().decode(block.group(2));
                } catch (IllegalArgumentException e) {
                    throw new UnusableFileException(file + " holds a key that cannot be read: is it complete?");
                }
            }
            if (kind.endsWith("PRIVATE KEY")) {
                throw new UnusableFileException(file + " holds its key as " + kind + ", which is not supported here: "
                        + "convert it with 'openssl pkey -in " + file + " -out NEW', without a passphrase");
            }
        }
        throw new UnusableFileException(file + " holds no private key: give a PEM file, with the line "
                + "-----BEGIN PRIVATE KEY-----");
    }
}
