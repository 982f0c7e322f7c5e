package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** There is no build step: the next run takes up what was edited. */
@Timeout(180)
class EditTest {

    @TempDir
    Path folder;
    private Path project;
    private Path cache;

    @Test
    void theNextRunTakesUpAnEditedProtoAndSource() throws Exception {
        project = Project.copyTo(folder.resolve("project"));
        cache = JbangCache.copyTo(folder.resolve("cache"));
        Path proto = project.resolve("proto/energy.proto");
        String contract = Files.readString(proto);
        Files.writeString(proto, contract + "message Note { nonsense }\n");
        try (Program broken = version()) {
            assertThat(broken.exitCode()).isEqualTo(1);
            assertThat(String.join("\n", broken.err())).as("protoc's complaint").contains("energy.proto:");
        }

        Files.writeString(proto, contract + "message Note { int32 text = 4242; }\n");
        Path source = project.resolve("cli/options/Version.java");
        String code = Files.readString(source);
        assertThat(code).contains("\"energy-monitor \"");
        Files.writeString(source,
                code.replace("\"energy-monitor \"", "energy.Note.TEXT_FIELD_NUMBER + \" edited \""));
        try (Program edited = version()) {
            assertThat(edited.exitCode()).as(edited.toString()).isZero();
            assertThat(edited.out()).singleElement().asString().startsWith("4242 edited ");
        }
    }

    /**
     * In the locale of a cron job, in which a source is not to be read as ASCII. With a cache of its own: while JBang
     * builds, others wait.
     */
    private Program version() throws Exception {
        return Program.start(project, Map.of("LC_ALL", "C", "JBANG_CACHE_DIR", cache.toString()),
                List.of("./jbangw", "EnergyMonitor.java", "--version"));
    }
}
