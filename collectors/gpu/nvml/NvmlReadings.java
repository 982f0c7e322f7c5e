package collectors.gpu.nvml;

import collectors.gpu.NativeSearch;
import com.sun.jna.NativeLibrary;

/**
 * What a GPU's sensors say, a function for each number. Each call answers with a code, and leaves the number in the
 * {@link NvmlAnswer}.
 */
public final class NvmlReadings {

    /** {@code nvmlMemory_v2_t}: 40 bytes, version 2. */
    public static final int MEMORY_V2_VERSION = 40 | (2 << 24);
    /** {@code nvmlTemperature_v1_t}: 12 bytes, version 1. */
    public static final int TEMPERATURE_V1_VERSION = 12 | (1 << 24);
    public static final int TEMPERATURE_GPU = 0;

    // JNA binds all natives of a class or none: what a driver may lack stands in a class of its own.
    private static final class PowerUsage {
        static native int nvmlDeviceGetPowerUsage(long device, long milliwatts);
    }

    private static final class TotalEnergy {
        static native int nvmlDeviceGetTotalEnergyConsumption(long device, long millijoules);
    }

    private static final class PowerLimit {
        static native int nvmlDeviceGetEnforcedPowerLimit(long device, long milliwatts);
    }

    private static final class Temperature {
        static native int nvmlDeviceGetTemperature(long device, int sensor, long celsius);
    }

    private static final class TemperatureV {
        static native int nvmlDeviceGetTemperatureV(long device, long temperature);
    }

    private static final class MemoryInfo {
        static native int nvmlDeviceGetMemoryInfo(long device, long memory);
    }

    private static final class MemoryInfoV2 {
        static native int nvmlDeviceGetMemoryInfo_v2(long device, long memory);
    }

    private static final class Utilization {
        static native int nvmlDeviceGetUtilizationRates(long device, long utilization);
    }

    private final NvmlAnswer answer;
    private final boolean hasPowerUsage;
    private final boolean hasTotalEnergy;
    private final boolean hasPowerLimit;
    private final boolean hasTemperature;
    private final boolean hasTemperatureV;
    private final boolean hasMemoryInfo;
    private final boolean hasMemoryInfoV2;
    private final boolean hasUtilization;

    NvmlReadings(NativeLibrary library, NvmlAnswer answer) {
        this.answer = answer;
        hasPowerUsage = NativeSearch.bind(PowerUsage.class, library);
        hasTotalEnergy = NativeSearch.bind(TotalEnergy.class, library);
        hasPowerLimit = NativeSearch.bind(PowerLimit.class, library);
        hasTemperature = NativeSearch.bind(Temperature.class, library);
        hasTemperatureV = NativeSearch.bind(TemperatureV.class, library);
        hasMemoryInfo = NativeSearch.bind(MemoryInfo.class, library);
        hasMemoryInfoV2 = NativeSearch.bind(MemoryInfoV2.class, library);
        hasUtilization = NativeSearch.bind(Utilization.class, library);
    }

    /** {@link NvmlAnswer#asUnsigned}: mW of the whole board; an average over 1 s on most chips since Ampere. */
    public int powerUsage(long device) {
        return hasPowerUsage ? answer.intOrNone(PowerUsage.nvmlDeviceGetPowerUsage(device, answer.address))
                : Nvml.FUNCTION_NOT_FOUND;
    }

    /** {@link NvmlAnswer#asLong}: mJ since the driver was loaded; Volta and later. */
    public int totalEnergyConsumption(long device) {
        if (!hasTotalEnergy) {
            return Nvml.FUNCTION_NOT_FOUND;
        }
        int code = TotalEnergy.nvmlDeviceGetTotalEnergyConsumption(device, answer.address);
        return code == Nvml.SUCCESS && answer.asLong() < 0 ? Nvml.NOT_SUPPORTED : code;
    }

    /** {@link NvmlAnswer#asUnsigned}: mW. */
    public int enforcedPowerLimit(long device) {
        return hasPowerLimit ? answer.intOrNone(PowerLimit.nvmlDeviceGetEnforcedPowerLimit(device, answer.address))
                : Nvml.FUNCTION_NOT_FOUND;
    }

    /** {@link NvmlAnswer#asInt}: °C. Newer drivers have it under a new name, and the old one is to go. */
    public int temperature(long device) {
        int code = hasTemperature
                ? answer.intOrNone(Temperature.nvmlDeviceGetTemperature(device, TEMPERATURE_GPU, answer.address))
                : Nvml.FUNCTION_NOT_FOUND;
        if (!hasTemperatureV || code != Nvml.FUNCTION_NOT_FOUND && code != Nvml.NOT_SUPPORTED
                && code != Nvml.DEPRECATED) {
            return code;
        }
        answer.memory.setInt(0, TEMPERATURE_V1_VERSION);
        answer.memory.setInt(4, TEMPERATURE_GPU);
        code = TemperatureV.nvmlDeviceGetTemperatureV(device, answer.address);
        answer.memory.setInt(0, answer.memory.getInt(8));
        return answer.intOrNone(code);
    }

    /**
     * {@link NvmlAnswer#asLong} and {@link NvmlAnswer#secondLong}: bytes installed, and in use without the driver's own
     * where that is known.
     */
    public int memoryInfo(long device) {
        if (hasMemoryInfoV2) {
            answer.memory.setLong(0, MEMORY_V2_VERSION);
            int code = MemoryInfoV2.nvmlDeviceGetMemoryInfo_v2(device, answer.address);
            if (code == Nvml.SUCCESS) {
                answer.memory.setLong(0, answer.memory.getLong(8));
                answer.memory.setLong(8, answer.memory.getLong(32));
                return memoryOrNone();
            }
        }
        if (!hasMemoryInfo) {
            return Nvml.FUNCTION_NOT_FOUND;
        }
        int code = MemoryInfo.nvmlDeviceGetMemoryInfo(device, answer.address);
        answer.memory.setLong(8, answer.memory.getLong(16));
        return code == Nvml.SUCCESS ? memoryOrNone() : code;
    }

    /**
     * Percent of time: {@link NvmlAnswer#asInt} in which a kernel ran, {@link NvmlAnswer#secondInt} in which memory was
     * used.
     */
    public int utilizationRates(long device) {
        return hasUtilization ? answer.intOrNone(Utilization.nvmlDeviceGetUtilizationRates(device, answer.address))
                : Nvml.FUNCTION_NOT_FOUND;
    }

    private int memoryOrNone() {
        return answer.asLong() < 0 || answer.secondLong() < 0 ? Nvml.NOT_SUPPORTED : Nvml.SUCCESS;
    }
}
