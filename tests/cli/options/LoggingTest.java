package cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoggingTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Logger logger = Logger.getLogger("telemetry.Test");

    @AfterEach
    void logNothingMore() {
        Logging.off();
    }

    @Test
    void aMessageIsOneLineWhateverANameInItHolds() {
        configure(Logging.Threshold.INFO);
        logger.log(Level.WARNING, "GPU {0} is lost", "x\n2026 ERROR made up\u001b[31m");
        assertThat(lines()).singleElement().asString()
                .matches("\\S+(Z|[+-]\\d\\d:\\d\\d) WARN  GPU x 2026 ERROR made up\ufffd\\[31m is lost");
    }

    @Test
    void debugHasTracesAndNothingOfTheLibraries() {
        configure(Logging.Threshold.DEBUG);
        logger.log(Level.FINE, "why", new IllegalStateException("a\nb"));
        Logger.getLogger("io.grpc.netty.shaded.io.netty.channel").fine("internals");
        assertThat(lines().get(0)).endsWith("DEBUG why");
        assertThat(lines().get(1)).isEqualTo("\tjava.lang.IllegalStateException: a");
        assertThat(lines()).noneMatch(line -> line.contains("internals"));
    }

    @Test
    void aClientThatLeavesWhileReadingsWaitForItIsNoWarning() throws ClassNotFoundException {
        Logger netty = Logger.getLogger(
                Class.forName("io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler").getName());
        configure(Logging.Threshold.INFO);
        netty.log(Level.WARNING, "Stream Error", new IllegalStateException("closed"));
        netty.warning("something else");
        assertThat(lines()).singleElement().asString().endsWith("something else");
        configure(Logging.Threshold.DEBUG);
        netty.log(Level.WARNING, "Stream Error", new IllegalStateException("closed"));
        assertThat(lines()).anyMatch(line -> line.endsWith("Stream Error"));
    }

    private void configure(Logging.Threshold threshold) {
        Logging.configure(threshold, new PrintStream(bytes, true, StandardCharsets.UTF_8));
    }

    private List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
