package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command measure, on a GPU that draws 100 W. */
@Timeout(120)
class MeasureTest {

    @TempDir
    private Path folder;

    @BeforeAll
    static void needsAShell() {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "/bin/sh is missing");
    }

    @Test
    void joulesAreWattsTimesSeconds() throws Exception {
        Path report = folder.resolve("report.json");
        try (Program measure = measure("--json", "-o", report.toString(), "--idle", "200ms", "--repeat", "2",
                "--per", "50", "--unit", "token", "--", "/bin/sh", "-c", "echo out; echo err >&2; sleep 0.3")) {
            assertThat(measure.exitCode()).as(measure.toString()).isZero();
            assertThat(measure.out()).containsExactly("out", "out");
            assertThat(measure.err()).containsExactly("err", "err");
        }
        JsonObject json = JsonParser.parseString(Files.readString(report)).getAsJsonObject();
        assertThat(json.getAsJsonObject("idle").get("mean_watts").getAsDouble()).isCloseTo(100, within(1.0));
        assertThat(json.getAsJsonArray("runs")).hasSize(2).allSatisfy(element -> {
            JsonObject run = element.getAsJsonObject();
            double seconds = run.get("seconds").getAsDouble();
            JsonObject total = run.getAsJsonObject("total");
            assertThat(seconds).isGreaterThanOrEqualTo(0.3);
            assertThat(total.get("joules").getAsDouble())
                    .isCloseTo(SteadyCollector.WATTS * seconds, withinPercentage(1));
            assertThat(total.get("peak_watts").getAsDouble()).isEqualTo(SteadyCollector.WATTS);
            assertThat(run.getAsJsonArray("devices")).hasSize(1);
        });
        JsonObject summary = json.getAsJsonObject("summary");
        double joules = mean(summary, "joules");
        assertThat(joules).isCloseTo(SteadyCollector.WATTS * mean(summary, "seconds"), withinPercentage(1));
        assertThat(mean(summary, "joules per token")).isCloseTo(joules / 50, within(1e-9));
        assertThat(mean(summary, "joules above idle")).isCloseTo(0, within(0.02 * joules));
    }

    @Test
    void theTableNamesTotalAndDevices() throws Exception {
        try (Program measure = measure("--", "/bin/sh", "-c", "sleep 0.1")) {
            assertThat(measure.exitCode()).as(measure.toString()).isZero();
            assertThat(measure.out()).isEmpty();
            assertThat(measure.err().get(0)).matches(" +joules +mean W +peak W");
            assertThat(measure.err().get(1)).matches("total +\\d+\\.\\d+ +100\\.0+ +100\\.0");
            assertThat(measure.err().get(2))
                    .matches(" {2}Steady, \"GPU\" \\(steady-0\\) +\\d+\\.\\d+ +100\\.0+ +100\\.0");
        }
    }

    @Test
    void csvHasALineForEachRunAndDevice() throws Exception {
        try (Program measure = measure("--csv", "--repeat", "2", "/bin/sh", "-c", "exit 0", "--json")) {
            assertThat(measure.exitCode()).as(measure.toString()).isZero();
            assertThat(measure.err()).hasSize(5);
            assertThat(measure.err().get(0)).startsWith("run,exit_code,seconds,platform,device_id,kind,name,");
            assertThat(measure.err().get(3)).matches("2,0,[\\d.E-]+,,,total,.*");
            assertThat(measure.err().get(4)).contains(",steady,steady-0,gpu,\"Steady, \"\"GPU\"\"\",added,integrated,");
        }
    }

    @Test
    void theReportGoesIntoAPipeWhole() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "mkfifo is missing");
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        try (Program reader = Program.start(folder, Map.of(), List.of("cat", pipe.toString()));
                Program measure = measure("--csv", "-o", pipe.toString(), "/bin/sh", "-c", "exit 0")) {
            assertThat(measure.exitCode()).as(measure.toString()).isZero();
            assertThat(reader.exitCode()).as(reader.toString()).isZero();
            assertThat(reader.out()).hasSize(3);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /bin/sh -c exit_7       | 127
            no-such-command         | 127
            /                       | 126
            false                   | 1
            """)
    void theExitCodeIsTheCommandsOrAShells(String command, int exitCode) throws Exception {
        List<String> words = new ArrayList<>(List.of("--repeat", "3", "--"));
        words.addAll(List.of(command.split(" ")));
        try (Program measure = measure(words.toArray(String[]::new))) {
            assertThat(measure.exitCode()).as(measure.toString()).isEqualTo(exitCode);
        }
    }

    @Test
    void aCommandThatASignalEndsGivesItsNumber() throws Exception {
        try (Program measure = measure("--", "/bin/sh", "-c", "kill -9 $$")) {
            assertThat(measure.exitCode()).as(measure.toString()).isEqualTo(128 + 9);
        }
    }

    @Test
    void sigtermIsTheCommandsAndTheReportComesAllTheSame() throws Exception {
        try (Program measure = measure("--", "/bin/sh", "-c",
                "trap 'echo asked to end; exit 5' TERM; echo ready; while :; do sleep 0.05; done")) {
            measure.awaitOut(Pattern.compile("ready"));
            measure.signal("TERM");
            assertThat(measure.exitCode()).as(measure.toString()).isEqualTo(5);
            assertThat(measure.out()).containsExactly("ready", "asked to end");
            assertThat(measure.err().get(1)).startsWith("total");
        }
    }

    @Test
    void aRunningMonitorIsAskedWhereATargetIsGiven() throws Exception {
        try (Program monitor = Project.startJava("--port", "0", "--collector", "e2e.SteadyCollector");
                Program measure = Project.startJava("measure", "--target", "127.0.0.1:" + monitor.port(), "--",
                        "/bin/sh", "-c", "sleep 0.2")) {
            assertThat(measure.exitCode()).as(measure.toString()).isZero();
            assertThat(measure.err().get(1)).startsWith("total");
            assertThat(measure.err().get(2)).contains("steady-0");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --collector null -- true                       | 1   | doctor
            --target 127.0.0.1:1 -- true                   | 1   | no monitor answers at 127.0.0.1:1
            --collector simulated                          | 2   | COMMAND
            --repeat 0 -- true                             | 2   | give a number from 1 up
            --per 0 -- true                                | 2   | give a number above 0
            --idle soon -- true                            | 2   | give one such as 500ms
            --idle 0.4ms -- true                           | 2   | give 1ms or more
            --collector simulated -o /no/such/a -- echo hi | 1   | /no/such/a' cannot be written: its folder
            --collector simulated -o / -- echo hi          | 1   | /' cannot be written: Is a directory
            --collector simulated -- no-such-program       | 127 | cannot run 'no-such-program': No such file or dir
            --collector simulated -- /                     | 126 | cannot run '/': Permission denied
            --interval-ms 0 -- true                        | 2   | give a number from 1
            --json --csv -- true                           | 2   | mutually exclusive
            """)
    void whatCannotBeMeasuredIsOneLine(String arguments, int exitCode, String remedy) throws Exception {
        try (Program measure = Project.startJava(("measure " + arguments).split(" "))) {
            assertThat(measure.exitCode()).as(measure.toString()).isEqualTo(exitCode);
            assertThat(measure.out()).isEmpty();
            assertThat(measure.err()).singleElement().asString().startsWith("energy-monitor: ").contains(remedy);
        }
    }

    private static double mean(JsonObject summary, String figure) {
        return summary.getAsJsonObject(figure).get("mean").getAsDouble();
    }

    private static Program measure(String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of("measure", "--collector", "e2e.SteadyCollector"));
        words.addAll(List.of(arguments));
        return Project.startJava(words.toArray(String[]::new));
    }
}
