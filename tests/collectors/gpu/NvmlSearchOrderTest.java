package collectors.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import collectors.gpu.nvml.Nvml;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where NVML is looked for, on systems that are not at hand. */
class NvmlSearchOrderTest {

    @Test
    void windowsHasItInSystem32AndOlderDriversBesideNvidiaSmi() {
        assertThat(Nvml.candidates("Windows 11", Map.of("SystemRoot", "D:\\Win", "ProgramW6432", "D:\\Programs")))
                .containsExactly("D:\\Win\\System32\\nvml.dll",
                        "D:\\Programs\\NVIDIA Corporation\\NVSMI\\nvml.dll");
    }

    @Test
    void windowsWithoutItsVariablesIsTakenForAUsualOne() {
        assertThat(Nvml.candidates("Windows Server 2022", Map.of())).containsExactly(
                "C:\\Windows\\System32\\nvml.dll",
                "C:\\Program Files\\NVIDIA Corporation\\NVSMI\\nvml.dll");
    }

    @Test
    void windowsNeverTakesALibraryFromTheCurrentFolderOrThePath() {
        assertThat(Nvml.candidates("Windows 10", Map.of())).allMatch(candidate -> candidate.contains(":\\"));
    }

    @Test
    void linuxAsksTheSystemFirstThenWsl() {
        assertThat(Nvml.candidates("Linux", Map.of()))
                .startsWith("libnvidia-ml.so.1", "/usr/lib/wsl/lib/libnvidia-ml.so.1");
    }

    @Test
    void linuxNeverTakesTheDevelopmentStub() {
        assertThat(Nvml.candidates("Linux", Map.of())).allMatch(candidate -> candidate.endsWith("libnvidia-ml.so.1"));
    }
}
