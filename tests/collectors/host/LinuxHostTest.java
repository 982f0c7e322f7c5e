package collectors.host;

import static org.assertj.core.api.Assertions.assertThat;

import collectors.DeviceSample;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinuxHostTest {

    @TempDir
    Path procfs;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NAME="Debian GNU/Linux"   | Debian GNU/Linux
            NAME=Fedora               | Fedora
            NAME='Alpine Linux'       | Alpine Linux
            PRETTY_NAME="Debian 12"   | unknown
            """)
    void theDistributionsNameIsReadHoweverItIsQuoted(String osRelease, String name) {
        assertThat(LinuxHost.osReleaseValue("ID=x\n" + osRelease + "\n", "NAME", "unknown")).isEqualTo(name);
    }

    @Test
    void theCpusBrandIsItsModelsNameOrOnArmItsCores() {
        assertThat(LinuxHost.cpuBrand("processor\t: 0\nmodel name\t: AMD EPYC 9654\nmodel\t: 17\n"))
                .isEqualTo("AMD EPYC 9654");
        assertThat(LinuxHost.cpuBrand("processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd4f\n"))
                .isEqualTo("ARM Neoverse-V2");
        assertThat(LinuxHost.cpuBrand("processor\t: 0\nCPU implementer\t: 0x99\nCPU part\t: 0x001\n"))
                .isEqualTo("ARM 0x99/0x001");
        assertThat(LinuxHost.cpuBrand("")).isEmpty();
    }

    @Test
    void memoryInUseIsTotalMinusAvailableAndReadAnew() throws Exception {
        Path memInfo = procfs.resolve("meminfo");
        Files.writeString(memInfo, "MemTotal:       16384000 kB\nMemFree:  100 kB\nMemAvailable:    8192000 kB\n");
        LinuxHost host = new LinuxHost(procfs);
        assertThat(host.memoryUsedMb()).isEqualTo(8000);
        Files.writeString(memInfo, "MemTotal:       16384000 kB\nMemFree:  100 kB\nMemAvailable:    4096000 kB\n");
        assertThat(host.memoryUsedMb()).isEqualTo(12000);
    }

    @Test
    void memoryIsUnavailableWhereTheKernelDoesNotTellIt() throws Exception {
        LinuxHost host = new LinuxHost(procfs);
        assertThat(host.memoryUsedMb()).isEqualTo(DeviceSample.UNAVAILABLE);
        Files.writeString(procfs.resolve("meminfo"), "MemTotal:       16384000 kB\nMemFree:        100 kB\n");
        assertThat(host.memoryUsedMb()).isEqualTo(DeviceSample.UNAVAILABLE);
    }

    @Test
    void theHostIsDescribedFromTheKernelsFiles() throws Exception {
        Files.createDirectories(procfs.resolve("sys/kernel"));
        Files.writeString(procfs.resolve("sys/kernel/osrelease"), "6.1.0-18-amd64\n");
        Files.writeString(procfs.resolve("sys/kernel/hostname"), "node7\n");
        Files.writeString(procfs.resolve("cpuinfo"),
                "processor\t: 0\nmodel name\t: A CPU\n\nprocessor\t: 1\nmodel name\t: A CPU\n");
        HostInfo info = new LinuxHost(procfs).info();
        assertThat(info.kernelVersion()).isEqualTo("6.1.0-18-amd64");
        assertThat(info.hostName()).isEqualTo("node7");
        assertThat(info.cpuCount()).isEqualTo(2);
        assertThat(info.cpuBrand()).isEqualTo("A CPU");
        assertThat(info.osName()).isNotEmpty();
    }
}
