package cli.install;

import cli.options.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The Python package of Intelligence Per Watt, in whose {@code telemetry/bin/<platform>} its launcher looks for the
 * monitor.
 */
final class IpwPackage {

    /** Where the package lies in a checkout. */
    private static final List<String> PLACES = List.of("", "src/ipw", "intelligence-per-watt/src/ipw", "ipw");

    private final Path telemetry;

    private IpwPackage(Path telemetry) {
        this.telemetry = telemetry;
    }

    /**
     * Finds the package.
     *
     * @param folder a checkout, the package, or its folder telemetry/bin
     * @throws UserError when there is no such package
     */
    static IpwPackage find(Path folder) throws UserError {
        Path absolute = folder.toAbsolutePath().normalize();
        for (String place : PLACES) {
            Path telemetry = absolute.resolve(place).resolve("telemetry");
            if (isTelemetry(telemetry)) {
                return new IpwPackage(telemetry);
            }
        }
        if (absolute.endsWith("bin") && isTelemetry(absolute.getParent())) {
            return new IpwPackage(absolute.getParent());
        }
        throw new UserError(folder + " is no checkout of intelligence-per-watt: give its folder, the package's (ipw), "
                + "or the package's telemetry/bin");
    }

    private static boolean isTelemetry(Path folder) {
        return Files.isRegularFile(folder.resolve("launcher.py")) || Files.isRegularFile(folder.resolve("proto.py"));
    }

    /** Where the launcher of that platform looks for the monitor. */
    Path monitor(String platform) {
        return telemetry.resolve("bin").resolve(platform).resolve("energy-monitor");
    }

    /** What the monitor is started with: a client that knows the CPU's fields wants its CPU there. */
    String flags(String platform) throws IOException {
        String cpu = platform.startsWith("macos") ? " --macos-power gpu"
                : platform.startsWith("linux") ? " --cpu-fields separate" : "";
        return "--exit-with-parent" + (knowsCpuPower() ? cpu : "");
    }

    /** Whether the package's client knows the fields from 10 on, and so the CPU beside the GPU. */
    private boolean knowsCpuPower() throws IOException {
        try (Stream<Path> files = Files.list(telemetry)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".py")).toList()) {
                if (Files.readString(file).contains("cpu_power_watts")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The platform's name as the package's launcher makes it from Python's {@code platform}. */
    static String platform(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT);
        String system = os.startsWith("mac") ? "macos" : os.startsWith("windows") ? "windows" : "linux";
        boolean arm = osArch.equals("aarch64") || osArch.equals("arm64");
        return system + "-" + (arm ? "arm64" : "x86_64");
    }
}
