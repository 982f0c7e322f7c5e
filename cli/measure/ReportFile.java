package cli.measure;

import cli.options.FileProblem;
import cli.options.UserError;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The file that the report goes to. It is whole at any time: a report is written beside it and takes its place. A pipe
 * or a device is written to as it is, once.
 */
final class ReportFile {

    private final Path target;
    private final boolean replaceable;

    /**
     * Tries whether the file can be written; what the command cost would be lost if that turned out only afterwards.
     *
     * @throws UserError when it cannot
     */
    ReportFile(Path file) throws UserError {
        boolean exists = Files.exists(file);
        boolean special = exists && !Files.isRegularFile(file) && !Files.isDirectory(file);
        target = exists && !special ? real(file) : file;
        replaceable = !special && !Files.isDirectory(file) && canReplace();
        if (exists && !special || !special && !replaceable) { // who reads from a pipe would take a trial for the end
            FileProblem.requireWritable(file);
        }
    }

    /** Whether a report may be written again and again, each in the place of the one before. */
    boolean isReplaceable() {
        return replaceable;
    }

    void write(String report) throws UserError {
        try {
            if (!replaceable) {
                put(target, report);
                return;
            }
            put(beside(), report);
            try {
                Files.move(beside(), target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(beside(), target, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw FileProblem.of(target, e);
        }
    }

    /** A file may be writable in a folder that is not. */
    private boolean canReplace() {
        try {
            put(beside(), "");
            Files.delete(beside());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Not by Files: its channels are closed when a signal interrupts the thread. */
    private static void put(Path file, String text) throws IOException {
        try (FileOutputStream out = new FileOutputStream(file.toFile())) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private Path beside() {
        return target.toAbsolutePath().resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
    }

    /** A link stays one: what it leads to is replaced. */
    private static Path real(Path file) throws UserError {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            throw FileProblem.of(file, e);
        }
    }
}
