package server.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.logging.Logger;

/** A file that only its owner should read and write. Warns when others may, once each time that this begins. */
final class SecretFile {

    private static final Logger LOG = Logger.getLogger(SecretFile.class.getName());

    private final Path file;
    private String exposure = "";

    SecretFile(Path file) {
        this.file = file;
    }

    /** Looks at the permissions; those of a file that is gone, or of a system without such, expose nothing. */
    void check() {
        String now = exposure();
        if (!now.equals(exposure)) {
            exposure = now;
            if (!now.isEmpty()) {
                LOG.warning(file + " can be " + now + " by every user of this machine: chmod 600 " + file);
            }
        }
    }

    private String exposure() {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return "";
        }
        try {
            Set<PosixFilePermission> permissions = view.readAttributes().permissions();
            boolean canRead = permissions.contains(PosixFilePermission.OTHERS_READ);
            boolean canWrite = permissions.contains(PosixFilePermission.OTHERS_WRITE);
            return canRead && canWrite ? "read and changed" : canRead ? "read" : canWrite ? "changed" : "";
        } catch (IOException e) {
            return ""; // whoever reads the file says what is wrong
        }
    }
}
