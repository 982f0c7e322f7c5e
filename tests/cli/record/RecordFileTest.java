package cli.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cli.options.Csv;
import cli.options.UserError;
import e2e.Program;
import e2e.Project;
import e2e.Python;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings, read by Python's csv and json and by pyarrow. */
@Tag("whole-programs")
@Timeout(240)
class RecordFileTest {

    private static final Pattern COUNT = Pattern.compile("(\\d+)");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"some.csv", "some.jsonl", "some.NDJSON", "some.parquet", "some.csv.gz", "some.jsonl.GZ"})
    void othersReadEveryValueAsItWas(String name) throws Exception {
        Path path = folder.resolve(name);
        write(RecordFile.create(path, false, false), 1000);
        Path lowerCase = folder.resolve("read-" + name.toLowerCase(Locale.ROOT));
        Files.move(path, lowerCase);
        check("1000", List.of(lowerCase));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none.csv", "none.jsonl", "none.parquet", "none.csv.gz", "none.jsonl.gz"})
    void aRecordingWithoutReadingsIsAFileToo(String name) throws Exception {
        write(RecordFile.create(folder.resolve(name), false, false), 0);
        check("0", List.of(folder.resolve(name)));
    }

    @Test
    void aParquetFileIsReadWhileItGrowsByManyGroups() throws Exception {
        Path path = folder.resolve("grows.parquet");
        try (RecordFile file = new ParquetFile(path, 0)) {
            for (int n = 1; n <= 100; n++) {
                file.append(RecordedReadings.HOST, RecordedReadings.reading(n));
                if (n == 5 || n == 40) {
                    Files.copy(path, folder.resolve("after" + n + ".parquet"));
                }
            }
        }
        check("5", List.of(folder.resolve("after5.parquet")));
        check("40", List.of(folder.resolve("after40.parquet")));
        check("100", List.of(path));
        try (Program groups = Python.start(folder, List.of("pyarrow"), List.of("-c",
                "import pyarrow.parquet as p; print(p.ParquetFile('grows.parquet').num_row_groups)"))) {
            assertThat(groups.exitCode()).as(groups.toString()).isZero();
            assertThat(groups.out()).as("one for 32, and one for the rest").containsExactly("4");
        }
    }

    /** Every state that a kill can leave: after each write, and with each write cut somewhere. */
    @Test
    void aParquetFileIsReadAfterEveryStepAndHalfAStep() throws Exception {
        List<Path> states = new ArrayList<>();
        Random random = new Random(1);
        Path path = folder.resolve("steps.parquet");
        class Stepwise extends ParquetFile {

            Stepwise() throws IOException {
                super(path, 0);
            }

            @Override
            void put(long offset, byte[] bytes) throws IOException {
                if (offset > 0 && bytes.length > Long.BYTES) {
                    super.put(offset, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
                    keep();
                }
                super.put(offset, bytes);
                keep();
            }

            @Override
            void truncate(long length) throws IOException {
                super.truncate(length);
                keep();
            }

            private void keep() throws IOException {
                String name = "step" + ThreadLocalRandom.current().nextLong(1L << 40) + ".parquet";
                states.add(Files.copy(path, folder.resolve(name)));
            }
        }
        RecordFile file = new Stepwise();
        write(file, 70);
        List<Integer> counts = check("any", states);
        assertThat(counts).isSorted().endsWith(70).contains(IntStream.rangeClosed(0, 70).boxed()
                .toArray(Integer[]::new));
    }

    @Test
    void aFileIsReadAfterItsWriterWasKilled() throws Exception {
        List<String> names = List.of("killed.csv", "killed.jsonl", "killed.parquet", "killed.csv.gz", "killed.jsonl.gz");
        List<List<Path>> recorded = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Path killed = Files.createDirectory(folder.resolve("killed-" + i));
            List<Path> files = names.stream().map(killed::resolve).toList();
            List<String> command = new ArrayList<>(Project.java());
            command.set(command.size() - 1, "cli.record.RecordedReadings");
            command.add(String.valueOf(i * 1_000_000));
            files.forEach(file -> command.add(file.toString()));
            try (Program writer = Program.start(folder, Map.of(), command)) {
                for (Path file : files) {
                    writer.awaitOut(Pattern.compile("records " + Pattern.quote(file.toString())));
                }
                Thread.sleep(ThreadLocalRandom.current().nextInt(1, 400));
                writer.signal("KILL");
                writer.exitCode();
            }
            recorded.add(files);
        }
        for (int format = 0; format < names.size(); format++) {
            int column = format;
            assertThat(check("any", recorded.stream().map(files -> files.get(column)).toList())).as(names.get(format))
                    .anyMatch(count -> count > 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"full.csv", "full.jsonl", "full.parquet", "full.csv.gz"})
    void aFullDiskIsOneFailureAndEndsTheRecording(String name) throws Exception {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "/dev/full is missing: nothing that is always full");
        Path path = Files.createSymbolicLink(folder.resolve(name), full);
        assertThatThrownBy(() -> write(RecordFile.create(path, true, false), 100_000))
                .isInstanceOf(IOException.class).hasMessageStartingWith(path + " cannot be written to: No space left");
        Files.delete(path);
    }

    @Test
    void whatWasWrittenBeforeTheDiskWasFullIsReadAndNothingIsTakenAfterIt() throws Exception {
        Path path = folder.resolve("full.parquet");
        class Small extends ParquetFile {

            Small() throws IOException {
                super(path, 0);
            }

            @Override
            void put(long offset, byte[] bytes) throws IOException {
                if (offset + bytes.length > 50_000 && bytes.length > Long.BYTES) {
                    super.put(offset, Arrays.copyOf(bytes, bytes.length / 2));
                    throw new IOException("No space left on device");
                }
                super.put(offset, bytes);
            }
        }
        RecordFile file = new Small();
        assertThatThrownBy(() -> {
            for (int n = 1; ; n++) {
                file.append(RecordedReadings.HOST, RecordedReadings.reading(n));
            }
        }).isInstanceOf(IOException.class).hasMessageContaining(path + " cannot be written to: No space");
        assertThatThrownBy(() -> file.append(RecordedReadings.HOST, RecordedReadings.reading(1)))
                .isInstanceOf(IOException.class).hasMessageContaining("takes no more");
        file.close();
        assertThat(check("any", List.of(path)).get(0)).isPositive();
    }

    @Test
    void linesWaitForASecondAtMostAndTheHeaderIsThereAtOnce() throws Exception {
        Path path = folder.resolve("waits.csv");
        try (RecordFile file = RecordFile.create(path, false, false)) {
            assertThat(Files.readString(path)).startsWith("timestamp_nanos,time_utc,host,").endsWith(",host_memory_used_mb\n");
            file.append("h", RecordedReadings.reading(1));
            Thread.sleep(1100);
            file.flush();
            assertThat(Files.readAllLines(path)).hasSizeGreaterThan(3);
        }
    }

    @Test
    void aFileOfSeveralMachinesTellsEachOnceAndNamesItInEveryReading() throws Exception {
        Path path = folder.resolve("two.jsonl");
        try (RecordFile file = RecordFile.create(path, false, true)) {
            for (int n = 1; n <= 2; n++) {
                file.append("a", RecordedReadings.reading(n));
                file.append("b", RecordedReadings.reading(n));
            }
            file.append("a", RecordedReadings.reading(3).toBuilder().setPlatform("nvidia").build());
        }
        assertThat(Files.readAllLines(path)).map(line -> line.replaceAll(
                "\"time_utc\":\"[^\"]*\",|,\"(platform|power_watts)\".*", ""))
                .containsExactly("{\"type\":\"host\",\"host\":\"a\"", "{\"type\":\"reading\",\"host\":\"a\"",
                        "{\"type\":\"host\",\"host\":\"b\"", "{\"type\":\"reading\",\"host\":\"b\"",
                        "{\"type\":\"reading\",\"host\":\"a\"", "{\"type\":\"reading\",\"host\":\"b\"",
                        "{\"type\":\"host\",\"host\":\"a\"", "{\"type\":\"reading\",\"host\":\"a\"");
    }

    @Test
    void textsAreQuotedAndNeverFormulas() {
        assertThat(Stream.of("plain", "a,b", "say \"x\"", "two\nlines", "=1+1", "+1", "-1", "@x", "\tx", "=\"a\"",
                "a=b").map(Csv::cell)).containsExactly("plain", "\"a,b\"", "\"say \"\"x\"\"\"", "\"two\nlines\"",
                "'=1+1", "'+1", "'-1", "'@x", "'\tx", "\"'=\"\"a\"\"\"", "a=b");
    }

    @Test
    void aServerWithoutATotalGivesItsPrimaryDevicesOnly() throws Exception {
        Path path = folder.resolve("old.csv");
        try (RecordFile file = RecordFile.create(path, false, false)) {
            file.append("h", RecordedReadings.reading(7).toBuilder().clearDetails().build());
        }
        assertThat(Files.readAllLines(path)).element(1).asString()
                .isEqualTo("1700000000473456796,2023-11-14 22:13:20.473,h,,,,primary,,test,7.1,2.3333333333333335,,7.0"
                        + ",,,,,,,,,,,,7.5");
    }

    @Test
    void aFileThatIsThereIsReplacedOnlyWhenForced() throws Exception {
        Path path = Files.writeString(folder.resolve("old.csv"), "x".repeat(100_000));
        assertThatThrownBy(() -> RecordFile.create(path, false, false)).isInstanceOf(UserError.class)
                .hasMessageContaining("--force");
        assertThat(path).hasSize(100_000);
        write(RecordFile.create(path, true, false), 0);
        assertThat(Files.readAllLines(path)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "a.xlsx", "a.parquet.gz", "a.gz", ".parquet.tmp", "csv", "", "/"})
    void anotherEndingTellsNoFormat(String name) {
        assertThat(RecordFile.Format.of(Path.of(name))).isEmpty();
    }

    @Test
    void aPlaceWhereNoFileCanBeMadeIsTheUsersToMend() throws IOException {
        assertThatThrownBy(() -> RecordFile.create(folder.resolve("no/such.csv"), false, false)).isInstanceOf(UserError.class)
                .hasMessageContaining("its folder does not exist");
        Path directory = Files.createDirectory(folder.resolve("d.parquet"));
        assertThatThrownBy(() -> RecordFile.create(directory, true, false)).isInstanceOf(UserError.class)
                .hasMessageContaining("cannot be written: ");
    }

    private static void write(RecordFile file, int count) throws IOException {
        try (file) {
            for (int n = 1; n <= count; n++) {
                file.append(RecordedReadings.HOST, RecordedReadings.reading(n));
            }
        }
    }

    /** Has Python read the files; gives the number of readings in each. */
    private List<Integer> check(String count, List<Path> files) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                Project.FIXTURES.resolve("python/check_records.py").toString(), count));
        files.forEach(file -> arguments.add(file.toString()));
        boolean parquet = files.get(0).toString().endsWith(".parquet");
        try (Program python = Python.start(folder, List.of(parquet ? "pyarrow.parquet" : "csv"), arguments)) {
            assertThat(python.exitCode()).as(python.toString()).isZero();
            return python.out().stream().map(line -> COUNT.matcher(line).results().count() == 1
                    ? Integer.parseInt(line) : -1).toList();
        }
    }
}
