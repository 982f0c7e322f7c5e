package e2e;

import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.util.List;

/** The big machine, which loses a GPU some seconds after its start. */
public final class LosingGpuCollector implements TelemetryCollector {

    static final String REASON =
            "NVML: GPU is lost (15): it has fallen off the bus; look at dmesg for Xid 79, then reboot";

    private static final int LOST = 3;
    private static final long LOST_AFTER_NANOS = 6_000_000_000L;

    private final BigMachineCollector machine = new BigMachineCollector();
    private final long startNanos = System.nanoTime();

    @Override
    public String platform() {
        return machine.platform();
    }

    @Override
    public List<DeviceSample> collect() {
        List<DeviceSample> devices = machine.collect();
        if (System.nanoTime() - startNanos > LOST_AFTER_NANOS) {
            devices.get(LOST).clear();
            devices.get(LOST).problem = REASON;
        }
        return devices;
    }
}
