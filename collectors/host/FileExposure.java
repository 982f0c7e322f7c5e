package collectors.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Who else may use a file with a secret in it. */
public final class FileExposure {

    private FileExposure() {
    }

    /**
     * What every user of this machine can do with the file: "read", "changed", "read and changed", or empty. A file that
     * is gone, or a system without such permissions, exposes nothing.
     */
    public static String of(Path file) {
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
