package cli.record;

import cli.options.StderrTerminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A line on stderr that says how far a recording has come; on a terminal it is updated in place. */
final class Progress {

    private static final double MEGABYTE = 1e6;

    private final PrintWriter err;
    private final Path file;
    private final boolean terminal = StderrTerminal.isPresent();
    private final long beginNanos = System.nanoTime();

    Progress(PrintWriter err, Path file) {
        this.err = err;
        this.file = file;
    }

    /**
     * Shows the line; without a terminal, only the last time.
     *
     * @param more whether it will be shown again
     */
    void show(long readings, boolean more) throws IOException {
        if (more && !terminal) {
            return;
        }
        String line = String.format(Locale.ROOT, "%s: %d %s in %.0f s, %s", file, readings,
                readings == 1 ? "reading" : "readings",
                (System.nanoTime() - beginNanos) / 1e9, size(Files.size(file)));
        err.print(terminal ? "\r" + line : line);
        err.print(more ? "" : System.lineSeparator());
        err.flush();
    }

    private static String size(long bytes) {
        return bytes < MEGABYTE ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
                : String.format(Locale.ROOT, "%.1f MB", bytes / MEGABYTE);
    }
}
