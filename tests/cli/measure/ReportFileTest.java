package cli.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cli.options.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFileTest {

    @TempDir
    private Path folder;

    @Test
    void nothingIsLeftUntilThereIsAReport() throws Exception {
        new ReportFile(folder.resolve("new.json"));
        assertThat(files()).isEmpty();
    }

    @Test
    void aReportTakesThePlaceOfTheOneBeforeAndLeavesNothingBeside() throws Exception {
        Path path = Files.writeString(folder.resolve("report.json"), "old and longer");
        ReportFile file = new ReportFile(path);
        assertThat(path).hasContent("old and longer");
        file.write("first");
        assertThat(path).hasContent("first");
        file.write("second");
        assertThat(path).hasContent("second");
        assertThat(files()).containsExactly("report.json");
    }

    @Test
    void aLinkStaysOne() throws Exception {
        Path real = Files.writeString(folder.resolve("real.json"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), real);
        new ReportFile(link).write("new");
        assertThat(link).isSymbolicLink();
        assertThat(real).hasContent("new");
    }

    @Test
    void anInterruptedThreadWritesItsReportAllTheSame() throws Exception {
        ReportFile file = new ReportFile(folder.resolve("report.json"));
        Thread.currentThread().interrupt();
        file.write("whole");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(folder.resolve("report.json")).hasContent("whole");
    }

    @Test
    void whatCannotBeWrittenIsKnownBeforehand() {
        assertThatThrownBy(() -> new ReportFile(folder.resolve("no/such.json"))).isInstanceOf(UserError.class)
                .hasMessageContaining("its folder does not exist");
        assertThatThrownBy(() -> new ReportFile(folder)).isInstanceOf(UserError.class)
                .hasMessageContaining("cannot be written");
    }

    private Stream<String> files() throws IOException {
        return Files.list(folder).map(path -> path.getFileName().toString());
    }
}
