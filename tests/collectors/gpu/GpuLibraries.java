package collectors.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The real headers and libraries of GPU vendors, as {@code .ci/gpu-libraries} has brought them. */
final class GpuLibraries {

    private static final String VARIABLE = "ENERGY_MONITOR_GPU_LIBRARIES";

    private GpuLibraries() {
    }

    /** The files of that name, one for each package. Aborts the test as skipped where they were not brought. */
    static List<Path> named(String pattern) throws IOException {
        String folder = System.getenv(VARIABLE);
        Assumptions.assumeTrue(folder != null && !folder.isEmpty(), VARIABLE + " names no folder that .ci/gpu-libraries has filled");
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            return files.filter(file -> file.getFileName().toString().matches(pattern)).filter(Files::exists)
                    .sorted().toList();
        }
    }

    /** What a command prints, once it has ended well. */
    static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " ended with " + process.exitValue() + ":\n"
                    + output);
        }
        return output;
    }

    /** The package that a file is from. */
    static String packageOf(Path file) {
        return Path.of(System.getenv(VARIABLE)).relativize(file).getName(0).toString();
    }
}
