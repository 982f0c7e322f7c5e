package collectors.registry;

import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.util.List;

/** For machines without any sensor: no devices. Clients get the host's memory and description all the same. */
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
