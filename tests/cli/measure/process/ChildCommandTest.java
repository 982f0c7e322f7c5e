package cli.measure.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChildCommandTest {

    /** As JDK 17 and JDK 25 tell it on Linux, and JDK 17 on Windows. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            Cannot run program "x": error=2, No such file or directory                | 127 | No such file or directory
            Cannot run program "/": error=13, Permission denied                       | 126 | Permission denied
            Cannot run program "x": Exec failed, error: 2 (No such file or directory) | 127 | No such file or directory
            Cannot run program "/": Exec failed, error: 13 (Permission denied)        | 126 | Permission denied
            Cannot run program "error=13, x": error=2, No such file or directory      | 127 | No such file or directory
            Cannot run program "x": CreateProcess error=2, The file is not there      | 127 | The file is not there
            out of memory                                                             | 127 | out of memory
            """)
    void theSystemsWordsAreFoundInWhatTheJdkTells(String message, int exitCode, String reason) {
        IOException failure = new IOException(message + (message.endsWith(")") ? " " : ""));
        assertThat(ChildCommand.exitCode(failure)).isEqualTo(exitCode);
        assertThat(ChildCommand.reason(failure)).isEqualTo(reason);
    }
}
