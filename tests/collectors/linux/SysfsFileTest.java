package collectors.linux;

import static org.assertj.core.api.Assertions.assertThat;

import collectors.DeviceSample;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SysfsFileTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"0, 0", "262143328850, 262143328850", "-40000, -40000", "'12 \n', 12", "999999999999999999, "
            + "999999999999999999"})
    void wholeNumbersAreRead(String text, long number) {
        assertThat(parse(text)).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "-", "N/A", "12 W", "1.5", "0x10", "9223372036854775794"})
    void whatIsNoNumberOrASentinelIsUnavailable(String text) {
        assertThat(parse(text)).isEqualTo(SysfsFile.UNAVAILABLE);
    }

    @Test
    void everyReadSeesTheNewNumberAndAnEmptyFileSaysSo() throws Exception {
        Path path = folder.resolve("energy_uj");
        Files.writeString(path, "1000\n");
        try (SysfsFile file = new SysfsFile(path)) {
            assertThat(file.read()).isEqualTo(1000);
            Files.writeString(path, "20\n");
            assertThat(file.read(10)).isEqualTo(2);
            Files.writeString(path, "");
            assertThat(file.read(10)).isEqualTo(DeviceSample.UNAVAILABLE);
            assertThat(file.problem()).isEqualTo(path + " is empty");
            Files.writeString(path, "30\n");
            assertThat(file.read()).isEqualTo(30);
            assertThat(file.problem()).isNull();
        }
    }

    @Test
    void aFileThatAppearsLaterIsRead() throws Exception {
        Path path = folder.resolve("power1_input");
        try (SysfsFile file = new SysfsFile(path)) {
            assertThat(file.read()).isEqualTo(SysfsFile.UNAVAILABLE);
            assertThat(file.problem()).isEqualTo(path + " is not there");
            Files.writeString(path, "7\n");
            long end = System.nanoTime() + 10_000_000_000L;
            while (file.read() == SysfsFile.UNAVAILABLE && System.nanoTime() < end) {
                Thread.sleep(20);
            }
            assertThat(file.read()).isEqualTo(7);
        }
    }

    private static long parse(String text) {
        return SysfsFile.parse(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
