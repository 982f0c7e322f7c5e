package server.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * A file's state: two stamps are equal as long as the file, or what a link leads to, was neither written nor replaced.
 *
 * @param lastModified null when there is no such file
 * @param size         in bytes
 * @param fileKey      the inode, where the system has such
 * @param isReadable   whether this user may read it
 */
record Stamp(FileTime lastModified, long size, Object fileKey, boolean isReadable) {

    private static final Stamp UNREACHABLE = new Stamp(null, 0, null, false);

    /** The state of a file now; those of files that cannot be reached are all equal. */
    static Stamp of(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(now.lastModifiedTime(), now.size(), now.fileKey(), Files.isReadable(file));
        } catch (IOException e) {
            return UNREACHABLE;
        }
    }
}
