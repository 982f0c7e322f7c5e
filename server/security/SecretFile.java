package server.security;

import collectors.host.FileExposure;
import java.nio.file.Path;
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
        String now = FileExposure.of(file);
        if (!now.equals(exposure)) {
            exposure = now;
            if (!now.isEmpty()) {
                LOG.warning(file + " can be " + now + " by every user of this machine: chmod 600 " + file);
            }
        }
    }
}
