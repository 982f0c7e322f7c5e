package collectors;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where and how a collector is to look for its sensors.
 *
 * @param sysfs          where the kernel's /sys is
 * @param procfs         where the kernel's /proc is
 * @param environment    the environment variables that vendors' libraries go by
 * @param intervalMillis milliseconds between two sweeps
 */
public record CollectorContext(Path sysfs, Path procfs, Map<String, String> environment, long intervalMillis) {

    /** The machine as it is. */
    public static CollectorContext ofThisMachine(long intervalMillis) {
        return new CollectorContext(Path.of("/sys"), Path.of("/proc"), System.getenv(), intervalMillis);
    }
}
