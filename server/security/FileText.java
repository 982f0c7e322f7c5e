package server.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;

/** A small text file that somebody gave, and whether it has changed since it was read. */
final class FileText {

    private FileText() {
    }

    /** The whole text; bytes beyond ASCII come as some characters. */
    static String read(Path file) throws UnusableFileException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new UnusableFileException(file + " does not exist");
        } catch (AccessDeniedException e) {
            throw new UnusableFileException(file + " may not be read by this user");
        } catch (IOException e) {
            throw new UnusableFileException(file + " cannot be read: is it a file?");
        }
    }

    /** Equals an earlier one as long as the file was neither written nor replaced, nor is what a link leads to. */
    static Object stamp(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return List.of(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey()), Files.isReadable(file));
        } catch (IOException e) {
            return e.getClass();
        }
    }

    /** Whether every user of this machine may read it; where the system knows no such permission, it is not said. */
    static boolean isReadableByAll(Path file) throws UnusableFileException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        try {
            return view != null && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException e) {
            throw new UnusableFileException(file + " cannot be looked at: " + e.getMessage());
        }
    }
}
