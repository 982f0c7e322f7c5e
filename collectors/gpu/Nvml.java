package collectors.gpu;

import collectors.CollectorUnavailableException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NVIDIA's management library, bound with JNA direct mapping. Names, signatures, codes and units are those of nvml.h.
 * Pointers travel as {@code long} and answers come back in one buffer, so that a call allocates nothing.
 *
 * <p>The buffer makes an instance usable by one thread at a time. Natives are bound per class: a second
 * {@link #load} rebinds them for every instance.
 */
final class Nvml {

    static final int SUCCESS = 0;
    static final int UNINITIALIZED = 1;
    static final int INVALID_ARGUMENT = 2;
    static final int NOT_SUPPORTED = 3;
    static final int NO_PERMISSION = 4;
    static final int NOT_FOUND = 6;
    static final int DRIVER_NOT_LOADED = 9;
    static final int FUNCTION_NOT_FOUND = 13;
    static final int GPU_IS_LOST = 15;
    static final int RESET_REQUIRED = 16;
    /** The device is blocked by the operating system, such as by a container's device rules. */
    static final int OPERATING_SYSTEM = 17;
    static final int LIB_RM_VERSION_MISMATCH = 18;
    /** What {@code nvmlDeviceGetTemperature} answers from CUDA 14 on. */
    static final int DEPRECATED = 26;

    /** {@code NVML_DEVICE_ARCH_AMPERE}; older ones have lower numbers. */
    static final int ARCHITECTURE_AMPERE = 7;
    /** {@code NVML_DEVICE_ARCH_UNKNOWN}. */
    static final int ARCHITECTURE_UNKNOWN = -1;

    /** {@code NVML_DEVICE_NAME_V2_BUFFER_SIZE} and {@code NVML_DEVICE_UUID_V2_BUFFER_SIZE}. */
    static final int TEXT_BYTES = 96;
    /** {@code nvmlMemory_v2_t}: 40 bytes, version 2. */
    static final int MEMORY_V2_VERSION = 40 | (2 << 24);
    /** {@code nvmlTemperature_v1_t}: 12 bytes, version 1. */
    static final int TEMPERATURE_V1_VERSION = 12 | (1 << 24);
    static final int TEMPERATURE_GPU = 0;
    /** In {@code nvmlPciInfo_t}: after the 16 bytes of the old busId and five numbers. */
    static final int PCI_BUS_ID_OFFSET = 36;
    private static final Pattern BUS_ID = Pattern.compile("(\\p{XDigit}{1,8}):(\\p{XDigit}{2}:\\p{XDigit}{2}\\.\\d)");
    /** {@code NVML_VALUE_NOT_AVAILABLE}: every bit set, whatever the width. */
    private static final long VALUE_NOT_AVAILABLE = -1;

    /** What every driver has. */
    private static final class Base {
        static native int nvmlInit_v2();

        static native int nvmlShutdown();

        static native int nvmlDeviceGetCount_v2(long count);

        static native int nvmlDeviceGetHandleByIndex_v2(int index, long device);
    }

    // JNA binds all natives of a class or none: what a driver may lack stands in a class of its own.
    private static final class ErrorString {
        static native String nvmlErrorString(int code);
    }

    private static final class DriverVersion {
        static native int nvmlSystemGetDriverVersion(long version, int length);
    }

    private static final class Name {
        static native int nvmlDeviceGetName(long device, long name, int length);
    }

    private static final class Uuid {
        static native int nvmlDeviceGetUUID(long device, long uuid, int length);
    }

    private static final class MigOwner {
        static native int nvmlDeviceGetHandleByUUID(String uuid, long device);

        static native int nvmlDeviceGetDeviceHandleFromMigDeviceHandle(long migDevice, long device);
    }

    private static final class PciInfo {
        static native int nvmlDeviceGetPciInfo_v3(long device, long pci);
    }

    private static final class Architecture {
        static native int nvmlDeviceGetArchitecture(long device, long architecture);
    }

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

    private final String file;
    private final boolean hasErrorString;
    private final boolean hasDriverVersion;
    private final boolean hasName;
    private final boolean hasUuid;
    private final boolean hasMigOwner;
    private final boolean hasPciInfo;
    private final boolean hasArchitecture;
    private final boolean hasPowerUsage;
    private final boolean hasTotalEnergy;
    private final boolean hasPowerLimit;
    private final boolean hasTemperature;
    private final boolean hasTemperatureV;
    private final boolean hasMemoryInfo;
    private final boolean hasMemoryInfoV2;
    private final boolean hasUtilization;
    private final NvmlFields fields;

    /** One byte longer than the library is told: a text that it leaves without its end, ends there. */
    private final Memory answer = new Memory(TEXT_BYTES + 1);
    private final long answerAddress = Pointer.nativeValue(answer);

    private Nvml(NativeLibrary library) {
        answer.clear();
        file = String.valueOf(library.getFile());
        Native.register(Base.class, library);
        hasErrorString = NativeSearch.bind(ErrorString.class, library);
        hasDriverVersion = NativeSearch.bind(DriverVersion.class, library);
        hasName = NativeSearch.bind(Name.class, library);
        hasUuid = NativeSearch.bind(Uuid.class, library);
        hasMigOwner = NativeSearch.bind(MigOwner.class, library);
        hasPciInfo = NativeSearch.bind(PciInfo.class, library);
        hasArchitecture = NativeSearch.bind(Architecture.class, library);
        hasPowerUsage = NativeSearch.bind(PowerUsage.class, library);
        hasTotalEnergy = NativeSearch.bind(TotalEnergy.class, library);
        hasPowerLimit = NativeSearch.bind(PowerLimit.class, library);
        hasTemperature = NativeSearch.bind(Temperature.class, library);
        hasTemperatureV = NativeSearch.bind(TemperatureV.class, library);
        hasMemoryInfo = NativeSearch.bind(MemoryInfo.class, library);
        hasMemoryInfoV2 = NativeSearch.bind(MemoryInfoV2.class, library);
        hasUtilization = NativeSearch.bind(Utilization.class, library);
        fields = NvmlFields.bind(library);
    }

    /**
     * Loads the first of the candidates that is an NVML.
     *
     * @throws CollectorUnavailableException when none is; the reason is that of the first that is there at all
     */
    static Nvml load(List<String> candidates) throws CollectorUnavailableException {
        return NativeSearch.first(candidates, Nvml::new, "NVML",
                candidates.get(0) + " is not on this machine: is the NVIDIA driver installed?");
    }

    /** Where the library is looked for, in order: its name for the system's own search, then the known places. */
    static List<String> candidates(String osName, Map<String, String> environment) {
        List<String> candidates = new ArrayList<>();
        if (osName.startsWith("Windows")) {
            candidates.add(environment.getOrDefault("SystemRoot", "C:\\Windows") + "\\System32\\nvml.dll");
            candidates.add(environment.getOrDefault("ProgramW6432", "C:\\Program Files")
                    + "\\NVIDIA Corporation\\NVSMI\\nvml.dll");
        } else {
            candidates.add("libnvidia-ml.so.1");
            candidates.add("/usr/lib/wsl/lib/libnvidia-ml.so.1");
            candidates.add("/usr/local/nvidia/lib64/libnvidia-ml.so.1");
            candidates.add("/run/opengl-driver/lib/libnvidia-ml.so.1");
        }
        return candidates;
    }

    /** Where the library was found. */
    String file() {
        return file;
    }

    /** {@link #textAnswer}: the driver's version. */
    int driverVersion() {
        return hasDriverVersion ? DriverVersion.nvmlSystemGetDriverVersion(answerAddress, TEXT_BYTES)
                : FUNCTION_NOT_FOUND;
    }

    int init() {
        return Base.nvmlInit_v2();
    }

    int shutdown() {
        return Base.nvmlShutdown();
    }

    /** {@link #intAnswer}: the number of GPUs. */
    int deviceCount() {
        return Base.nvmlDeviceGetCount_v2(answerAddress);
    }

    /** {@link #longAnswer}: the handle of the GPU with that index. */
    int deviceHandle(int index) {
        answer.setLong(0, 0);
        return Base.nvmlDeviceGetHandleByIndex_v2(index, answerAddress);
    }

    /** {@link #textAnswer}: the model's name. */
    int name(long device) {
        return hasName ? Name.nvmlDeviceGetName(device, answerAddress, TEXT_BYTES) : FUNCTION_NOT_FOUND;
    }

    /** {@link #textAnswer}: {@code GPU-...}. */
    int uuid(long device) {
        return hasUuid ? Uuid.nvmlDeviceGetUUID(device, answerAddress, TEXT_BYTES) : FUNCTION_NOT_FOUND;
    }

    /** {@link #pciAddressAnswer}: where the GPU is. */
    int pciInfo(long device) {
        return hasPciInfo ? PciInfo.nvmlDeviceGetPciInfo_v3(device, answerAddress) : FUNCTION_NOT_FOUND;
    }

    /** {@link #intAnswer}: {@code NVML_DEVICE_ARCH_...}. */
    int architecture(long device) {
        return hasArchitecture ? Architecture.nvmlDeviceGetArchitecture(device, answerAddress) : FUNCTION_NOT_FOUND;
    }

    /** Several numbers of a GPU with one call; null where the driver is too old for that. */
    NvmlFields fields() {
        return fields;
    }

    /** {@link #longAnswer}: the handle of the GPU that the MIG instance with that UUID is a part of. */
    int ownerOfMigInstance(String uuid) {
        if (!hasMigOwner) {
            return FUNCTION_NOT_FOUND;
        }
        int code = MigOwner.nvmlDeviceGetHandleByUUID(uuid, answerAddress);
        return code == SUCCESS
                ? MigOwner.nvmlDeviceGetDeviceHandleFromMigDeviceHandle(answer.getLong(0), answerAddress) : code;
    }

    /** {@link #unsignedAnswer}: mW of the whole board; an average over 1 s on most chips since Ampere. */
    int powerUsage(long device) {
        return hasPowerUsage
                ? intOrNone(PowerUsage.nvmlDeviceGetPowerUsage(device, answerAddress)) : FUNCTION_NOT_FOUND;
    }

    /** {@link #longAnswer}: mJ since the driver was loaded; Volta and later. */
    int totalEnergyConsumption(long device) {
        if (!hasTotalEnergy) {
            return FUNCTION_NOT_FOUND;
        }
        int code = TotalEnergy.nvmlDeviceGetTotalEnergyConsumption(device, answerAddress);
        return code == SUCCESS && answer.getLong(0) < 0 ? NOT_SUPPORTED : code;
    }

    /** {@link #unsignedAnswer}: mW. */
    int enforcedPowerLimit(long device) {
        return hasPowerLimit
                ? intOrNone(PowerLimit.nvmlDeviceGetEnforcedPowerLimit(device, answerAddress)) : FUNCTION_NOT_FOUND;
    }

    /** {@link #intAnswer}: °C. Newer drivers have it under a new name, and the old one is to go. */
    int temperature(long device) {
        int code = hasTemperature
                ? intOrNone(Temperature.nvmlDeviceGetTemperature(device, TEMPERATURE_GPU, answerAddress))
                : FUNCTION_NOT_FOUND;
        if (!hasTemperatureV || code != FUNCTION_NOT_FOUND && code != NOT_SUPPORTED && code != DEPRECATED) {
            return code;
        }
        answer.setInt(0, TEMPERATURE_V1_VERSION);
        answer.setInt(4, TEMPERATURE_GPU);
        code = TemperatureV.nvmlDeviceGetTemperatureV(device, answerAddress);
        answer.setInt(0, answer.getInt(8));
        return intOrNone(code);
    }

    /** {@link #memoryTotalBytes} and {@link #memoryUsedBytes}; used is without the driver's own where known. */
    int memoryInfo(long device) {
        if (hasMemoryInfoV2) {
            answer.setLong(0, MEMORY_V2_VERSION);
            int code = MemoryInfoV2.nvmlDeviceGetMemoryInfo_v2(device, answerAddress);
            if (code == SUCCESS) {
                answer.setLong(0, answer.getLong(8));
                answer.setLong(8, answer.getLong(32));
                return memoryOrNone();
            }
        }
        if (!hasMemoryInfo) {
            return FUNCTION_NOT_FOUND;
        }
        int code = MemoryInfo.nvmlDeviceGetMemoryInfo(device, answerAddress);
        answer.setLong(8, answer.getLong(16));
        return code == SUCCESS ? memoryOrNone() : code;
    }

    /** Percent of time: {@link #intAnswer} in which a kernel ran, {@link #secondIntAnswer} in which memory was used. */
    int utilizationRates(long device) {
        return hasUtilization
                ? intOrNone(Utilization.nvmlDeviceGetUtilizationRates(device, answerAddress)) : FUNCTION_NOT_FOUND;
    }

    /** A call that succeeded without giving a number was not supported. */
    private int intOrNone(int code) {
        return code == SUCCESS && answer.getInt(0) == VALUE_NOT_AVAILABLE ? NOT_SUPPORTED : code;
    }

    private int memoryOrNone() {
        return memoryTotalBytes() < 0 || memoryUsedBytes() < 0 ? NOT_SUPPORTED : SUCCESS;
    }

    int intAnswer() {
        return answer.getInt(0);
    }

    int secondIntAnswer() {
        return answer.getInt(4);
    }

    long unsignedAnswer() {
        return Integer.toUnsignedLong(answer.getInt(0));
    }

    long longAnswer() {
        return answer.getLong(0);
    }

    String textAnswer() {
        return answer.getString(0);
    }

    /** {@code nvmlPciInfo_t.busId} as the kernel writes it. */
    String pciAddressAnswer() {
        return pciAddressOf(answer.getString(PCI_BUS_ID_OFFSET));
    }

    /** The library's domain has 8 digits, as in 00000000:01:00.0, the kernel's 4 unless it needs more. */
    static String pciAddressOf(String busId) {
        Matcher parts = BUS_ID.matcher(busId);
        return parts.matches() ? String.format("%04x:%s", Long.parseLong(parts.group(1), 16),
                parts.group(2).toLowerCase(Locale.ROOT)) : null;
    }

    long memoryTotalBytes() {
        return answer.getLong(0);
    }

    long memoryUsedBytes() {
        return answer.getLong(8);
    }

    /** The library's own words for a code. */
    String describe(int code) {
        String words = hasErrorString ? ErrorString.nvmlErrorString(code) : null;
        return (words == null ? "error" : words) + " (NVML code " + code + ")";
    }
}
