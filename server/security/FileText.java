package server.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a small text file that somebody gave. */
final class FileText {

    private FileText() {
    }

    /** The whole text; each byte beyond ASCII comes as some character. */
    static String read(Path file) throws UnusableFileException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new UnusableFileException(file + " does not exist");
        } catch (AccessDeniedException e) {
            throw new UnusableFileException(file + " cannot be read by this user");
        } catch (IOException e) {
            throw new UnusableFileException(file + " cannot be read: is it a file?");
        }
    }
}
