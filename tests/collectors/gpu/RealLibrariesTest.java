package collectors.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The vendors' own libraries, without a card, and over a made-up /sys. Each runs in a process of its own. */
class RealLibrariesTest {

    @TempDir
    Path folder;

    @Test
    void everyDriversNvmlIsBoundAndRefusedClearlyWithoutACard() throws Exception {
        assumeTrue(Files.notExists(Path.of("/proc/driver/nvidia")), "there is an NVIDIA driver here");
        List<Path> libraries = GpuLibraries.named("libnvidia-ml\\.so\\.1");
        assertThat(libraries).as("drivers").hasSizeGreaterThanOrEqualTo(3);
        for (Path library : libraries) {
            assertThat(read(List.of(), "nvml", library.toString())).as(GpuLibraries.packageOf(library))
                    .isEqualTo("refused: NVML cannot start: Driver Not Loaded (NVML code 9)\n");
        }
    }

    @Test
    void everyAmdLibraryIsRefusedClearlyWithoutACard() throws Exception {
        assumeTrue(Files.notExists(Path.of("/sys/module/amdgpu")), "there is an AMD driver here");
        int bound = 0;
        for (Path library : amdLibraries()) {
            String said = read(List.of(), kind(library), library.toString());
            assertThat(said).as(GpuLibraries.packageOf(library)).containsPattern("(?m)^refused: ").doesNotContain("not installed")
                    .containsAnyOf("shows no AMD GPU", "cannot start", "cannot be loaded");
            if (said.contains("cannot be loaded")) { // made for a newer C library, or needs another one
                assertThat(said).containsAnyOf("' not found (required by", "cannot open shared object file");
            } else {
                bound++;
            }
        }
        assertThat(bound).as("libraries that this machine can load").isPositive();
    }

    @Test
    void everyAmdLibraryTellsWhatTheMadeUpMachineShows() throws Exception {
        requireRoot();
        Path sys = folder.resolve("sys");
        new AmdMachine(sys).gpu(0, 3, 0x740f, 0x1a2b3c4d5e6f7788L, "power1_average", 90_000_000)
                .gpu(1, 4, 0x740f, 0x1a2b3c4d5e6f7799L, "power1_average", 125_000_000);
        String[] metrics = Stream.of(3, 4).map(bus -> AmdMachine.metricsFile(sys, bus).toString())
                .toArray(String[]::new);
        int read = 0;
        for (Path library : amdLibraries()) {
            List<String> arguments = new ArrayList<>(List.of(kind(library), library.toString()));
            arguments.addAll(List.of(metrics));
            String said = read(mounting(sys + " /sys"), arguments.toArray(String[]::new));
            if (said.contains("cannot be loaded")) { // by this machine
                said = read(mounting(sys + " /sys", newerSystem()), arguments.toArray(String[]::new));
            }
            assertThat(said).as(GpuLibraries.packageOf(library)).doesNotContain("cannot be loaded");
            read++;
            for (String line : List.of("1 GPU-1a2b3c4d5e6f7788 AMD .*: 90\\.000 W, 1100\\.000 J, 47\\.0 C, "
                            + "1024 of 65536 MiB, 17 %, limit 300 W, .*", "1 GPU-1a2b3c4d5e6f7799 .*: 125\\.000 W, .*",
                    "2 GPU-1a2b3c4d5e6f7788 .*, 1200\\.000 J, .*",
                    "3 GPU-1a2b3c4d5e6f7788 .*: 90\\.000 W, -1\\.000 J, .*", // its timestamp is an old one
                    "4 GPU-1a2b3c4d5e6f7788 .*, 1400\\.000 J, .*")) {
                assertThat(said.lines()).as(GpuLibraries.packageOf(library)).anyMatch(told -> told.matches(line));
            }
        }
        assertThat(read).as("libraries").isGreaterThanOrEqualTo(5);
    }

    @Test
    void amdSmiRunsItsOwnCodeThoughRocmSmiHasTheSameSymbols() throws Exception {
        requireRoot();
        Path sys = folder.resolve("sys");
        new AmdMachine(sys).gpu(0, 3, 0x740f, 0x1a2b3c4d5e6f7788L, "power1_average", 90_000_000);
        List<Path> rocm = GpuLibraries.named("librocm_smi64\\.so\\.\\d+");
        List<Path> amd = GpuLibraries.named("libamd_smi\\.so\\.\\d+");
        for (Path library : amd) {
            assertThat(read(mounting(sys + " /sys", newerSystem()), "amd", rocm.get(rocm.size() - 1) + ":" + library,
                    AmdMachine.metricsFile(sys, 3).toString())).as(GpuLibraries.packageOf(library))
                    .contains("AMD SMI: AMD Instinct MI210 x1\n").contains(": 90.000 W, 1400.000 J, 47.0 C, ");
        }
    }

    @Test
    void theSecondDieOfAnMi250IsLeftToTheFirst() throws Exception {
        requireRoot();
        Path sys = folder.resolve("sys");
        new AmdMachine(sys).gpu(0, 3, 0x740c, 0x1a2b3c4d5e6f7788L, "power1_average", 90_000_000)
                .gpu(1, 4, 0x740c, 0, "power1_oem_info", 0); // kernels from 6.12 on have no file for its power
        for (Path library : amdLibraries()) {
            String said = read(mounting(sys + " /sys", newerSystem()), kind(library), library.toString(),
                    AmdMachine.metricsFile(sys, 3).toString());
            assertThat(said.lines()).as(GpuLibraries.packageOf(library))
                    .anyMatch(line -> line.matches("1 GPU-1a2b3c4d5e6f7788 .*: 90\\.000 W, 1100\\.000 J, .*"))
                    .anyMatch(line -> line.matches("1 0000:04:00\\.0 .*: -1\\.000 W, -1\\.000 J, 47\\.0 C, .*, "
                            + "the other part of its module or board measures its power too"));
        }
    }

    private static void requireRoot() {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root may mount another /sys");
    }

    /** A command that runs another one where folders stand in the place of others. */
    private static List<String> mounting(String... folders) {
        String mounts = Stream.of(folders).map(folder -> "mount --bind " + folder + " && ").collect(Collectors.joining());
        return List.of("unshare", "-m", "sh", "-c", mounts + "exec \"$@\"", "-");
    }

    /** The libraries of a newer system in the place of this one's; nothing but the JVM has to run with them. */
    private static String newerSystem() throws Exception {
        String libraries = "/usr/lib/" + System.getProperty("os.arch").replace("amd64", "x86_64") + "-linux-gnu";
        return GpuLibraries.named("newer-system").get(0) + libraries + " " + libraries;
    }

    private static List<Path> amdLibraries() throws Exception {
        List<Path> libraries = new ArrayList<>(GpuLibraries.named("librocm_smi64\\.so\\.\\d+"));
        libraries.addAll(GpuLibraries.named("libamd_smi\\.so\\.\\d+"));
        return libraries;
    }

    private static String kind(Path library) {
        return library.getFileName().toString().contains("rocm") ? "rocm" : "amd";
    }

    private static String read(List<String> before, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), RealLibraryReader.class.getName()));
        command.addAll(List.of(arguments));
        return GpuLibraries.run(command);
    }
}
