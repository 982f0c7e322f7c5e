package collectors.meters;

import collectors.host.FileExposure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;

/**
 * A user and a password from a file with {@code user:password} that no other user can read.
 *
 * @param file where they were read
 */
record Credentials(Path file, String user, String password) {

    private static final int MAX_BYTES = 4096;

    /**
     * Reads the file.
     *
     * @throws IllegalArgumentException with what to do
     */
    static Credentials read(Path file) {
        String exposure = FileExposure.of(file);
        if (!exposure.isEmpty()) {
            throw new IllegalArgumentException(file + " can be " + exposure + " by every user of this machine: chmod 600 "
                    + file);
        }
        String line;
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException(file + " is too large: it should have one line, USER:PASSWORD");
            }
            line = Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(file + " does not exist: write USER:PASSWORD into it");
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read by this user");
        }
        int colon = line.indexOf(':');
        if (colon < 1 || line.lines().count() != 1) {
            throw new IllegalArgumentException(file + " should have one line, USER:PASSWORD");
        }
        return new Credentials(file, line.substring(0, colon), line.substring(colon + 1));
    }

    /** The header of RFC 7617. */
    String basic() {
        return "Basic " + Base64.getEncoder().encodeToString(
                (user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "credentials of " + file;
    }
}
