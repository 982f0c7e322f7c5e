package collectors.linux;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Whether the kernel has suspended a device to save power: then it must not be asked anything, as that would wake it
 * (Documentation/ABI/testing/sysfs-devices-power).
 */
public final class RuntimeSuspend implements AutoCloseable {

    private static final long LOOK_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Null when the device is never suspended. */
    private final SysfsFile status;
    private long lookedNanos;
    private boolean looked;
    private boolean asleep;

    private RuntimeSuspend(SysfsFile status) {
        this.status = status;
    }

    /** For a device that is never suspended. */
    public static RuntimeSuspend never() {
        return new RuntimeSuspend(null);
    }

    /**
     * Watches the device with that folder. Whether it may be suspended at all (power/control) is not asked: power
     * managers change that while the monitor runs.
     */
    public static RuntimeSuspend of(Path device) {
        Path status = device.resolve("power/runtime_status");
        return Files.exists(status) ? new RuntimeSuspend(new SysfsFile(status)) : never();
    }

    /** Whether it is asleep; looked up ten times a second at most. */
    public boolean isAsleep(long nowNanos) {
        if (status != null && (!looked || nowNanos - lookedNanos >= LOOK_INTERVAL_NANOS)) {
            looked = true;
            lookedNanos = nowNanos;
            asleep = status.startsWith("suspend");
        }
        return asleep;
    }

    @Override
    public void close() {
        if (status != null) {
            status.close();
        }
    }
}
