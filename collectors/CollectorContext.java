package collectors;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Where and how a collector looks for its sensors.
 *
 * @param sysfs          where the kernel's /sys is
 * @param procfs         where the kernel's /proc is
 * @param environment    the environment variables, some of which choose a vendor's devices
 * @param intervalMillis milliseconds between two sweeps
 * @param devices        which devices: {@code visible}, {@code all}, or a list of indices and UUIDs
 * @param macosPower     what stands in the top-level fields on macOS
 * @param gpm            whether GPUs are to tell what works inside them, at the cost of some power
 */
public record CollectorContext(Path sysfs, Path procfs, Map<String, String> environment, long intervalMillis,
                               String devices, MacosPower macosPower, boolean gpm) {

    /** Without a look inside the GPUs. */
    public CollectorContext(Path sysfs, Path procfs, Map<String, String> environment, long intervalMillis,
                            String devices, MacosPower macosPower) {
        this(sysfs, procfs, environment, intervalMillis, devices, macosPower, false);
    }

    /** What a reading's top-level power and energy are on macOS. */
    public enum MacosPower {
        /** CPU, GPU and neural engine together. */
        COMBINED,
        /** The GPU alone, with CPU and neural engine in fields of their own. */
        GPU;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
