package cli.options;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Failures of files in words: the JDK's exceptions often say what is wrong by their class names alone. */
public final class FileProblem {

    private FileProblem() {
    }

    /**
     * Opens a file for writing and closes it again. A missing one is created, an existing one stays as it is.
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

    /**
     * Looks whether a file can be written, without creating it.
     *
     * @throws UserError when it plainly cannot
     */
    public static void requireWritableFolder(Path file) throws UserError {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file)) {
            throw of(file, new IOException("it is a folder"));
        }
        if (Files.exists(file)) {
            if (!Files.isWritable(file)) {
                throw of(file, new AccessDeniedException(file.toString()));
            }
        } else if (folder != null && !Files.isDirectory(folder)) {
            throw of(file, Files.exists(folder) ? new IOException(folder + " is no folder")
                    : new NoSuchFileException(file.toString()));
        } else if (folder != null && !Files.isWritable(folder)) {
            throw of(file, new AccessDeniedException(file.toString()));
        }
    }

    /** Why that file could not be written, in one line. */
    public static UserError of(Path file, IOException failure) {
        return new UserError("'" + file + "' cannot be written: " + (failure instanceof NoSuchFileException
                ? "its folder does not exist" : reason(failure)));
    }

    /** Why any file operation failed, naming the file where the failure does, in one line. */
    public static String describe(IOException failure) {
        String file = failure instanceof FileSystemException system ? system.getFile() : null;
        return (file == null ? "" : file + ": ") + reason(failure);
    }

    private static String reason(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (failure instanceof AccessDeniedException) {
            return "this user has no permission";
        }
        String reason = failure instanceof FileSystemException system ? system.getReason() : failure.getMessage();
        return reason != null ? reason : failure.getClass().getSimpleName();
    }
}
