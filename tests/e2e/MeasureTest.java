package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
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
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
            assertThat(total.get("peak_watts").getAsDouble()).isCloseTo(SteadyCollector.WATTS, within(1e-6));
            assertThat(run.getAsJsonArray("devices")).hasSize(1);
        });
        JsonObject summary = json.getAsJsonObject("summary");
        double joules = mean(summary, "joules");
        assertThat(joules).isCloseTo(SteadyCollector.WATTS * mean(summary, "seconds"), withinPercentage(1));
        assertThat(mean(summary, "joules_per_unit")).isCloseTo(joules / 50, within(1e-9));
        assertThat(mean(summary, "joules_above_idle")).isCloseTo(0, within(0.02 * joules));
    }

    @Test
    void theTableNamesTotalAndDevices() throws Exception {
        try (Program measure = measure("--", "/bin/sh", "-c", "sleep 0.1")) {
            assertThat(measure.exitCode()).as(measure.toString()).isZero();
            assertThat(measure.out()).isEmpty();
            assertThat(measure.err().get(0)).matches(" +energy +mean +peak");
            assertThat(measure.err().get(1)).matches("total +\\d+(\\.\\d+)? J ± [\\d.]+ +100\\.0 W +100\\.0 W");
            assertThat(measure.err().get(2)).startsWith("  steady 0 Steady, \"GPU\" (steady-0) ");
        }
    }

    @Test
    void csvHasALineForEachRunAndDevice() throws Exception {
        try (Program measure = measure("--csv", "--repeat", "2", "/bin/sh", "-c", "exit 0", "--json")) {
            assertThat(measure.exitCode()).as(measure.toString()).isZero();
            assertThat(measure.err()).hasSize(5);
            assertThat(measure.err().get(0)).startsWith("version,host,phase,command,run,exit_code,start_time,");
            assertThat(measure.err().get(3)).contains(",run,/bin/sh -c exit 0 --json,2,0,").contains(",total,");
            assertThat(measure.err().get(4)).contains(",steady,steady-0,0,gpu,\"Steady, \"\"GPU\"\"\",true,integrated,");
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
            assertThat(measure.err().get(0)).isEqualTo("energy-monitor: the command ended with exit code 5");
            assertThat(measure.err().get(2)).startsWith("total");
        }
    }

    @Test
    void otherSignalsAreTheCommandsToo() throws Exception {
        try (Program measure = measure("--", "/bin/sh", "-c",
                "trap 'echo told; exit 0' USR1; echo ready; while :; do sleep 0.05; done")) {
            measure.awaitOut(Pattern.compile("ready"));
            measure.signal("USR1");
            assertThat(measure.exitCode()).as(measure.toString()).isZero();
            assertThat(measure.out()).containsExactly("ready", "told");
        }
    }

    @Test
    void anInterruptLeavesAWholeReportOfTheRunsSoFar() throws Exception {
        assumeFalse(EndTest.isIgnored(2), "SIGINT is ignored in this test run, so in what it starts");
        Path report = folder.resolve("report.json");
        try (Program measure = measure("--json", "-o", report.toString(), "--repeat", "50", "--", "/bin/sh", "-c",
                "echo run; sleep 0.3")) {
            measure.awaitOut(Pattern.compile("run"));
            while (!Files.exists(report)) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            measure.signal("INT");
            measure.exitCode();
        }
        JsonObject json = JsonParser.parseString(Files.readString(report)).getAsJsonObject();
        assertThat(json.getAsJsonArray("runs").size()).isBetween(1, 49);
        assertThat(mean(json.getAsJsonObject("summary"), "joules")).isPositive();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).as("nothing is left beside it").containsExactly(report);
        }
    }

    @Test
    void aKillLeavesTheReportOfTheRunsBefore() throws Exception {
        Path report = folder.resolve("report.csv");
        try (Program measure = measure("--csv", "-o", report.toString(), "--repeat", "50", "--", "/bin/sh", "-c",
                "sleep 0.2")) {
            while (!Files.exists(report)) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            measure.signal("KILL");
            measure.exitCode();
        }
        assertThat(Files.readAllLines(report)).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void aMonitorThatEndsDuringARunLosesThatRunOnly() throws Exception {
        Path report = folder.resolve("report.json");
        try (Program monitor = Project.startJava("--port", "0", "--collector", "e2e.SteadyCollector");
                Program measure = Project.startJava("measure", "--target", "127.0.0.1:" + monitor.port(), "--repeat",
                        "5", "--json", "-o", report.toString(), "--", "/bin/sh", "-c", "sleep 0.4")) {
            while (!Files.exists(report)) {
                assertThat(measure.isAlive()).as(measure.toString()).isTrue();
                TimeUnit.MILLISECONDS.sleep(10);
            }
            monitor.close();
            assertThat(measure.exitCode()).as(measure.toString()).isEqualTo(1);
            assertThat(measure.err()).last().asString().startsWith("energy-monitor: ").contains("monitor", "127.0.0.1:");
        }
        JsonObject json = JsonParser.parseString(Files.readString(report)).getAsJsonObject();
        assertThat(json.getAsJsonArray("runs").get(0).getAsJsonObject().getAsJsonObject("total").get("joules")
                .getAsDouble()).isPositive();
    }

    @Test
    void anIntervalLongerThanAnyWaitIsMeasuredAllTheSame() throws Exception {
        try (Program measure = measure("--interval-ms", "4000", "--json", "--", "/bin/sh", "-c", "sleep 0.5")) {
            assertThat(measure.exitCode()).as(measure.toString()).isZero();
            JsonObject json = JsonParser.parseString(String.join("\n", measure.err())).getAsJsonObject();
            assertThat(json.getAsJsonArray("notices").get(0).getAsString()).startsWith("waiting up to 7 s for the sensors");
            JsonObject run = json.getAsJsonArray("runs").get(0).getAsJsonObject();
            assertThat(run.getAsJsonObject("total").get("joules").getAsDouble())
                    .isCloseTo(SteadyCollector.WATTS * run.get("seconds").getAsDouble(), withinPercentage(1));
            assertThat(run.get("settled").getAsBoolean()).isTrue();
        }
    }

    @Test
    void commandsAreComparedInTurn() throws Exception {
        try (Program measure = measure("--repeat", "2", "--warmup", "1", "--compare", "echo b; sleep 0.2",
                "--", "/bin/sh", "-c", "echo a; sleep 0.1")) {
            assertThat(measure.exitCode()).as(measure.toString()).isZero();
            assertThat(measure.out()).containsExactly("a", "b", "a", "b", "a", "b");
            assertThat(measure.err()).last().asString()
                    .matches("'echo b; sleep 0.2' takes [\\d.]+ ± [\\d.]+ times the energy and .* the time of '.*");
        }
    }

    /** As one that Ctrl-C has cut short: its joules are no command's. */
    @Test
    void aRunThatFailedIsToldAndComparedWithNone() throws Exception {
        try (Program measure = measure("--repeat", "3", "--compare", "exit 3", "--", "sleep", "0.1")) {
            assertThat(measure.exitCode()).as(measure.toString()).isEqualTo(3);
            assertThat(measure.err()).contains(
                    "energy-monitor: run 1 of 'exit 3' ended with exit code 3: no further run is made",
                    "not compared: no run of 'exit 3' ended with exit code 0").noneMatch(line -> line.contains(" times "));
        }
    }

    @Test
    void runsThatASignalLeavesOutAreNotAllWell() throws Exception {
        try (Program measure = measure("--repeat", "3", "--", "/bin/sh", "-c",
                "trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done")) {
            measure.awaitOut(Pattern.compile("ready"));
            measure.signal("TERM");
            assertThat(measure.exitCode()).as(measure.toString()).isEqualTo(128 + 15);
            assertThat(measure.out()).containsExactly("ready");
        }
    }

    @Test
    void aProcessThatRunsIsFollowedToItsEnd() throws Exception {
        try (Program other = Program.start(folder, Map.of(), List.of("sleep", "4"));
                Program measure = measure("--pid", String.valueOf(other.pid()))) {
            assertThat(measure.exitCode()).as(measure.toString()).isZero();
            assertThat(measure.err().get(1)).startsWith("total ").contains(" J ± ");
        }
    }

    /** The report's own interval tells what the truth is, since the load goes by the clock. */
    @Test
    void theTruthOfASwitchingLoadLiesWithinTheBounds() throws Exception {
        try (Program measure = Project.startJava("measure", "--collector", "e2e.SwitchingCollector", "--repeat", "5",
                "--json", "--", "/bin/sh", "-c", "sleep 0.7")) {
            assertThat(measure.exitCode()).as(measure.toString()).isZero();
            JsonObject json = JsonParser.parseString(String.join("\n", measure.err())).getAsJsonObject();
            assertThat(json.getAsJsonArray("runs")).hasSize(5).allSatisfy(element -> {
                JsonObject run = element.getAsJsonObject();
                JsonObject total = run.getAsJsonObject("total");
                long from = run.get("start_nanos").getAsLong();
                long to = from + Math.round(run.get("seconds").getAsDouble() * 1e9);
                assertThat(SwitchingCollector.joules(from, to)).as(run.toString())
                        .isBetween(total.get("least_joules").getAsDouble(), total.get("most_joules").getAsDouble())
                        .isCloseTo(total.get("joules").getAsDouble(),
                                within(4 * total.get("uncertainty_joules").getAsDouble()));
                assertThat(total.get("mean_watts").getAsDouble())
                        .isLessThanOrEqualTo(total.get("peak_watts").getAsDouble());
            });
        }
    }

    @Test
    void untilSteadyWaitsForSomeSecondsOfLittleVariation() throws Exception {
        try (Program measure = measure("--until-steady", "--", "/bin/sh", "-c", "exit 0")) {
            long begun = System.nanoTime();
            assertThat(measure.exitCode()).as(measure.toString()).isZero();
            assertThat(System.nanoTime() - begun).isGreaterThan(TimeUnit.SECONDS.toNanos(4));
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
            --per 0 -- true                                | 2   | give a number above 0
            --target 127.0.0.1:1 --devices all -- true     | 2   | --devices names devices of the --target here
            --target 127.0.0.1:1 --devices 0,,1 -- true    | 2   | --devices names devices of the --target here
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
