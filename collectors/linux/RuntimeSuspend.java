package collectors.linux;

import collectors.gpu.SensorQuery;
import java.nio.file.Path;

/**
 * Whether the kernel has suspended a device to save power: then it is not to be asked anything, as that would wake it
 * (Documentation/ABI/testing/sysfs-devices-power).
 */
public final class RuntimeSuspend implements AutoCloseable {

    /** Null where the device is never suspended. */
    private final SysfsFile status;
    private long askedNanos;
    private boolean asked;
    private boolean asleep;

    private RuntimeSuspend(SysfsFile status) {
        this.status = status;
    }

    /** Watches a device that is never suspended. */
    public static RuntimeSuspend never() {
        return new RuntimeSuspend(null);
    }

    /** Watches the device with that folder. The kernel suspends only what its owner has set to auto. */
    public static RuntimeSuspend of(Path device) {
        return "auto".equals(SysfsFile.text(device.resolve("power/control")))
                ? new RuntimeSuspend(new SysfsFile(device.resolve("power/runtime_status"))) : never();
    }

    /** Whether it is asleep; looked up ten times a second at most. */
    public boolean isAsleep(long now) {
        if (status != null && (!asked || now - askedNanos >= SensorQuery.NOW_AND_THEN)) {
            asked = true;
            askedNanos = now;
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
