package collectors.gpu.nvml;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.gpu.nvml.Nvml.SUCCESS;

import collectors.Units;
import collectors.host.HostMemory;
import java.nio.file.Path;

/**
 * Asks a GPU, by the best of the functions that its driver has. Each question answers with a code, and {@link #value} is
 * the number then.
 */
public final class NvmlSensors {

    /** Our code for an energy that is not the GPU's alone, while its power is. */
    public static final int OF_MODULE = -3;

    private final Nvml nvml;
    private final HostMemory hostMemory;
    /** The GPU that the fields were told of; null when they were not. */
    private NvmlGpu fieldsOf;
    private double value;
    private long energyNanos;
    private double averagingSeconds = UNAVAILABLE;
    private double memoryUtilizationPercent = UNAVAILABLE;
    private NvmlActivity activityOf;

    /** Asks through that library; a GPU without memory of its own uses the host's. */
    public NvmlSensors(Nvml nvml, Path procfs) {
        this.nvml = nvml;
        hostMemory = new HostMemory(procfs.resolve("meminfo"));
    }

    /** The number of the latest answer that succeeded. */
    public double value() {
        return value;
    }

    /** Forgets what was told with one call. */
    public void forget() {
        fieldsOf = null;
    }

    /** Asks for what comes with one call; {@link #energy} and {@link #power} then return it. */
    public void refresh(NvmlGpu gpu) {
        fieldsOf = null;
        long now = System.nanoTime();
        if (nvml.fields() == null || !gpu.fields.mayTry(now)) {
            return;
        }
        if (nvml.fields().ask(gpu.handle, gpu.powerScope) == SUCCESS) {
            gpu.fields.succeeded();
            fieldsOf = gpu;
        } else {
            gpu.fields.failed(now); // the functions for each number tell why
        }
    }

    private boolean hasField(NvmlGpu gpu, int field) {
        return fieldsOf == gpu && nvml.fields().code(field) == SUCCESS;
    }

    /** Joules since the driver was loaded. */
    public int energy(NvmlGpu gpu) {
        energyNanos = 0;
        if (gpu.energyOfModule) {
            return OF_MODULE;
        }
        if (hasField(gpu, NvmlFields.TOTAL_ENERGY_CONSUMPTION)) {
            value = nvml.fields().number(NvmlFields.TOTAL_ENERGY_CONSUMPTION) / Units.MILLIS_PER_UNIT;
            energyNanos = nvml.fields().timestampNanos(NvmlFields.TOTAL_ENERGY_CONSUMPTION);
            return SUCCESS;
        }
        int code = nvml.readings().totalEnergyConsumption(gpu.handle);
        value = nvml.answer().asLong() / Units.MILLIS_PER_UNIT;
        return code;
    }

    /** The timestamp of the latest {@link #energy} in nanoseconds, 0 when it has none. */
    public long energyNanos() {
        return energyNanos;
    }

    /** Watts. */
    public int power(NvmlGpu gpu) {
        if (hasField(gpu, NvmlFields.POWER_AVERAGE)) {
            averagingSeconds = 1;
            value = nvml.fields().number(NvmlFields.POWER_AVERAGE) / Units.MILLIS_PER_UNIT;
            return SUCCESS;
        }
        if (gpu.isMeasuredAsModule()) {
            averagingSeconds = 0;
            value = instantPowerWatts();
            return hasField(gpu, NvmlFields.POWER_INSTANT) ? SUCCESS : Nvml.NOT_SUPPORTED;
        }
        averagingSeconds = gpu.averagingSeconds;
        int code = nvml.readings().powerUsage(gpu.handle);
        value = nvml.answer().asUnsigned() / Units.MILLIS_PER_UNIT;
        return code;
    }

    /** Over which time the latest {@link #power} is a mean, in seconds. */
    public double powerAveragingSeconds() {
        return averagingSeconds;
    }

    /** Watts at this moment, of the GPU that was {@linkplain #refresh refreshed} last. */
    public double instantPowerWatts() {
        return fieldsOf != null && hasField(fieldsOf, NvmlFields.POWER_INSTANT)
                ? nvml.fields().number(NvmlFields.POWER_INSTANT) / Units.MILLIS_PER_UNIT : UNAVAILABLE;
    }

    /** Degrees Celsius. */
    public int temperature(NvmlGpu gpu) {
        int code = nvml.readings().temperature(gpu.handle);
        value = nvml.answer().asInt();
        return code;
    }

    /** MiB. */
    public int memoryUsed(NvmlGpu gpu) {
        int code = nvml.readings().memoryInfo(gpu.handle);
        if (code == Nvml.NOT_SUPPORTED && gpu.unifiedMemory) {
            value = hostMemory.usedMib();
            return value >= 0 ? SUCCESS : code;
        }
        value = nvml.answer().secondLong() / Units.BYTES_PER_MIB;
        return code;
    }

    /** MiB. */
    public int memoryTotal(NvmlGpu gpu) {
        int code = nvml.readings().memoryInfo(gpu.handle);
        if (code == Nvml.NOT_SUPPORTED && gpu.unifiedMemory) {
            value = hostMemory.totalMib();
            return value >= 0 ? SUCCESS : code;
        }
        value = nvml.answer().asLong() / Units.BYTES_PER_MIB;
        return code;
    }

    /** Percent of time in which a kernel ran, and {@link #memoryUtilizationPercent}. */
    public int utilization(NvmlGpu gpu) {
        int code = nvml.readings().utilizationRates(gpu.handle);
        value = nvml.answer().asInt();
        memoryUtilizationPercent = nvml.answer().secondInt();
        return code;
    }

    public double memoryUtilizationPercent() {
        return memoryUtilizationPercent;
    }

    /** Watts. */
    public int powerLimit(NvmlGpu gpu) {
        int code = nvml.readings().enforcedPowerLimit(gpu.handle);
        value = nvml.answer().asUnsigned() / Units.MILLIS_PER_UNIT;
        return code;
    }

    /** What works inside a GPU that {@linkplain NvmlGpu#tellsActivity tells} it, since the call before. */
    public int activity(NvmlGpu gpu) {
        activityOf = gpu.activity;
        return gpu.activity.update(gpu.handle, System.nanoTime());
    }

    /** Percent of the SMs that were busy, by the latest {@link #activity}. */
    public double smActivityPercent() {
        return activityOf.smPercent();
    }

    /** Percent of time in which tensor cores worked, by the latest {@link #activity}. */
    public double tensorActivityPercent() {
        return activityOf.tensorPercent();
    }

    /** Percent of the memory's bandwidth that was used, by the latest {@link #activity}. */
    public double dramActivityPercent() {
        return activityOf.dramPercent();
    }
}
