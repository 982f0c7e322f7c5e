package cli.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressTest {

    @Test
    void oneReadingIsNoReadings(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("x.csv"), "x");
        StringWriter err = new StringWriter();
        new Progress(new PrintWriter(err), file).show(1, false);
        new Progress(new PrintWriter(err), file).show(2, false);
        assertThat(err.toString().lines()).satisfiesExactly(
                line -> assertThat(line).contains("x.csv: 1 reading in 0 s"),
                line -> assertThat(line).contains("x.csv: 2 readings in 0 s"));
    }
}
