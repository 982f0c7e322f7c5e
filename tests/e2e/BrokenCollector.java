package e2e;

import collectors.CollectorUnavailableException;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.util.List;

/** Never works, and says so. */
public final class BrokenCollector implements TelemetryCollector {

    public BrokenCollector() throws CollectorUnavailableException {
        throw new CollectorUnavailableException("the sensor is not plugged in: plug it in");
    }

    @Override
    public String platform() {
        return "broken";
    }

    @Override
    public List<DeviceSample> collect() {
        throw new IllegalStateException("it was never opened");
    }
}
