package collectors.gpu.nvml;

import static collectors.gpu.nvml.NvmlAnswer.TEXT_BYTES;

import collectors.CollectorUnavailableException;
import collectors.gpu.NativeSearch;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The library as a whole: its codes, its start and end, its GPUs, and the rooms with what a GPU can be asked. Pointers
 * travel as {@code long} and answers come back in one {@linkplain NvmlAnswer buffer}.
 *
 * <p>The buffer makes an instance usable by one thread at a time. Natives are bound per class: a second
 * {@link #load} rebinds them for every instance.
 */
public final class Nvml {

    public static final int SUCCESS = 0;
    public static final int UNINITIALIZED = 1;
    public static final int INVALID_ARGUMENT = 2;
    public static final int NOT_SUPPORTED = 3;
    public static final int NO_PERMISSION = 4;
    public static final int NOT_FOUND = 6;
    public static final int DRIVER_NOT_LOADED = 9;
    public static final int FUNCTION_NOT_FOUND = 13;
    public static final int GPU_IS_LOST = 15;
    public static final int RESET_REQUIRED = 16;
    /** The device is blocked by the operating system, such as by a container's device rules. */
    public static final int OPERATING_SYSTEM = 17;
    public static final int LIB_RM_VERSION_MISMATCH = 18;
    /** What {@code nvmlDeviceGetTemperature} answers from CUDA 14 on. */
    public static final int DEPRECATED = 26;
    public static final int UNKNOWN = 999;

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

    private static final class MigOwner {
        static native int nvmlDeviceGetHandleByUUID(String uuid, long device);

        static native int nvmlDeviceGetDeviceHandleFromMigDeviceHandle(long migDevice, long device);
    }

    private final String file;
    private final boolean hasErrorString;
    private final boolean hasDriverVersion;
    private final boolean hasMigOwner;
    private final NvmlAnswer answer = new NvmlAnswer();
    private final NvmlIdentity identity;
    private final NvmlReadings readings;
    private final NvmlFields fields;
    private final NativeLibrary library;
    /** Null until it is asked for, as hardly anybody does; empty where the library has none. */
    private Optional<NvmlGpm> gpm;

    private Nvml(NativeLibrary library) {
        file = String.valueOf(library.getFile());
        Native.register(Base.class, library);
        hasErrorString = NativeSearch.bind(ErrorString.class, library);
        hasDriverVersion = NativeSearch.bind(DriverVersion.class, library);
        hasMigOwner = NativeSearch.bind(MigOwner.class, library);
        identity = new NvmlIdentity(library, answer);
        readings = new NvmlReadings(library, answer);
        fields = NvmlFields.bind(library);
        this.library = library;
    }

    /**
     * Loads the first of the candidates that is an NVML.
     *
     * @throws CollectorUnavailableException when none is; the reason is that of the first that is there at all
     */
    public static Nvml load(List<String> candidates) throws CollectorUnavailableException {
        return NativeSearch.first(candidates, Nvml::new, "NVML",
                candidates.get(0) + " is not on this machine: is the NVIDIA driver installed?");
    }

    /** Where the library is looked for, in order: its name for the system's own search, then the known places. */
    public static List<String> candidates(String osName, Map<String, String> environment) {
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
    public String file() {
        return file;
    }

    /** What the latest call left. */
    public NvmlAnswer answer() {
        return answer;
    }

    /** Who a GPU is. */
    public NvmlIdentity identity() {
        return identity;
    }

    /** What a GPU's sensors say, a function for each number. */
    public NvmlReadings readings() {
        return readings;
    }

    /** Several numbers of a GPU with one call; null where the driver is too old for that. */
    public NvmlFields fields() {
        return fields;
    }

    /** What works inside a GPU; null where the driver is too old for that. */
    public NvmlGpm gpm() {
        if (gpm == null) {
            gpm = Optional.ofNullable(NvmlGpm.bind(library));
        }
        return gpm.orElse(null);
    }

    /** {@link NvmlAnswer#asText}: the driver's version. */
    public int driverVersion() {
        return hasDriverVersion ? DriverVersion.nvmlSystemGetDriverVersion(answer.address, TEXT_BYTES)
                : FUNCTION_NOT_FOUND;
    }

    public int init() {
        return Base.nvmlInit_v2();
    }

    public int shutdown() {
        return Base.nvmlShutdown();
    }

    /** {@link NvmlAnswer#asInt}: the number of GPUs. */
    public int deviceCount() {
        return Base.nvmlDeviceGetCount_v2(answer.address);
    }

    /** {@link NvmlAnswer#asLong}: the handle of the GPU with that index. */
    public int deviceHandle(int index) {
        answer.memory.setLong(0, 0);
        return Base.nvmlDeviceGetHandleByIndex_v2(index, answer.address);
    }

    /** {@link NvmlAnswer#asLong}: the handle of the GPU that the MIG instance with that UUID is a part of. */
    public int ownerOfMigInstance(String uuid) {
        if (!hasMigOwner) {
            return FUNCTION_NOT_FOUND;
        }
        int code = MigOwner.nvmlDeviceGetHandleByUUID(uuid, answer.address);
        return code == SUCCESS
                ? MigOwner.nvmlDeviceGetDeviceHandleFromMigDeviceHandle(answer.asLong(), answer.address) : code;
    }

    /** The library's own words for a code. */
    public String describe(int code) {
        String words = hasErrorString ? ErrorString.nvmlErrorString(code) : null;
        return (words == null ? "error" : words) + " (NVML code " + code + ")";
    }
}
