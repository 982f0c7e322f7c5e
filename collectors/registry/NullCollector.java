package collectors.registry;

import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.util.List;

/** For machines without any sensor: no devices. Clients still get the host's memory and description. */
public final class NullCollector implements TelemetryCollector {

    @Override
    public String platform() {
        return "null";
    }

    @Override
    public List<DeviceSample> collect() {
        return List.of();
    }
}
