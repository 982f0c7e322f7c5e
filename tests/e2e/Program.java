package e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real process under test, with all that it prints. Closing it ends it, and what it started. */
public final class Program implements AutoCloseable {

    /** Long enough for a build by JBang on a busy machine. */
    private static final long LIMIT_SECONDS = 180;
    private static final long HELP_SECONDS = 10;
    private static final Pattern SERVING = Pattern.compile("Serving on \\S+:(\\d+)");
    private static final Pattern PAGE = Pattern.compile("Serving the page on (\\S+)");

    private final String command;
    private final Process process;
    private final Lines out;
    private final Lines err;

    private Program(String command, Process process) {
        this.command = command;
        this.process = process;
        this.out = new Lines(process.getInputStream());
        this.err = new Lines(process.getErrorStream());
    }

    /**
     * Starts a command with nothing on its standard input.
     *
     * @param environment variables set beside those of the tests; an empty one is removed
     */
    public static Program start(Path folder, Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS"); // Java would say so on stderr
        builder.environment().putAll(environment);
        builder.environment().values().removeIf(String::isEmpty);
        Process process = builder.start();
        process.getOutputStream().close();
        return new Program(String.join(" ", command), process);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * The processes that this one has started and that stay: some help for a moment only, such as the ldconfig that JNA
     * starts.
     */
    List<ProcessHandle> descendants() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(HELP_SECONDS);
        List<ProcessHandle> left = process.descendants().toList();
        while (!left.isEmpty() && System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(5);
            left = process.descendants().toList();
        }
        return left;
    }

    /** The port that the monitor says it serves on, as soon as it says so. */
    int port() throws InterruptedException {
        return Integer.parseInt(awaitErr(SERVING).group(1));
    }

    /** The address of the page that the monitor says it serves, as soon as it says so. */
    String pageUrl() throws InterruptedException {
        return awaitErr(PAGE).group(1);
    }

    /** Waits for a line on stderr in which the pattern is found. */
    public Matcher awaitErr(Pattern pattern) throws InterruptedException {
        return await(err, pattern);
    }

    /** Waits for a line on stdout in which the pattern is found. */
    public Matcher awaitOut(Pattern pattern) throws InterruptedException {
        return await(out, pattern);
    }

    /** Waits for the end. */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw failure("still runs after " + LIMIT_SECONDS + " s");
        }
        out.awaitEnd();
        err.awaitEnd();
        return process.exitValue();
    }

    /** The lines printed on stdout so far. */
    public List<String> out() {
        return out.copy();
    }

    /** The lines printed on stderr so far. */
    public List<String> err() {
        return err.copy();
    }

    /** Sends a signal such as {@code TERM}. */
    public void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, String.valueOf(pid())).start().waitFor();
        if (code != 0) {
            throw failure("cannot be sent SIG" + name);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public String toString() {
        return command + "\nstdout: " + String.join("\n", out()) + "\nstderr: " + String.join("\n", err());
    }

    private Matcher await(Lines lines, Pattern pattern) throws InterruptedException {
        Matcher found = lines.await(pattern, TimeUnit.SECONDS.toNanos(LIMIT_SECONDS));
        if (found == null) {
            throw failure("never printed " + pattern);
        }
        return found;
    }

    private AssertionError failure(String what) {
        return new AssertionError(what + ": " + this);
    }

    /** Collects what comes out of a stream, line by line. */
    private static final class Lines {

        private final List<String> lines = new ArrayList<>();
        private final Thread reader;
        private boolean ended;

        Lines(InputStream stream) {
            reader = new Thread(() -> read(stream), "program-output");
            reader.setDaemon(true);
            reader.start();
        }

        synchronized List<String> copy() {
            return List.copyOf(lines);
        }

        synchronized Matcher await(Pattern pattern, long limitNanos) throws InterruptedException {
            long end = System.nanoTime() + limitNanos;
            for (int seen = 0; ; seen++) {
                while (seen == lines.size()) {
                    long leftMillis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                    if (ended || leftMillis <= 0) {
                        return null;
                    }
                    wait(leftMillis);
                }
                Matcher matcher = pattern.matcher(lines.get(seen));
                if (matcher.find()) {
                    return matcher;
                }
            }
        }

        /** A process that was left behind may hold the stream open: the end is not waited for long. */
        void awaitEnd() throws InterruptedException {
            reader.join(TimeUnit.SECONDS.toMillis(2));
        }

        private void read(InputStream stream) {
            try (var in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    add(line);
                }
            } catch (IOException e) {
                add("(unreadable: " + e + ")");
            }
            end();
        }

        private synchronized void add(String line) {
            lines.add(line);
            notifyAll();
        }

        private synchronized void end() {
            ended = true;
            notifyAll();
        }
    }
}
