package e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A terminal of tmux's, with a server of its own, in which a program runs. Closing it ends both. */
final class Tmux implements AutoCloseable {

    private static final String SESSION = "test";
    private static final int POLL_MILLIS = 50;
    private static final int MAX_POLLS = 600;

    private final Path socket;

    /**
     * Starts a command in a terminal; when it has ended, {@code ended with } and its exit code are shown. Aborts the
     * test as skipped where tmux is missing.
     *
     * @param environment variables set beside those of the tests; an empty one is removed
     */
    Tmux(Path folder, int width, int height, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        assumeTrue(isInstalled(), "tmux is missing");
        socket = folder.resolve("tmux");
        String line = command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        run(environment, "new-session", "-d", "-s", SESSION, "-x", String.valueOf(width), "-y", String.valueOf(height),
                "trap : INT; " + line + "; echo ended with $?; sleep 100");
    }

    /** Types keys, named as tmux names them. */
    void type(String... keys) throws IOException, InterruptedException {
        run(Map.of(), Stream.concat(Stream.of("send-keys", "-t", SESSION), Stream.of(keys)).toArray(String[]::new));
    }

    void resize(int width, int height) throws IOException, InterruptedException {
        run(Map.of(), "resize-window", "-t", SESSION, "-x", String.valueOf(width), "-y", String.valueOf(height));
    }

    /** Waits for a screen that is as wanted. */
    String await(Predicate<String> wanted) throws IOException, InterruptedException {
        String screen = "";
        for (int i = 0; i < MAX_POLLS; i++) {
            screen = run(Map.of(), "capture-pane", "-p", "-t", SESSION);
            if (wanted.test(screen)) {
                return screen;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        throw new AssertionError("the terminal shows\n" + screen);
    }

    /** The screen with the sequences that colour it. */
    String colouredScreen() throws IOException, InterruptedException {
        return run(Map.of(), "capture-pane", "-e", "-p", "-t", SESSION);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run(Map.of(), "kill-server");
    }

    /** The screen is read as UTF-8 whatever the locale. */
    private String run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of("tmux", "-u", "-S", socket.toString()),
                Stream.of(arguments)).toList()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.environment().values().removeIf(String::isEmpty);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            new ProcessBuilder("tmux", "-V").start().waitFor();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
