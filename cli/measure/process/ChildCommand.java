package cli.measure.process;

import collectors.host.OperatingSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A command that runs in our place, with our streams. */
public final class ChildCommand {

    /** The exit codes of shells. */
    private static final int NOT_FOUND = 127;
    private static final int NOT_EXECUTABLE = 126;
    /** A message that ends with {@code error=2, No such file} or, since JDK 23, {@code error: 2 (No such file)}. */
    private static final Pattern SYSTEM_ERROR =
            Pattern.compile("(?s).*error(?:=|: )(?<number>\\d+)(?:, | \\()(?<words>[^()]+)\\)?\\s*");
    private static final String EACCES = "13";

    private final List<String> command;
    private final Leftovers leftovers = new Leftovers(Path.of("/proc"),
            ProcessHandle.current().pid() + "-" + System.nanoTime());
    private Process process;

    public ChildCommand(List<String> command) {
        this.command = List.copyOf(command);
    }

    /** A command that cannot be run, in one line. */
    public static final class NotStartedException extends Exception {

        private static final long serialVersionUID = 1;

        private final int exitCode;

        NotStartedException(String command, IOException cause) {
            super("cannot run '" + command + "': " + reason(cause), cause);
            this.exitCode = ChildCommand.exitCode(cause);
        }

        /** That of a shell in the same case. */
        public int exitCode() {
            return exitCode;
        }
    }

    /**
     * Looks whether it can be run, without running it. On Windows nothing is told: there a name has many endings.
     *
     * @throws NotStartedException when it cannot
     */
    public void requireRunnable() throws NotStartedException {
        try {
            if (OperatingSystem.current() != OperatingSystem.WINDOWS) {
                ProgramSearch.requireRunnable(command.get(0), System.getenv("PATH"));
            }
        } catch (IOException e) {
            throw new NotStartedException(command.get(0), e);
        }
    }

    public synchronized void start() throws NotStartedException {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            leftovers.mark(builder.environment());
            process = builder.start();
        } catch (IOException e) {
            throw new NotStartedException(command.get(0), e);
        }
    }

    /** Waits for its end; gives its exit code, or 128 and the number of the signal that ended it. */
    public int awaitEnd() throws InterruptedException {
        return process.waitFor();
    }

    /** What it has started and still runs, for people; empty when nothing does, and where the system does not tell. */
    public List<String> leftovers() {
        return leftovers.find();
    }

    synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Sends it a signal, such as {@code TERM}. */
    synchronized void send(String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).inheritIO().start();
        } catch (IOException e) {
            process.destroy();
        }
    }

    /** Why the command could not be started, in the system's own words; the JDK wraps them in others. */
    static String reason(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        Matcher matcher = SYSTEM_ERROR.matcher(message);
        return matcher.matches() ? matcher.group("words") : message;
    }

    /** The exit code of a shell for a command that could not be started for that reason. */
    static int exitCode(IOException failure) {
        Matcher matcher = SYSTEM_ERROR.matcher(String.valueOf(failure.getMessage()));
        return matcher.matches() && matcher.group("number").equals(EACCES) ? NOT_EXECUTABLE : NOT_FOUND;
    }
}
