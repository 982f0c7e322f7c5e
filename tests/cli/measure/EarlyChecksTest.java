package cli.measure;

import static org.assertj.core.api.Assertions.assertThat;

import cli.CommandLines;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What can be known to fail does so before a sensor is opened. */
@Timeout(60)
class EarlyChecksTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            measure -o FOLDER/none/x -- true      | 1   | '%s/none/x' cannot be written: its folder does not exist
            measure -o FOLDER -- true             | 1   | '%s' cannot be written: Is a directory
            measure -- no-such-program-here       | 127 | cannot run 'no-such-program-here': No such file or directory
            measure -- FOLDER/file                | 126 | cannot run '%s/file': Permission denied
            measure -- FOLDER                     | 126 | cannot run '%s': Permission denied
            measure -- FOLDER/none                | 127 | cannot run '%s/none': No such file or directory
            measure -o '' -- true                 | 2   | invalid value '' for --output: give the name of a file
            measure --compare true ''             | 2   | --compare
            record FOLDER/none/x.csv              | 1   | '%s/none/x.csv' cannot be written: its folder does not exist
            record FOLDER/old.csv                 | 1   | '%s/old.csv' is there already: give another name, or --force
            record --force FOLDER/dir.csv         | 1   | '%s/dir.csv' cannot be written: it is a folder
            record FOLDER/file/x.csv              | 1   | '%s/file/x.csv' cannot be written: %s/file is no folder
            """)
    void aFailureThatCanBeForeseenOpensNoSensor(String arguments, int exitCode, String message) throws Exception {
        Files.createFile(folder.resolve("file"));
        Files.createFile(folder.resolve("old.csv"));
        Files.createDirectory(folder.resolve("dir.csv"));
        List<String> words = new ArrayList<>(List.of(arguments.replace("FOLDER", folder.toString()).split(" ")));
        words.replaceAll(word -> word.equals("''") ? "" : word);
        words.addAll(1, List.of("--collector", NeverOpened.class.getName()));
        StringWriter err = new StringWriter();
        int opened = NeverOpened.OPENED.get();
        CommandLine commandLine = CommandLines.create(words.toArray(String[]::new)).setErr(new PrintWriter(err));
        assertThat(commandLine.execute(words.toArray(String[]::new))).as(err.toString()).isEqualTo(exitCode);
        assertThat(err.toString().lines()).singleElement().asString()
                .startsWith("energy-monitor: ").contains(message.replace("%s", folder.toString()));
        assertThat(NeverOpened.OPENED.get()).isEqualTo(opened);
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(3);
        }
    }
}
