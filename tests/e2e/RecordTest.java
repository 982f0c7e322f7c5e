package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command record. What is in its files is tested where they are written. */
@Timeout(120)
class RecordTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"csv", "jsonl", "csv.gz", "jsonl.gz"})
    void everyReadingIsInTheFile(String ending) throws Exception {
        Path file = folder.resolve("power." + ending);
        record(file);
        List<String> lines = lines(file);
        assertThat(lines).hasSizeGreaterThan(10);
        assertThat(lines.get(lines.size() - 1)).contains("steady", "100.0");
    }

    @ParameterizedTest
    @CsvSource({"jsonl, '{\"type\":\"host\",'", "csv, 'timestamp_nanos,time_utc,host,'"})
    void stdoutGetsTheReadingsAndNothingElse(String format, String begin) throws Exception {
        try (Program record = record("--collector", "e2e.SteadyCollector", "--interval-ms", "20", "--duration",
                "700ms", "--format", format, "-")) {
            assertThat(record.exitCode()).as(record.toString()).isZero();
            assertThat(record.err()).isEmpty();
            assertThat(record.out()).hasSizeGreaterThan(10);
            assertThat(record.out().get(0)).startsWith(begin);
        }
    }

    @Test
    void aFullDiskBehindStdoutIsAnError() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")), "there is no /dev/full");
        List<String> words = new ArrayList<>(Project.java("record", "--collector", "simulated", "-"));
        words.replaceAll(word -> "'" + word + "'");
        try (Program record = Program.start(folder, Map.of(), List.of("/bin/sh", "-c",
                String.join(" ", words) + " >/dev/full"))) {
            assertThat(record.exitCode()).as(record.toString()).isEqualTo(1);
            assertThat(record.err()).singleElement().asString()
                    .startsWith("energy-monitor: stdout cannot be written to: No space left on device");
        }
    }

    @Test
    void aReaderOfStdoutThatHasHadEnoughEndsTheRecordingQuietly() throws Exception {
        List<String> words = new ArrayList<>(Project.java("record", "--collector", "simulated", "-"));
        words.replaceAll(word -> "'" + word + "'");
        try (Program pipeline = Program.start(folder, Map.of(), List.of("/bin/bash", "-c",
                String.join(" ", words) + " | head -n 3; exit ${PIPESTATUS[0]}"))) {
            assertThat(pipeline.exitCode()).as(pipeline.toString()).isZero();
            assertThat(pipeline.out()).hasSize(3);
            assertThat(pipeline.err()).isEmpty();
        }
    }

    @Test
    void theTotalNeverGoesBackWhenADeviceFallsSilent() throws Exception {
        try (Program record = record("--collector", "e2e.FadingCollector", "--interval-ms", "20", "--duration", "1s",
                "-")) {
            assertThat(record.exitCode()).as(record.toString()).isZero();
            List<JsonObject> readings = record.out().stream().map(line -> JsonParser.parseString(line)
                    .getAsJsonObject()).filter(line -> line.get("type").getAsString().equals("reading")).toList();
            JsonObject last = readings.get(readings.size() - 1).getAsJsonObject("total");
            assertThat(last.get("power_watts").isJsonNull()).isTrue();
            assertThat(last.get("problem").getAsString()).contains("fading 1 ", "the GPU is lost");
            List<Double> joules = readings.stream().map(reading -> reading.getAsJsonObject("total")
                    .get("energy_joules")).filter(value -> !value.isJsonNull()).map(JsonElement::getAsDouble).toList();
            assertThat(joules).isSorted().last(InstanceOfAssertFactories.DOUBLE).isBetween(100.0, 250.0);
        }
    }

    @Test
    void parquetIsReadByOthers() throws Exception {
        Path file = folder.resolve("power.parquet");
        record(file);
        assertThat(parquetRows(file)).isGreaterThan(10);
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
            List<Long> times = rows.stream().skip(1).map(row -> Long.parseLong(row.substring(0, row.indexOf(','))))
                    .toList();
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
        assertThat(parquetRows(file)).isGreaterThan(5);
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
        assertThat(Files.readString(file)).startsWith("timestamp_nanos,time_utc,host,");
    }

    @Test
    void aFullDiskIsOneLine() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")), "/dev/full is missing");
        Path file = Files.createSymbolicLink(folder.resolve("full.csv"), Path.of("/dev/full"));
        try (Program record = record("--collector", "simulated", "--force", file.toString())) {
            assertThat(record.exitCode()).as(record.toString()).isEqualTo(1);
            assertThat(record.err()).singleElement().asString()
                    .startsWith("energy-monitor: " + file + " cannot be written to: No space left");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --target 127.0.0.1:1 no.csv                  | 1 | no monitor answers at 127.0.0.1:1
            --collector null --duration 1s no.csv        | 1 | nothing is measured here
            --collector simulated /no/such/folder/a.csv  | 1 | its folder does not exist
            --collector e2e.BrokenCollector no.csv       | 1 | not plugged in: plug it in
            --format parquet -                           | 2 | 'parquet'
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

    private static void record(Path file) throws Exception {
        try (Program record = record("--collector", "e2e.SteadyCollector", "--interval-ms", "20",
                "--duration", "700ms", file.toString())) {
            assertThat(record.exitCode()).as(record.toString()).isZero();
            assertThat(record.out()).isEmpty();
            assertThat(record.err()).singleElement().asString()
                    .containsPattern(" readings in \\d+ s, [1-9][\\d.]* kB$");
        }
    }

    private static List<String> lines(Path file) throws IOException {
        try (InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(Files.newInputStream(file))
                : Files.newInputStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private int parquetRows(Path file) throws Exception {
        try (Program python = Python.start(folder, List.of("pyarrow.parquet"), List.of("-c",
                "import pyarrow.parquet as p, sys; print(p.read_table(sys.argv[1]).num_rows)", file.toString()))) {
            assertThat(python.exitCode()).as(python.toString()).isZero();
            return Integer.parseInt(python.out().get(0));
        }
    }

    private static Program record(String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of("record"));
        words.addAll(List.of(arguments));
        return Project.startJava(words.toArray(String[]::new));
    }
}
