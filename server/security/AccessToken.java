package server.security;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Logger;

/**
 * The secret that every caller has to show, as it stands in a file. The file is looked at again with the calls, once a
 * second at most; while it holds no token, nobody is let in. Refusals are logged, once a minute at most.
 */
public final class AccessToken {

    private static final Logger LOG = Logger.getLogger(AccessToken.class.getName());
    private static final String SCHEME = "Bearer ";
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOG_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Path file;
    private final LongSupplier clock;
    private Object stamp;
    private byte[] token;
    private long lookedNanos;
    private long refusals;
    private boolean hasLogged;
    private long loggedNanos;

    /**
     * Takes the token from a file.
     *
     * @throws UnusableFileException when the file holds none
     */
    public AccessToken(Path file) throws UnusableFileException {
        this(file, System::nanoTime);
    }

    /**
     * As the other one.
     *
     * @param clock nanoseconds that only go forward
     */
    AccessToken(Path file, LongSupplier clock) throws UnusableFileException {
        this.file = file;
        this.clock = clock;
        stamp = FileText.stamp(file);
        lookedNanos = clock.getAsLong();
        token = bytes(read(file));
        if (FileText.isReadableByAll(file)) {
            LOG.warning(file + " can be read by every user of this machine: chmod 600 " + file);
        }
    }

    /**
     * The token in a file: its only line.
     *
     * @throws UnusableFileException when it holds none
     */
    public static String read(Path file) throws UnusableFileException {
        String token = FileText.read(file).strip();
        if (token.isEmpty()) {
            throw new UnusableFileException(file + " is empty: write a token into it, such as "
                    + "'openssl rand -hex 32' makes");
        }
        if (!token.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new UnusableFileException(file + " holds more than a token: one line of ASCII without blanks is "
                    + "wanted");
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

    /** Whether a caller that shows this token may come in; one without any shows null. */
    public synchronized boolean isGranted(String shown) {
        long now = clock.getAsLong();
        if (now - lookedNanos >= LOOK_NANOS) {
            lookedNanos = now;
            look();
        }
        // The time that this takes tells nothing of how much was right.
        if (shown != null && token != null && MessageDigest.isEqual(token, bytes(shown))) {
            return true;
        }
        refusals++;
        if (!hasLogged || now - loggedNanos >= LOG_NANOS) {
            LOG.warning("Refused " + (refusals == 1 ? "a call" : refusals + " calls")
                    + (hasLogged ? " since the last such line" : "") + " without the right access token");
            hasLogged = true;
            loggedNanos = now;
            refusals = 0;
        }
        return false;
    }

    private void look() {
        Object now = FileText.stamp(file);
        if (now.equals(stamp)) {
            return;
        }
        stamp = now;
        try {
            token = bytes(read(file));
            LOG.info("Took over the new access token in " + file);
        } catch (UnusableFileException e) {
            token = null;
            LOG.warning("Nobody is let in until there is an access token again: " + e.getMessage());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
