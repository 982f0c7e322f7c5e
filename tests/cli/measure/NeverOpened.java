package cli.measure;

import collectors.CollectorContext;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts how often it was opened. */
public final class NeverOpened implements TelemetryCollector {

    static final AtomicInteger OPENED = new AtomicInteger();

    public NeverOpened(CollectorContext context) {
        OPENED.incrementAndGet();
    }

    @Override
    public String platform() {
        return "never";
    }

    @Override
    public List<DeviceSample> collect() {
        return List.of();
    }
}
