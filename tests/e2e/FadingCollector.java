package e2e;

import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.util.List;

/** Two GPUs of 100 W; after half a second the second one gives nothing any more. */
public final class FadingCollector implements TelemetryCollector {

    private static final long LIFE_NANOS = 500_000_000;

    private final DeviceSample first = new DeviceSample("fading-0", DeviceKind.GPU, "Fading GPU");
    private final DeviceSample second = new DeviceSample("fading-1", DeviceKind.GPU, "Fading GPU");
    private final long startNanos = System.nanoTime();

    @Override
    public String platform() {
        return "fading";
    }

    @Override
    public List<DeviceSample> collect() {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        first.powerWatts = 100;
        second.clear();
        if (System.nanoTime() - startNanos < LIFE_NANOS) {
            second.energyCounterJoules = 100 * seconds;
        } else {
            second.problem = "the GPU is lost";
        }
        return List.of(first, second);
    }
}
