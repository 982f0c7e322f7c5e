package server.security;

import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Logger;

/**
 * The secret that every caller has to show, read from a file. Calls make it look at the file again, once a second at
 * most; while the file holds no token, nobody is let in.
 */
public final class AccessToken {

    private static final Logger LOG = Logger.getLogger(AccessToken.class.getName());
    private static final String SCHEME = "Bearer ";
    private static final long LOOK_PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path file;
    private final LongSupplier clock;
    private final SecretFile secret;
    private final RefusalLog refusals;
    private Stamp stamp;
    private byte[] token;
    private long lookedNanos;

    /**
     * Takes the token from a file.
     *
     * @throws UnusableFileException when the file holds none
     */
    public AccessToken(Path file) throws UnusableFileException {
        this(file, System::nanoTime);
    }

    /** The same by another clock, in nanoseconds that only go forward. */
    AccessToken(Path file, LongSupplier clock) throws UnusableFileException {
        this.file = file;
        this.clock = clock;
        secret = new SecretFile(file);
        refusals = new RefusalLog(clock);
        stamp = Stamp.of(file);
        lookedNanos = clock.getAsLong();
        token = bytes(read(file));
        secret.check();
    }

    /**
     * The token in a file: its only line.
     *
     * @throws UnusableFileException when it holds none
     */
    public static String read(Path file) throws UnusableFileException {
        String token = FileText.read(file).strip();
        if (token.isEmpty()) {
            throw new UnusableFileException(file + " is empty: write a token into it, such as one "
                    + "from 'openssl rand -hex 32'");
        }
        if (!token.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new UnusableFileException(file + " holds more than a token: write one line of ASCII without "
                    + "blanks");
        }
        return token;
    }

    /** The token of an {@code Authorization} header's value; null when that is none or of another kind. */
    public static String ofHeader(String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? authorization.substring(SCHEME.length()).strip() : null;
    }

    /** What a caller sends as the value of {@code Authorization}. */
    public static String toHeader(String token) {
        return SCHEME + token;
    }

    /**
     * Whether a caller may come in.
     *
     * @param shown the token that it shows; null when it shows none
     * @param peer  the caller's address, for the log
     */
    public synchronized boolean isGranted(String shown, SocketAddress peer) {
        long now = clock.getAsLong();
        if (now - lookedNanos >= LOOK_PERIOD_NANOS) {
            lookedNanos = now;
            look();
        }
        // Takes the same time however much of it is right.
        if (shown != null && token != null && MessageDigest.isEqual(token, bytes(shown))) {
            return true;
        }
        refusals.refused(peer, shown == null ? "it shows no access token; clients send it as "
                + "'authorization: Bearer TOKEN'" : "it shows a wrong access token; the right one is in " + file);
        return false;
    }

    private void look() {
        secret.check();
        Stamp now = Stamp.of(file);
        if (now.equals(stamp)) {
            return;
        }
        stamp = now;
        try {
            token = bytes(read(file));
            LOG.info("Took over the new access token in " + file);
        } catch (UnusableFileException e) {
            token = null;
            LOG.warning("All calls are refused until there is an access token again: " + e.getMessage());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
