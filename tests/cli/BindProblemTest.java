package cli;

import static org.assertj.core.api.Assertions.assertThat;

import collectors.host.OperatingSystem;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

class BindProblemTest {

    @Test
    void aPortThatWindowsReservesComesWithTheCommandThatListsTheReservedOnes() {
        IOException failure = new IOException("Failed to bind", new SocketException("Permission denied: bind"));
        assertThat(describe(failure, OperatingSystem.WINDOWS)).contains("netsh interface ipv4 show excludedportrange",
                "--port");
        assertThat(describe(failure, OperatingSystem.LINUX)).contains("port 80 ", "give one from 1024 up with --port")
                .doesNotContain("netsh");
    }

    @Test
    void whatIsNotKnownIsToldAsItCame() {
        assertThat(describe(new IOException("odd"), OperatingSystem.LINUX))
                .isEqualTo("cannot serve on ::1 port 80: odd");
        assertThat(describe(new IOException("x", new BindException("Address already in use")), OperatingSystem.LINUX))
                .startsWith("port 80 on ::1 is in use: ");
    }

    private static String describe(IOException failure, OperatingSystem system) {
        return BindProblem.describe(failure, "::1", 80, "--port", system);
    }
}
