package cli.options;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What keeps a file that the user named from being written, told so that the user can mend it. */
public final class FileProblem {

    private FileProblem() {
    }

    /**
     * Opens a file to write and closes it again; one that is not there is made, one that is there stays as it is.
     *
     * @throws UserError when it cannot be written
     */
    public static void requireWritable(Path file) throws UserError {
        try {
            Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
        } catch (IOException e) {
            throw of(file, e);
        }
    }

    /** The error in a line: what the JDK's exceptions tell by their names alone, in words. */
    public static UserError of(Path file, IOException failure) {
        return new UserError("'" + file + "' cannot be written: " + reason(failure));
    }

    private static String reason(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "its folder is not there";
        }
        if (failure instanceof AccessDeniedException) {
            return "this user may not write there";
        }
        String reason = failure instanceof FileSystemException system ? system.getReason() : null;
        return reason != null ? reason : failure.getMessage();
    }
}
