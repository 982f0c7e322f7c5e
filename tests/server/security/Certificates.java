package server.security;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Certificates that the openssl command makes in a test's folder. */
public final class Certificates {

    private static final int DAYS = 2;
    private static final List<String> KEYS = new ArrayList<>();

    private final Path folder;
    private int authorities;

    /** Skips the test where the command is missing. */
    public Certificates(Path folder) {
        this.folder = folder;
        boolean works;
        try {
            works = run(List.of("openssl", "version")) == 0;
        } catch (IOException e) {
            works = false;
        }
        assumeTrue(works, "openssl is missing: it makes the certificates of this test");
    }

    /** An authority of its own. Each of a test has another key; those of all tests are the same. */
    public Pair authority(String name) throws IOException {
        Pair made = pair(name);
        Files.createFile(made.key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(made.key, key(authorities++));
        openssl("req", "-x509", "-new", "-key", made.key, "-out", made.certificate, "-days", DAYS, "-subj",
                "/CN=" + name);
        return made;
    }

    /** To draw one takes half a second. */
    private String key(int index) throws IOException {
        synchronized (KEYS) {
            while (KEYS.size() <= index) {
                Path drawn = folder.resolve("drawn.key");
                openssl("genrsa", "-out", drawn, 2048);
                KEYS.add(Files.readString(drawn));
                Files.delete(drawn);
            }
            return KEYS.get(index);
        }
    }

    /** For 127.0.0.1 and localhost, from an authority. */
    public Pair issue(String name, Pair authority) throws IOException {
        return issue(name, authority, DAYS);
    }

    /** As {@link #issue}, but it was good until yesterday. */
    public Pair expired(String name, Pair authority) throws IOException {
        return issue(name, authority, -1);
    }

    private Pair issue(String name, Pair authority, int days) throws IOException {
        Pair made = pair(name);
        Path request = folder.resolve(name + ".csr");
        Path extensions = folder.resolve(name + ".ext");
        Files.writeString(extensions, "subjectAltName=IP:127.0.0.1,DNS:localhost\nbasicConstraints=CA:FALSE\n");
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", made.key, "-out", request, "-subj", "/CN=" + name);
        openssl("x509", "-req", "-in", request, "-CA", authority.certificate, "-CAkey", authority.key,
                "-CAcreateserial", "-days", days, "-extfile", extensions, "-out", made.certificate);
        return made;
    }

    /** Runs {@code openssl}, which must succeed. */
    public void openssl(Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        if (run(command) != 0) {
            throw new IOException("failed: " + String.join(" ", command));
        }
    }

    private static int run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private Pair pair(String name) {
        return new Pair(folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
    }

    /** A certificate and its private key, in PEM files. */
    public record Pair(Path certificate, Path key) {
    }
}
