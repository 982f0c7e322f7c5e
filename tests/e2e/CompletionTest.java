package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a real shell offers when Tab is pressed. */
@Timeout(120)
class CompletionTest {

    @TempDir
    private Path folder;

    @Test
    void bashCompletesAfterTheScriptIsInstalled() throws Exception {
        assumeTrue(Tools.isInstalled("bash"), "bash is missing");
        try (Program install = Program.start(folder, Map.of("XDG_DATA_HOME", folder.toString()),
                Project.java("completion", "bash", "--install"))) {
            assertThat(install.exitCode()).as(install.toString()).isZero();
            assertThat(install.out().get(0)).isEqualTo("Wrote "
                    + folder.resolve("bash-completion/completions/energy-monitor"));
        }
        for (Map.Entry<String, String> each : Map.of("wat", "watch", "watch --ta", "--target", "doctor --js", "--json",
                "--log-level d", "debug", "watch --color n", "never").entrySet()) {
            String words = "energy-monitor " + each.getKey();
            try (Program bash = Program.start(folder, Map.of(), List.of("bash", "-c",
                    "source bash-completion/completions/energy-monitor; COMP_WORDS=(" + words + "); COMP_LINE='"
                            + words + "'; COMP_POINT=${#COMP_LINE}; COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); "
                            + "_complete_energy-monitor; printf '%s\\n' \"${COMPREPLY[@]}\""))) {
                assertThat(bash.exitCode()).as(bash.toString()).isZero();
                assertThat(bash.out()).as(words).contains(each.getValue());
            }
        }
    }

    @Test
    void aFolderThatCannotBeWrittenToIsOneLine() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        try (Program install = Program.start(folder, Map.of("XDG_DATA_HOME", file.toString()),
                Project.java("completion", "zsh", "--install"))) {
            assertThat(install.exitCode()).isEqualTo(1);
            assertThat(install.err()).singleElement().asString().startsWith("energy-monitor: '" + file)
                    .contains("cannot be written: ");
        }
    }

    @Test
    void anotherShellIsAskedFor() throws Exception {
        try (Program tcsh = Program.start(folder, Map.of("SHELL", "/usr/bin/tcsh"), Project.java("completion"))) {
            assertThat(tcsh.exitCode()).isEqualTo(2);
            assertThat(tcsh.out()).isEmpty();
            assertThat(tcsh.err()).singleElement().asString().contains("SHELL names 'tcsh': give bash, zsh or fish");
        }
    }
}
