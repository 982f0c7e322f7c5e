package e2e;

import collectors.CollectorContext;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.util.ArrayList;
import java.util.List;

/** As many GPUs as MANY_GPUS says, with long names, steady power, and a last one that has nothing to say. */
public final class ManyGpusCollector implements TelemetryCollector {

    private final List<DeviceSample> gpus = new ArrayList<>();
    private final long startNanos = System.nanoTime();

    public ManyGpusCollector(CollectorContext context) {
        int count = Integer.parseInt(context.environment().getOrDefault("MANY_GPUS", "8"));
        for (int i = 0; i < count; i++) {
            gpus.add(new DeviceSample("gpu-" + i, DeviceKind.GPU, "NVIDIA H100 80GB HBM3"
                    + (i % 2 == 0 ? "" : " MIG 1g.10gb")));
        }
        if (count > 1) {
            DeviceSample cpu = new DeviceSample("package-0", DeviceKind.CPU_PACKAGE, "package-0");
            gpus.add(gpus.size() - 1, cpu);
        }
    }

    @Override
    public String platform() {
        return "many";
    }

    @Override
    public List<DeviceSample> collect() {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        for (int i = 0; i < gpus.size(); i++) {
            DeviceSample gpu = gpus.get(i);
            double share = 0.5 + 0.5 * Math.sin(seconds / 3 + i);
            if (gpu.kind == DeviceKind.CPU_PACKAGE) {
                gpu.powerWatts = 150;
            } else if (i > 0 && i == gpus.size() - 1) {
                gpu.problem = "the GPU has fallen off the bus";
            } else {
                gpu.powerWatts = 1234.5 - 1134.5 * share;
                gpu.powerLimitWatts = 1400;
                gpu.utilizationPercent = 100 * (1 - share);
                gpu.temperatureCelsius = 85 - 50 * share;
                gpu.memoryTotalMb = 81559;
                gpu.memoryUsedMb = 79000 * (1 - share);
            }
        }
        return gpus;
    }
}
