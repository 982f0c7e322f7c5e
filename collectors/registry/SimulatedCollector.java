package collectors.registry;

import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.GpuInfo;
import collectors.TelemetryCollector;
import collectors.Units;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Two made-up GPUs, for trying clients without hardware. Their power follows known curves, so that their energy is
 * known exactly: one has an energy counter, the other's energy has to be integrated.
 */
public final class SimulatedCollector implements TelemetryCollector {

    private static final double SINE_MEAN_WATTS = 200;
    private static final double SINE_AMPLITUDE_WATTS = 100;
    private static final double SINE_PERIOD_SECONDS = 10;
    private static final double TRIANGLE_LOW_WATTS = 50;
    private static final double TRIANGLE_HIGH_WATTS = 150;
    private static final double TRIANGLE_PERIOD_SECONDS = 4;

    private final LongSupplier nanoTime;
    private final long startNanos;
    private final DeviceSample sine = new DeviceSample("simulated-0", DeviceKind.GPU, "Simulated GPU");
    private final DeviceSample triangle = new DeviceSample("simulated-1", DeviceKind.GPU, "Simulated GPU");
    private final List<DeviceSample> devices = List.of(sine, triangle);

    public SimulatedCollector() {
        this(System::nanoTime);
    }

    SimulatedCollector(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
    }

    @Override
    public String platform() {
        return "simulated";
    }

    @Override
    public GpuInfo gpuInfo() {
        return GpuInfo.of(List.of(sine.name, triangle.name), "Simulated", "simulated");
    }

    @Override
    public List<DeviceSample> collect() {
        double seconds = (nanoTime.getAsLong() - startNanos) / Units.NANOS_PER_SECOND;
        sine.powerWatts = sineWatts(seconds);
        sine.energyCounterJoules = sineJoules(seconds);
        fillFromPower(sine, SINE_MEAN_WATTS + SINE_AMPLITUDE_WATTS);
        triangle.powerWatts = triangleWatts(seconds);
        fillFromPower(triangle, TRIANGLE_HIGH_WATTS);
        return devices;
    }

    private static void fillFromPower(DeviceSample device, double limitWatts) {
        device.powerLimitWatts = limitWatts;
        device.utilizationPercent = 100 * device.powerWatts / limitWatts;
        device.memoryUtilizationPercent = device.utilizationPercent / 2;
        device.temperatureCelsius = 30 + device.utilizationPercent / 2;
        device.memoryTotalMb = 16384;
        device.memoryUsedMb = 4096;
    }

    /** Watts of the first device: a sine of 10 s between 100 W and 300 W. */
    static double sineWatts(double seconds) {
        return SINE_MEAN_WATTS + SINE_AMPLITUDE_WATTS * Math.sin(2 * Math.PI * seconds / SINE_PERIOD_SECONDS);
    }

    /** The integral of {@link #sineWatts} from 0. */
    static double sineJoules(double seconds) {
        double radiansPerSecond = 2 * Math.PI / SINE_PERIOD_SECONDS;
        return SINE_MEAN_WATTS * seconds
                + SINE_AMPLITUDE_WATTS / radiansPerSecond * (1 - Math.cos(radiansPerSecond * seconds));
    }

    /** Watts of the second device: up from 50 W to 150 W and down again in 4 s. */
    static double triangleWatts(double seconds) {
        double phase = seconds / TRIANGLE_PERIOD_SECONDS % 1.0;
        double height = phase < 0.5 ? 2 * phase : 2 - 2 * phase;
        return TRIANGLE_LOW_WATTS + (TRIANGLE_HIGH_WATTS - TRIANGLE_LOW_WATTS) * height;
    }
}
