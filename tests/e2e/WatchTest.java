package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
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
        try (Tmux terminal = start("watch --collector e2e.SteadyCollector")) {
            String screen = terminal.await(text -> text.contains("steady, every 100 ms") && text.contains("100.0 W"));
            assertThat(screen).contains("total", "0 Steady, \"GPU\"", "████████████", "q end");
            terminal.await(text -> !text.equals(screen) && text.contains("100.0 W"));
            terminal.type("s", "Space");
            String frozen = terminal.await(text -> text.contains("frozen")); // the last line: all others are there
            assertThat(frozen).contains("s sort: power");
            TimeUnit.MILLISECONDS.sleep(600);
            terminal.await(frozen::equals); // soon: a line that is being drawn again is empty for a moment
            terminal.type("Space", "r", "?");
            terminal.await(text -> text.contains("since r") && text.contains("count joules from now on"));
            terminal.type("?");
            terminal.type("q");
            assertThat(terminal.await(text -> text.contains("ended with 0"))).doesNotContain("q end ");
        }
    }

    /** Each value of the table stands whole, whatever the size, and every line within the terminal. */
    @ParameterizedTest
    @CsvSource({"20, 8", "40, 16", "80, 24", "120, 30", "200, 80", "80, 3"})
    void everySizeShowsWholeNumbers(int width, int height) throws Exception {
        try (Tmux terminal = start("watch --collector e2e.ManyGpusCollector")) {
            terminal.await(text -> text.contains("has fallen off the bus"));
            terminal.resize(width, height);
            String screen = terminal.await(text -> Pattern.compile("(?m)^0 (NV|H1).* W").matcher(text).find()
                    && text.lines().allMatch(line -> line.length() <= width) && text.lines().count() <= height);
            assertThat(screen.lines().filter(line -> line.matches("\\d (NV|H1).*") && !line.contains("n/a"))).isNotEmpty()
                    .allSatisfy(line -> assertThat(line).matches("\\d (NV|H1).* (\\d+\\.\\d|\\d{4}) W.*"));
        }
    }

    @ParameterizedTest
    @CsvSource({"always, true", "auto, true", "never, false"})
    void coloursAreLeftOutWhereTheyAreNotWanted(String option, boolean coloured) throws Exception {
        try (Tmux terminal = start("watch --collector simulated --color " + option)) {
            terminal.await(text -> text.contains("Simulated GPU"));
            String screen = terminal.colouredScreen();
            assertThat(screen.contains("\u001b[3")).as(screen).isEqualTo(coloured);
        }
    }

    @Test
    void ctrlCGivesTheTerminalBack() throws Exception {
        try (Tmux terminal = start("watch --collector e2e.SteadyCollector")) {
            terminal.await(text -> text.contains("100.0 W"));
            terminal.type("C-c");
            assertThat(terminal.await(text -> text.contains("ended with 130"))).doesNotContain("q end ");
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
            --duration soon                   | 2 | give a time such as 500ms
            --collector simulated --color always | 2 | --color always has no effect without a terminal
            """)
    void whatCannotBeShownIsOneLine(String arguments, int exitCode, String remedy) throws Exception {
        try (Program watch = Project.startJava(("watch " + arguments).split(" "))) {
            assertThat(watch.exitCode()).as(watch.toString()).isEqualTo(exitCode);
            assertThat(watch.out()).isEmpty();
            assertThat(watch.err()).singleElement().asString().startsWith("energy-monitor: ").contains(remedy);
        }
    }

    private Tmux start(String arguments) throws Exception {
        List<String> command = Stream.concat(Project.java().stream(), Stream.of(arguments.split(" "))).toList();
        return new Tmux(folder, 130, 24, Map.of(), command);
    }
}
