package cli.measure.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds what a command has started and left behind when it ended. An orphan has no parent that leads to the command, but
 * keeps its environment: in Linux's /proc/PID/environ, of this user's processes, stands the mark that the command got.
 */
final class Leftovers {

    private static final String VARIABLE = "ENERGY_MONITOR_RUN";

    private final Path procfs;
    private final String mark;

    /** What carries a mark of its own, such as the moment at which it was started. */
    Leftovers(Path procfs, String mark) {
        this.procfs = procfs;
        this.mark = mark;
    }

    /** Marks what is started in that environment. */
    void mark(Map<String, String> environment) {
        environment.put(VARIABLE, mark);
    }

    /** Those that run now, such as {@code sleep (1234)}; none where the system does not tell. */
    List<String> find() {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(procfs, "[0-9]*")) {
            for (Path process : processes) {
                if (isMarked(process)) {
                    found.add(name(process) + " (" + process.getFileName() + ")");
                }
            }
        } catch (IOException e) {
            return found;
        }
        found.sort(null);
        return found;
    }

    /** One that has ended meanwhile, or that is another user's, cannot be read. */
    private boolean isMarked(Path process) {
        try {
            String environment = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
            return ("\0" + environment).contains("\0" + VARIABLE + "=" + mark + "\0");
        } catch (IOException e) {
            return false;
        }
    }

    private static String name(Path process) {
        try {
            return Files.readString(process.resolve("comm"), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "a process";
        }
    }
}
