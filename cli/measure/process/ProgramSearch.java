package cli.measure.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Looks for a command as the system does when it starts one, so that a misspelled one is refused before anything is
 * measured. In doubt it finds nothing wrong: the system has the last word.
 */
final class ProgramSearch {

    /** Where the JDK looks without a PATH; an empty place is the current folder. */
    private static final String DEFAULT_PATH = ":/bin:/usr/bin";
    private static final String NOT_FOUND = "error=2, No such file or directory";
    private static final String NOT_EXECUTABLE = "error=13, Permission denied";

    private ProgramSearch() {
    }

    /**
     * Throws what starting the command would throw.
     *
     * @param path the environment's PATH; null when there is none
     * @throws IOException in the words of {@link ProcessBuilder#start}
     */
    static void requireRunnable(String command, String path) throws IOException {
        if (command.isEmpty()) {
            throw new IOException(NOT_FOUND);
        }
        boolean found = false;
        try {
            if (command.contains("/")) {
                found = Files.exists(Path.of(command));
                if (found && isRunnable(Path.of(command))) {
                    return;
                }
            } else {
                for (String folder : (path == null ? DEFAULT_PATH : path).split(File.pathSeparator, -1)) {
                    Path program = Path.of(folder, command);
                    if (isRunnable(program)) {
                        return;
                    }
                    found |= Files.exists(program);
                }
            }
        } catch (InvalidPathException e) {
            return;
        }
        throw new IOException(found ? NOT_EXECUTABLE : NOT_FOUND);
    }

    private static boolean isRunnable(Path program) {
        return Files.isExecutable(program) && !Files.isDirectory(program);
    }
}
