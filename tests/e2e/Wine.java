package e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A Windows of Wine's with a JVM for Windows and an nvml.dll that is a fake. What is not as on Windows: SIGTERM ends a
 * program at once, SIGINT is a Ctrl-C for one program alone, the build is 7601 whatever the version, OSHI does not find
 * its process, every wait is exact, the command interpreter knows no code pages and expands a doubled percent sign
 * twice, and a console is 80 columns wide.
 */
final class Wine implements AutoCloseable {

    private static final String JAVA_VARIABLE = "ENERGY_MONITOR_WINDOWS_JAVA";
    private static final String COMPILER = "x86_64-w64-mingw32-gcc";

    private final Path folder;
    private final Path javaHome;
    private final Path jar;
    private final Map<String, String> environment = new HashMap<>();

    /** Makes one below a folder. Aborts the test as skipped where Wine, mingw-w64 or the JVM is missing. */
    Wine(Path folder) throws IOException, InterruptedException {
        String java = System.getenv(JAVA_VARIABLE);
        assumeTrue(java != null && !java.isEmpty(), JAVA_VARIABLE + " names no JVM that .ci/windows has brought");
        assumeTrue(Tools.isInstalled("wine"), "wine is missing");
        assumeTrue(Tools.isInstalled(COMPILER), COMPILER + " is missing");
        this.folder = folder;
        this.javaHome = Path.of(java).toRealPath();
        environment.putAll(Map.of("WINEPREFIX", folder.resolve("prefix").toString(), "WINEDEBUG", "-all",
                "WINEDLLOVERRIDES", "mscoree=;mshtml=;winemenubuilder.exe=", "DISPLAY", "", "LC_ALL", "C.UTF-8",
                "HOME", folder.toString()));
        try (Program boot = unix("wineboot", "--init")) {
            jar = ExportedJar.portable(); // meanwhile
            finish(boot);
        }
        try (Program compiler = unix(COMPILER, "-std=gnu11", "-O1", "-Wall", "-shared", "-static", "-o",
                nvml().toString(), Project.FIXTURES.resolve("nvml/fake_nvml.c").toString(), "-lpthread")) {
            finish(compiler);
        }
    }

    private static void finish(Program program) throws InterruptedException {
        if (program.exitCode() != 0) {
            throw new IllegalStateException(program.toString());
        }
    }

    /** Where the driver's library lies. */
    Path nvml() {
        return folder.resolve("prefix/drive_c/windows/system32/nvml.dll");
    }

    /** The command that runs the monitor, in Windows' own terms. */
    List<String> monitorCommand(String... arguments) {
        List<String> command = new ArrayList<>(List.of(path(javaHome.resolve("bin/java.exe")), "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-jar", path(jar)));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The variables that make a program of Wine's run in this Windows. */
    Map<String, String> environment() {
        return environment;
    }

    /** Starts the monitor. */
    Program monitor(String... arguments) throws IOException {
        return program(monitorCommand(arguments));
    }

    /** Starts a command of Windows. */
    Program program(List<String> command) throws IOException {
        return program(Map.of(), command);
    }

    /** Starts a command of Windows with more variables. */
    Program program(Map<String, String> variables, List<String> command) throws IOException {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(variables);
        List<String> words = new ArrayList<>(List.of("wine"));
        words.addAll(command);
        return Program.start(folder, all, words);
    }

    private Program unix(String... command) throws IOException {
        return Program.start(folder, environment, List.of(command));
    }

    /** A file as Windows names it. */
    static String path(Path file) {
        return "Z:" + file.toAbsolutePath().toString().replace('/', '\\');
    }

    /** Ends all that runs in this Windows, and removes its drives, which lead to the whole machine. */
    @Override
    public void close() throws IOException, InterruptedException {
        try (Program end = unix("wineserver", "-k"); Program ended = unix("wineserver", "-w")) {
            end.exitCode();
            ended.exitCode();
        }
        try (DirectoryStream<Path> drives = Files.newDirectoryStream(folder.resolve("prefix/dosdevices"))) {
            for (Path drive : drives) {
                Files.delete(drive);
            }
        }
    }
}
