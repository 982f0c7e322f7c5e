package e2e;

import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.util.List;

/** A GPU that draws 100 W. */
public final class SteadyCollector implements TelemetryCollector {

    static final double WATTS = 100;

    private final DeviceSample gpu = new DeviceSample("steady-0", DeviceKind.GPU, "Steady, \"GPU\"");
    private final List<DeviceSample> devices = List.of(gpu);

    @Override
    public String platform() {
        return "steady";
    }

    @Override
    public List<DeviceSample> collect() {
        gpu.powerWatts = WATTS;
        return devices;
    }
}
