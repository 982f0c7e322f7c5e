package e2e;

import static org.assertj.core.api.Assertions.assertThat;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command record, its files read by Python. */
@Timeout(120)
class RecordTest {

    private static final String READER = Project.FIXTURES.resolve("python/read_recording.py").toString();

    private static final long A_FEW_ROWS_BYTES = 10_000;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"csv", "jsonl", "parquet"})
    void everyReadingIsInTheFile(String ending) throws Exception {
        Path file = folder.resolve("power." + ending);
        try (Program record = record("--collector", "e2e.SteadyCollector", "--interval-ms", "20",
                "--duration", "700ms", file.toString())) {
            assertThat(record.exitCode()).as(record.toString()).isZero();
            assertThat(record.out()).isEmpty();
            assertThat(record.err()).singleElement().asString().contains(" readings in ");
        }
        JsonObject found = read(file);
        assertThat(found.get("rows").getAsInt()).isGreaterThan(10);
        JsonObject first = found.getAsJsonArray("first").get(0).getAsJsonObject();
        assertThat(first.get("power_watts").getAsString()).isEqualTo("100.0");
        assertThat(first.get("platform").getAsString()).isEqualTo("steady");
        assertThat(first.get("host").getAsString()).isNotEmpty();
    }

    @Test
    void valuesComeBackAsTheyWere() throws Exception {
        JsonObject csv = loop("values.csv", "3");
        JsonObject parquet = loop("values.parquet", "50");
        JsonObject lines = loop("values.jsonl", "3");
        assertThat(csv.get("rows").getAsInt()).isEqualTo(9);
        assertThat(parquet.get("rows").getAsInt()).isEqualTo(150);
        assertThat(parquet.get("groups").getAsInt()).isGreaterThan(5);
        assertThat(lines.get("rows").getAsInt()).isEqualTo(3);

        JsonObject total = parquet.getAsJsonArray("first").get(0).getAsJsonObject();
        assertThat(total.get("kind").getAsString()).isEqualTo("total");
        assertThat(total.get("timestamp").getAsLong()).isEqualTo(1_000_000_007L);
        assertThat(total.get("temperature_celsius").isJsonNull()).isTrue();
        JsonObject device = parquet.getAsJsonArray("first").get(1).getAsJsonObject();
        assertThat(device.get("host").getAsString()).isEqualTo("böx, \"1\"");
        assertThat(device.get("device_id").getAsString()).isEqualTo("=1");
        assertThat(device.get("name").getAsString()).isEqualTo("Grüße");
        assertThat(device.get("energy_joules").getAsDouble()).isEqualTo(1 / 3.0);
        assertThat(device.get("memory_used_mb").getAsDouble()).isZero();
        assertThat(device.get("energy_source").getAsString()).isEqualTo("counter");
        JsonObject last = parquet.getAsJsonArray("last").get(0).getAsJsonObject();
        assertThat(last.get("sequence").getAsLong()).isEqualTo(50);
        assertThat(last.get("power_watts").isJsonNull()).isTrue();

        JsonObject cell = csv.getAsJsonArray("first").get(1).getAsJsonObject();
        assertThat(cell.get("timestamp").getAsString()).isEqualTo("1970-01-01T00:00:01.000000007Z");
        assertThat(cell.get("host").getAsString()).isEqualTo("böx, \"1\"");
        assertThat(cell.get("device_id").getAsString()).as("no formula for a spreadsheet").isEqualTo("'=1");
        assertThat(cell.get("energy_joules").getAsDouble()).isEqualTo(1 / 3.0);
        assertThat(cell.get("memory_total_mb").getAsString()).isEmpty();

        JsonObject object = lines.getAsJsonArray("first").get(0).getAsJsonObject();
        assertThat(object.get("host").getAsString()).isEqualTo("böx, \"1\"");
        assertThat(object.getAsJsonArray("devices")).hasSize(2);
        assertThat(object.get("temperature_celsius").isJsonNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "jsonl", "parquet"})
    void whatWasWrittenCanBeReadAfterAKillAtAnyMoment(String ending) throws Exception {
        for (int millis : List.of(1, 70, 233)) {
            Path file = folder.resolve("killed-" + millis + "." + ending);
            try (Program loop = Program.start(folder, Map.of(), loopCommand(file.toString()))) {
                loop.awaitOut(Pattern.compile("recording"));
                while (Files.size(file) < A_FEW_ROWS_BYTES) {
                    TimeUnit.MILLISECONDS.sleep(1);
                }
                TimeUnit.MILLISECONDS.sleep(millis);
                loop.signal("KILL");
                assertThat(loop.exitCode()).isEqualTo(128 + 9);
            }
            assertThat(read(file).get("rows").getAsInt()).isPositive();
        }
    }

    @Test
    void aRecordingWithoutReadingsIsAFileAllTheSame() throws Exception {
        assertThat(loop("none.csv", "0").get("rows").getAsInt()).isZero();
        assertThat(loop("none.parquet", "0").get("rows").getAsInt()).isZero();
    }

    @Test
    void severalMonitorsGoIntoOneFileInTheOrderOfTime() throws Exception {
        Path file = folder.resolve("both.csv");
        try (Program one = Project.startJava("--port", "0", "--collector", "e2e.SteadyCollector");
                Program other = Project.startJava("--port", "0", "--collector", "simulated")) {
            String first = "127.0.0.1:" + one.port();
            String second = "127.0.0.1:" + other.port();
            try (Program record = record("--target", first, "--target", second, "--duration", "2s",
                    file.toString())) {
                assertThat(record.exitCode()).as(record.toString()).isZero();
            }
            List<String> rows = Files.readAllLines(file);
            List<String> times = rows.stream().skip(1).map(row -> row.substring(0, row.indexOf(','))).toList();
            assertThat(times).isSorted();
            assertThat(rows).as("both have the same host's name").anyMatch(row -> row.contains("," + first + ","))
                    .anyMatch(row -> row.contains("," + second + ","));
        }
    }

    @Test
    void sigtermEndsTheRecordingWhole() throws Exception {
        Path file = folder.resolve("ended.parquet");
        try (Program record = record("--collector", "e2e.SteadyCollector", file.toString())) {
            while (!Files.exists(file)) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            TimeUnit.MILLISECONDS.sleep(700);
            record.signal("TERM");
            assertThat(record.exitCode()).as(record.toString()).isEqualTo(128 + 15);
        }
        assertThat(read(file).get("rows").getAsInt()).isGreaterThan(5);
        assertThat(folder.resolve("ended.parquet.part")).doesNotExist();
    }

    @Test
    void aFileThatIsThereIsReplacedOnRequestOnly() throws Exception {
        Path file = Files.writeString(folder.resolve("there.csv"), "mine");
        try (Program record = record("--collector", "simulated", file.toString())) {
            assertThat(record.exitCode()).isEqualTo(1);
            assertThat(record.err()).singleElement().asString().contains("there already", "--force");
        }
        assertThat(file).hasContent("mine");
        try (Program record = record("--collector", "simulated", "--force", "--duration", "200ms",
                file.toString())) {
            assertThat(record.exitCode()).isZero();
        }
        assertThat(Files.readString(file)).startsWith("timestamp,host,");
    }

    @Test
    void aFullDiskIsOneLine() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")), "/dev/full is missing");
        Path file = Files.createSymbolicLink(folder.resolve("full.csv"), Path.of("/dev/full"));
        try (Program record = record("--collector", "simulated", "--force", file.toString())) {
            assertThat(record.exitCode()).as(record.toString()).isEqualTo(1);
            assertThat(record.err()).singleElement().asString().contains(file + " cannot be written", "No space left");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --target 127.0.0.1:1 no.csv                  | 1 | no monitor answers at 127.0.0.1:1
            --collector simulated no.xlsx                | 1 | .csv, .jsonl, .ndjson or .parquet
            --collector simulated /no/such/folder/a.csv  | 1 | /no/such/folder/a.csv cannot be written
            --collector e2e.BrokenCollector no.csv       | 1 | not plugged in: plug it in
            --collector simulated                        | 2 | FILE
            --duration soon no.csv                       | 2 | give one such as 500ms
            """)
    void whatCannotBeRecordedIsOneLine(String arguments, int exitCode, String remedy) throws Exception {
        List<String> words = new ArrayList<>(List.of("record"));
        words.addAll(List.of(arguments.split(" ")));
        try (Program record = Program.start(folder, Map.of(), Project.java(words.toArray(String[]::new)))) {
            assertThat(record.exitCode()).as(record.toString()).isEqualTo(exitCode);
            assertThat(record.out()).isEmpty();
            assertThat(record.err()).singleElement().asString().startsWith("energy-monitor: ").contains(remedy);
        }
    }

    private JsonObject loop(String name, String readings) throws Exception {
        Path file = folder.resolve(name);
        try (Program loop = Program.start(folder, Map.of(), loopCommand(file.toString(), readings))) {
            assertThat(loop.exitCode()).as(loop.toString()).isZero();
        }
        return read(file);
    }

    private static List<String> loopCommand(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), "cli.RecordingLoop"));
        command.addAll(List.of(arguments));
        return command;
    }

    private JsonObject read(Path file) throws Exception {
        String reader = file.toString().endsWith(".parquet") ? "pyarrow" : "csv";
        try (Program python = Python.start(folder, List.of(reader), List.of(READER, file.toString()))) {
            assertThat(python.exitCode()).as(python.toString()).isZero();
            return JsonParser.parseString(python.out().get(0)).getAsJsonObject();
        }
    }

    private static Program record(String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of("record"));
        words.addAll(List.of(arguments));
        return Project.startJava(words.toArray(String[]::new));
    }
}
