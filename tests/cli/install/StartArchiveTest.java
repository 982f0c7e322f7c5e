package cli.install;

import static org.assertj.core.api.Assertions.assertThat;

import cli.install.StartArchive.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StartArchiveTest {

    @Test
    void aotCachesAreForTheJavaThatHasThem() {
        assertThat(StartArchive.kinds(17)).containsExactly(Kind.CLASS_DATA);
        assertThat(StartArchive.kinds(24)).containsExactly(Kind.CLASS_DATA);
        assertThat(StartArchive.kinds(25)).containsExactly(Kind.AOT, Kind.CLASS_DATA);
    }

    @Test
    void anArchiveIsMadeForTheFlagsOfThisStartWithoutThoseOfAnotherArchive() {
        assertThat(JavaStart.withoutArchive(List.of("-Xmx64m", "-Xlog:disable", "-XX:SharedArchiveFile=/a.jsa",
                "-XX:+IgnoreUnrecognizedVMOptions", "-XX:AOTCache=/a.aot", "-Denergy-monitor.archive=/a", "-Da=b")))
                .containsExactly("-Xmx64m", "-Da=b");
    }

    @Test
    void itStandsBesideItsBaseAndIsUsedFromThere() {
        JavaStart start = new JavaStart(Path.of("java"), List.of("-Xmx64m"), "a.jar:b.jar");
        assertThat(new StartArchive(start, Kind.AOT, Path.of("/x/monitor-1.0")).file())
                .isEqualTo(Path.of("/x/monitor-1.0.aot"));
        assertThat(start.monitor(new StartArchive(start, Kind.CLASS_DATA, Path.of("/x/m")).using())).containsExactly(
                "java", "-Xmx64m", "-Xlog:disable", "-XX:SharedArchiveFile=/x/m.jsa", "-cp", "a.jar:b.jar", "cli.Main");
    }

    @ParameterizedTest
    @EnumSource
    void whatIsMissingOrDamagedDoesNotFit(Kind kind, @TempDir Path folder) throws Exception {
        StartArchive archive = new StartArchive(JavaStart.ofThisProcess(), kind, folder.resolve("m"));
        assertThat(archive.fits()).isFalse();
        Files.writeString(archive.file(), "no archive");
        assertThat(archive.fits()).isFalse();
    }

    @Test
    void javaThatNotedNothingMakesNone() throws Exception {
        JavaStart start = new JavaStart(Path.of("/no/such/java"), List.of(), "a.jar");
        assertThat(new StartArchive(start, Kind.AOT, Path.of("/no/such/folder/m")).make()).isEmpty();
    }
}
