package collectors.host;

import static org.assertj.core.api.Assertions.assertThat;

import collectors.DeviceSample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OshiHostTest {

    @ParameterizedTest
    @CsvSource({"WINDOWS, 10.0, 22631, 10.0.22631", "WINDOWS, 10.0, , 10.0", "WINDOWS, 10.0, '', 10.0",
        "MACOS, 14.5, 23F79, 14.5"})
    void aWindowsKernelIsToldByItsBuild(OperatingSystem system, String version, String build, String kernel) {
        assertThat(OshiHost.kernelVersion(system, version, build)).isEqualTo(kernel);
    }

    @Test
    void aProcessThatOshiDoesNotFindHasNoKnownMemory() {
        assertThat(OshiHost.residentMb(null)).isEqualTo(DeviceSample.UNAVAILABLE);
    }

    @Test
    void theHostIsDescribed() {
        HostInfo info = new OshiHost().info();
        assertThat(info.osName()).isNotEmpty();
        assertThat(info.cpuCount()).isPositive();
        assertThat(new OshiHost().memoryUsedMb()).isPositive();
        assertThat(new OshiHost().ownResidentMb()).isPositive();
    }
}
