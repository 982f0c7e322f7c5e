package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class WatchTest {

    @TempDir
    private Path folder;

    @Test
    void withoutATerminalThereAreLines() throws Exception {
        try (Program watch = Project.startJava("watch", "--collector", "e2e.SteadyCollector", "--duration", "2500ms")) {
            assertThat(watch.exitCode()).as(watch.toString()).isZero();
            assertThat(watch.err()).isEmpty();
            assertThat(watch.out()).isNotEmpty().allSatisfy(line -> assertThat(line)
                    .matches("\\d{4}-\\d\\d-\\d\\dT\\S+Z total 100\\.0 W \\S+ J \\| Steady, \"GPU\" 0: 100\\.0 W"));
        }
    }

    @Test
    void aTerminalShowsAPictureUntilQIsTyped() throws Exception {
        assumeTrue(has("tmux"), "tmux is missing");
        start("watch --collector e2e.SteadyCollector");
        try {
            String screen = await(text -> text.contains("steady, every 100.0 ms") && text.contains("100.0 W"));
            assertThat(screen).contains("total", "0 Steady, \"GPU\"", "████████████", "q end");
            await(text -> !text.equals(screen) && text.contains("100.0 W"));
            tmux("send-keys", "-t", "watch", "s", "Space");
            assertThat(await(text -> text.contains("frozen"))).contains("s sort: power");
            String frozen = await(text -> true);
            TimeUnit.MILLISECONDS.sleep(600);
            assertThat(await(text -> true)).isEqualTo(frozen);
            tmux("send-keys", "-t", "watch", "Space", "r", "?");
            await(text -> text.contains("since r") && text.contains("count joules from now on"));
            tmux("send-keys", "-t", "watch", "?");
            tmux("send-keys", "-t", "watch", "q");
            assertThat(await(text -> text.contains("ended with 0"))).doesNotContain("q end ");
        } finally {
            tmux("kill-server");
        }
    }

    /** Each value of the table stands whole, whatever the size, and every line within the terminal. */
    @ParameterizedTest
    @CsvSource({"20, 8", "40, 16", "80, 24", "120, 30", "200, 80", "80, 3"})
    void everySizeShowsWholeNumbers(int width, int height) throws Exception {
        assumeTrue(has("tmux"), "tmux is missing");
        start("watch --collector e2e.ManyGpusCollector");
        try {
            await(text -> text.contains("has fallen off the bus"));
            tmux("resize-window", "-t", "watch", "-x", String.valueOf(width), "-y", String.valueOf(height));
            String screen = await(text -> Pattern.compile("(?m)^0 NV.* W").matcher(text).find()
                    && text.lines().allMatch(line -> line.length() <= width) && text.lines().count() <= height);
            assertThat(screen.lines().filter(line -> line.matches("\\d NV.*") && !line.contains("n/a"))).isNotEmpty()
                    .allSatisfy(line -> assertThat(line).matches("\\d NV.* (\\d+\\.\\d|\\d{4}) W.*"));
        } finally {
            tmux("kill-server");
        }
    }

    @ParameterizedTest
    @CsvSource({"always, true", "auto, true", "never, false"})
    void coloursAreLeftOutWhereTheyAreNotWanted(String option, boolean coloured) throws Exception {
        assumeTrue(has("tmux"), "tmux is missing");
        start("watch --collector simulated --color " + option);
        try {
            await(text -> text.contains("Simulated GPU"));
            String screen = tmux("capture-pane", "-e", "-p", "-t", "watch");
            assertThat(screen.contains("\u001b[3")).as(screen).isEqualTo(coloured);
        } finally {
            tmux("kill-server");
        }
    }

    @Test
    void ctrlCGivesTheTerminalBack() throws Exception {
        assumeTrue(has("tmux"), "tmux is missing");
        start("watch --collector e2e.SteadyCollector");
        try {
            await(text -> text.contains("100.0 W"));
            tmux("send-keys", "-t", "watch", "C-c");
            assertThat(await(text -> text.contains("ended with 130"))).doesNotContain("q end ");
        } finally {
            tmux("kill-server");
        }
    }

    @Test
    void aMonitorThatEndsAndComesBackIsFoundAgain() throws Exception {
        Program monitor = Project.startJava("--port", "0", "--collector", "simulated");
        try (Program watch = Project.startJava("watch", "--target", "127.0.0.1:" + monitor.port())) {
            watch.awaitOut(Pattern.compile("Simulated GPU 1: "));
            int port = monitor.port();
            monitor.signal("TERM");
            monitor.exitCode();
            watch.awaitErr(Pattern.compile("energy-monitor: .*trying again"));
            int lines = watch.out().size();
            try (Program next = Project.startJava("--port", String.valueOf(port), "--collector", "simulated")) {
                next.port();
                while (watch.out().size() <= lines) {
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            }
        } finally {
            monitor.close();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --target 127.0.0.1:1              | 1 | no monitor answers at 127.0.0.1:1
            --collector e2e.BrokenCollector   | 1 | not plugged in: plug it in
            --collector null                  | 1 | nothing is measured here
            --path.sysfs tests/fixtures/python | 1 | nothing is measured here (
            --duration soon                   | 2 | give one such as 500ms
            --plain --color never             | 2 | --color has no effect with --plain
            """)
    void whatCannotBeShownIsOneLine(String arguments, int exitCode, String remedy) throws Exception {
        try (Program watch = Project.startJava(("watch " + arguments).split(" "))) {
            assertThat(watch.exitCode()).as(watch.toString()).isEqualTo(exitCode);
            assertThat(watch.out()).isEmpty();
            assertThat(watch.err()).singleElement().asString().startsWith("energy-monitor: ").contains(remedy);
        }
    }

    private void start(String arguments) throws Exception {
        String command = Stream.concat(Project.java().stream(), Stream.of(arguments.split(" ")))
                .map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        tmux("new-session", "-d", "-s", "watch", "-x", "130", "-y", "24",
                "trap : INT; " + command + "; echo ended with $?; sleep 100");
    }

    /** Waits for a screen that is as wanted. */
    private String await(Predicate<String> wanted) throws IOException, InterruptedException {
        String screen = "";
        for (int i = 0; i < 600; i++) {
            screen = tmux("capture-pane", "-p", "-t", "watch");
            if (wanted.test(screen)) {
                return screen;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new AssertionError("the terminal shows\n" + screen);
    }

    /** A server of tmux's of our own; its screen is read as UTF-8 whatever the locale. */
    private String tmux(String... arguments) throws IOException, InterruptedException {
        List<String> command = Stream.concat(Stream.of("tmux", "-u", "-S", folder.resolve("tmux").toString()),
                Stream.of(arguments)).toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private static boolean has(String program) throws InterruptedException {
        try {
            new ProcessBuilder(program, "-V").start().waitFor();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
