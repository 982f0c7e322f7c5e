package cli.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cli.CommandLines;
import e2e.Program;
import e2e.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real fish offers when Tab is pressed, with the script where it looks for it. */
@Timeout(60)
class FishCompletionTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            wat                 | watch        | "Shows power as it changes"
            watch --ta          | --target     | "A running monitor; without a port it is 50053"
            doctor --js         | --json       | "Print JSON"
            --log-level d       | debug        | "How much to log on stderr: off, error, warn, info, debug"
            --path.sys          | --path.sysfs | "Where the kernel's /sys is"
            measure --until     | --until-steady | "Wait before each run until power varies by less than 5 %, a minute at most"
            completion fi       | fish         | ""
            """)
    void fishCompletesWithoutMoreThanTheInstallation(String typed, String offered, String help) throws Exception {
        assumeTrue(Tools.isInstalled("fish"), "fish is missing");
        // Fish loads the completions of programs that are there.
        Path program = Files.createFile(folder.resolve("energy-monitor"));
        assumeTrue(program.toFile().setExecutable(true), "nothing can be made executable here");
        Map<String, String> environment = Map.of("XDG_DATA_HOME", folder.toString(), "HOME", folder.toString(),
                "PATH", folder + ":" + System.getenv("PATH"));
        Path script = CompletionCommand.file(CompletionCommand.Shell.FISH, environment, "");
        Files.createDirectories(script.getParent());
        Files.writeString(script, FishCompletion.of("energy-monitor", CommandLines.create("completion")));
        try (Program fish = Program.start(folder, environment,
                List.of("fish", "-c", "complete -C 'energy-monitor " + typed + "'"))) {
            assertThat(fish.exitCode()).as(fish.toString()).isZero();
            assertThat(fish.err()).isEmpty();
            assertThat(fish.out()).containsExactly(help.isEmpty() ? offered : offered + "\t" + help);
        }
    }
}
