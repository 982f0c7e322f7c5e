package e2e;

import collectors.Accounting;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.util.ArrayList;
import java.util.List;

/**
 * Eight large GPUs under a changing load, two CPUs, one with a name of 64 characters, and their memory: what a page has
 * to have room for.
 */
public final class BigMachineCollector implements TelemetryCollector {

    private static final int GPUS = 8;
    private static final String[] CPUS = {
        "Intel(R) Xeon(R) Platinum 8480CL CPU @ 2.00GHz, socket 0 of two.", "package-1"};
    private static final double GPU_MEMORY_MB = 81_559;

    private final List<DeviceSample> devices = new ArrayList<>();
    private final long startNanos = System.nanoTime();

    public BigMachineCollector() {
        for (int i = 0; i < GPUS; i++) {
            DeviceSample gpu = new DeviceSample("GPU-5f0a2c1e-93b4-47d8-a1c6-0d2e7b9f3a1" + i, DeviceKind.GPU,
                    "NVIDIA H100 80GB HBM3");
            gpu.powerLimitWatts = 700;
            gpu.memoryTotalMb = GPU_MEMORY_MB;
            devices.add(gpu);
        }
        for (int i = 0; i < 2; i++) {
            devices.add(new DeviceSample("intel-rapl:" + i, DeviceKind.CPU_PACKAGE, CPUS[i], Accounting.BESIDE));
            devices.add(new DeviceSample("intel-rapl:" + i + ":0", DeviceKind.DRAM, "dram", Accounting.BESIDE));
        }
    }

    @Override
    public String platform() {
        return "nvidia";
    }

    @Override
    public List<DeviceSample> collect() {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        for (int i = 0; i < GPUS; i++) {
            DeviceSample gpu = devices.get(i);
            double load = 0.5 + 0.5 * Math.sin(seconds / 3 + i * 0.7);
            gpu.powerWatts = 90 + 580 * load;
            gpu.energyCounterJoules = 380 * seconds + 290 * 3 * (Math.cos(i * 0.7) - Math.cos(seconds / 3 + i * 0.7));
            gpu.temperatureCelsius = 35 + 30 * load;
            gpu.memoryUsedMb = GPU_MEMORY_MB * (0.3 + 0.08 * i);
            gpu.utilizationPercent = 100 * load;
            gpu.memoryUtilizationPercent = 60 * load;
        }
        for (int i = GPUS; i < devices.size(); i++) {
            DeviceSample part = devices.get(i);
            boolean isMemory = part.kind == DeviceKind.DRAM;
            part.powerWatts = isMemory ? 24 : 210 + 40 * Math.sin(seconds + i);
            part.energyCounterJoules = isMemory ? 24 * seconds
                    : 210 * seconds + 40 * (Math.cos(i) - Math.cos(seconds + i));
        }
        return devices;
    }
}
