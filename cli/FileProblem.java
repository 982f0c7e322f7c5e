package cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What keeps a file that the user named from being written, told so that the user can mend it. */
final class FileProblem {

    private FileProblem() {
    }

    /** The error in a line: what the JDK's exceptions tell by their names alone, in words. */
    static UserError of(Path file, IOException failure) {
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
