package e2e;

import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.util.List;

/** A GPU whose counter counts 1.7 times what its power makes. */
public final class DisagreeingCollector implements TelemetryCollector {

    private final long startNanos = System.nanoTime();
    private final DeviceSample gpu = new DeviceSample("odd-0", DeviceKind.GPU, "Odd GPU");
    private final List<DeviceSample> devices = List.of(gpu);

    @Override
    public String platform() {
        return "odd";
    }

    @Override
    public String source() {
        return "a made-up library 1.2.3";
    }

    @Override
    public List<DeviceSample> collect() {
        gpu.powerWatts = 100;
        gpu.energyCounterJoules = 170 * (System.nanoTime() - startNanos) / 1e9;
        return devices;
    }
}
