package collectors.gpu;

import collectors.CollectorUnavailableException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * AMD's management library ROCm SMI, bound with JNA direct mapping. Names, signatures, codes and units are those of
 * rocm_smi.h. Answers come back in one buffer, so that a call allocates nothing.
 *
 * <p>The library is not safe for several threads before ROCm 7.2, and the buffer makes an instance usable by one at a
 * time. Natives are bound per class: a second {@link #load} rebinds them for every instance.
 */
final class RocmSmi implements AmdSource {

    static final int INVALID_ARGS = 1;
    static final int NOT_SUPPORTED = 2;
    static final int FILE_ERROR = 3;
    static final int PERMISSION = 4;
    static final int INTERNAL_EXCEPTION = 6;
    static final int INPUT_OUT_OF_BOUNDS = 7;
    static final int INIT_ERROR = 8;
    static final int NOT_YET_IMPLEMENTED = 9;
    static final int NOT_FOUND = 10;
    static final int NO_DATA = 14;
    static final int UNEXPECTED_DATA = 15;
    /** 0xFFFFFFFF. */
    static final int UNKNOWN_ERROR = -1;
    /** None of the header's: the library has no such function. */
    static final int FUNCTION_NOT_FOUND = Integer.MIN_VALUE;

    private static final int TEXT_BYTES = 128;
    /** A number above that is none. */
    private static final int MOST_GPUS = 1024;
    /** {@code RSMI_SW_COMP_DRIVER}. */
    private static final int DRIVER_COMPONENT = 0;
    private static final int TEMPERATURE_EDGE = 0;
    private static final int TEMPERATURE_JUNCTION = 1;
    private static final int TEMPERATURE_CURRENT = 0;
    private static final int MEMORY_VRAM = 0;
    private static final int FIRST_SENSOR = 0;

    private static final double MICRO = 1e6;
    private static final double BYTES_PER_MB = 1024.0 * 1024.0;

    private static final List<String> NAMES = List.of("librocm_smi64.so.7", "librocm_smi64.so.6",
            "librocm_smi64.so.5", "librocm_smi64.so.1", "librocm_smi64.so");

    /** What every release has. */
    private static final class Base {
        static native int rsmi_init(long flags);

        static native int rsmi_shut_down();

        static native int rsmi_num_monitor_devices(long count);
    }

    // JNA binds all natives of a class or none: what a release may lack stands in a class of its own.
    private static final class StatusString {
        static native int rsmi_status_string(int status, long text);
    }

    private static final class DriverVersion {
        static native int rsmi_version_str_get(int component, long version, int length);
    }

    private static final class Name {
        static native int rsmi_dev_name_get(int index, long name, long length);
    }

    private static final class UniqueId {
        static native int rsmi_dev_unique_id_get(int index, long id);
    }

    private static final class PciId {
        static native int rsmi_dev_pci_id_get(int index, long id);
    }

    private static final class Power {
        static native int rsmi_dev_power_get(int index, long microwatts, long type);
    }

    private static final class SocketPower {
        static native int rsmi_dev_current_socket_power_get(int index, long microwatts);
    }

    private static final class AveragePower {
        static native int rsmi_dev_power_ave_get(int index, int sensor, long microwatts);
    }

    private static final class PowerCap {
        static native int rsmi_dev_power_cap_get(int index, int sensor, long microwatts);
    }

    private static final class EnergyCount {
        static native int rsmi_dev_energy_count_get(int index, long counter, long resolution, long nanoseconds);
    }

    private static final class Temperature {
        static native int rsmi_dev_temp_metric_get(int index, int sensor, int metric, long millicelsius);
    }

    private static final class MemoryUsage {
        static native int rsmi_dev_memory_usage_get(int index, int type, long bytes);
    }

    private static final class MemoryTotal {
        static native int rsmi_dev_memory_total_get(int index, int type, long bytes);
    }

    private static final class Busy {
        static native int rsmi_dev_busy_percent_get(int index, long percent);
    }

    private final boolean hasStatusString;
    private final boolean hasDriverVersion;
    private final boolean hasName;
    private final boolean hasUniqueId;
    private final boolean hasPciId;
    private final boolean hasPower;
    private final boolean hasSocketPower;
    private final boolean hasAveragePower;
    private final boolean hasPowerCap;
    private final boolean hasEnergyCount;
    private final boolean hasTemperature;
    private final boolean hasMemoryUsage;
    private final boolean hasMemoryTotal;
    private final boolean hasBusy;

    /** One byte longer than the library is told: a text that it leaves without its end, ends there. */
    private final Memory answer = new Memory(TEXT_BYTES + 1);
    private final long answerAddress = Pointer.nativeValue(answer);
    private double value;

    private RocmSmi(NativeLibrary library) {
        answer.clear();
        Native.register(Base.class, library);
        hasStatusString = NativeSearch.bind(StatusString.class, library);
        hasDriverVersion = NativeSearch.bind(DriverVersion.class, library);
        hasName = NativeSearch.bind(Name.class, library);
        hasUniqueId = NativeSearch.bind(UniqueId.class, library);
        hasPciId = NativeSearch.bind(PciId.class, library);
        hasPower = NativeSearch.bind(Power.class, library);
        hasSocketPower = NativeSearch.bind(SocketPower.class, library);
        hasAveragePower = NativeSearch.bind(AveragePower.class, library);
        hasPowerCap = NativeSearch.bind(PowerCap.class, library);
        hasEnergyCount = NativeSearch.bind(EnergyCount.class, library);
        hasTemperature = NativeSearch.bind(Temperature.class, library);
        hasMemoryUsage = NativeSearch.bind(MemoryUsage.class, library);
        hasMemoryTotal = NativeSearch.bind(MemoryTotal.class, library);
        hasBusy = NativeSearch.bind(Busy.class, library);
    }

    /**
     * Loads the first of the candidates that is a ROCm SMI.
     *
     * @throws CollectorUnavailableException when none is; the reason is that of the first that is there at all
     */
    static RocmSmi load(List<String> candidates) throws CollectorUnavailableException {
        return NativeSearch.first(candidates, RocmSmi::new, "ROCm SMI", "ROCm SMI (librocm_smi64) is not installed");
    }

    /**
     * Where the library is looked for, in order: its names for the system's own search, then those in ROCM_PATH, in
     * /opt/rocm and in the newest other release.
     *
     * @param rocmFolders the folders /opt/rocm-*, such as {@code /opt/rocm-6.2.0}
     */
    static List<String> candidates(Map<String, String> environment, List<String> rocmFolders) {
        return rocmCandidates(NAMES, environment, rocmFolders);
    }

    static List<String> rocmCandidates(List<String> names, Map<String, String> environment,
                                       List<String> rocmFolders) {
        List<String> folders = new ArrayList<>();
        String rocmPath = environment.get("ROCM_PATH");
        if (rocmPath != null && !rocmPath.isEmpty()) {
            folders.add(rocmPath);
        }
        folders.add("/opt/rocm");
        rocmFolders.stream().max(Comparator.comparing(RocmSmi::release)).ifPresent(folders::add);
        List<String> candidates = new ArrayList<>(names);
        for (String folder : folders) {
            names.forEach(name -> candidates.add(folder + "/lib/" + name));
        }
        return candidates;
    }

    /** A folder's release as a number that orders: 6.10.1 as 6,010,001. */
    private static long release(String folder) {
        long release = 0;
        String[] numbers = folder.replaceFirst(".*/rocm-", "").split("[^0-9]+");
        for (int i = 0; i < 3; i++) {
            boolean known = i < numbers.length && numbers[i].matches("[0-9]{1,3}");
            release = release * 1000 + (known ? Integer.parseInt(numbers[i]) : 0);
        }
        return release;
    }

    /** The folders /opt/rocm-* of this machine. */
    static List<String> rocmFolders() {
        Path opt = Path.of("/opt");
        if (!Files.isDirectory(opt)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(opt)) {
            return entries.map(Path::toString).filter(entry -> entry.startsWith("/opt/rocm-")).toList();
        } catch (IOException e) {
            return List.of(); // whoever may not list /opt can still name a folder of it in ROCM_PATH
        }
    }

    @Override
    public String name() {
        return "ROCm SMI";
    }

    @Override
    public String driverVersion() {
        return hasDriverVersion && DriverVersion.rsmi_version_str_get(DRIVER_COMPONENT, answerAddress, TEXT_BYTES)
                == SensorQuery.SUCCESS ? answer.getString(0) : null;
    }

    @Override
    public int init() {
        return Base.rsmi_init(0);
    }

    @Override
    public void shutdown() {
        Base.rsmi_shut_down();
    }

    @Override
    public int count() {
        boolean told = Base.rsmi_num_monitor_devices(answerAddress) == SensorQuery.SUCCESS;
        return told && Integer.compareUnsigned(answer.getInt(0), MOST_GPUS) <= 0 ? answer.getInt(0) : 0;
    }

    @Override
    public String model(int gpu) {
        return hasName && Name.rsmi_dev_name_get(gpu, answerAddress, TEXT_BYTES) == SensorQuery.SUCCESS
                ? answer.getString(0) : null;
    }

    @Override
    public String uuid(int gpu) {
        return hasUniqueId && UniqueId.rsmi_dev_unique_id_get(gpu, answerAddress) == SensorQuery.SUCCESS
                ? uuidOf(answer.getLong(0)) : null;
    }

    /** As the ROCm runtime writes a unique id; null for 0, which old chips have. */
    static String uuidOf(long uniqueId) {
        return uniqueId == 0 ? null : String.format("GPU-%016x", uniqueId);
    }

    @Override
    public String pciAddress(int gpu) {
        return hasPciId && PciId.rsmi_dev_pci_id_get(gpu, answerAddress) == SensorQuery.SUCCESS
                ? pciAddressOf(answer.getLong(0)) : null;
    }

    /**
     * From the bits of {@code bdfid}: domain 32 to 63, bus 8 to 15, device 3 to 7. The function is left at 0, as the
     * bits for it may hold the number of a partition.
     */
    static String pciAddressOf(long bdf) {
        return String.format("%04x:%02x:%02x.0", bdf >>> 32, bdf >> 8 & 0xFF, bdf >> 3 & 0x1F);
    }

    /** µW: what the release has for it, the newest function first. MI200 knows an average only, MI300 no average. */
    @Override
    public int power(int gpu) {
        int code = hasPower ? Power.rsmi_dev_power_get(gpu, answerAddress, answerAddress + 8) : FUNCTION_NOT_FOUND;
        if (code != SensorQuery.SUCCESS && hasSocketPower) {
            code = SocketPower.rsmi_dev_current_socket_power_get(gpu, answerAddress);
        }
        if (code != SensorQuery.SUCCESS && hasAveragePower) {
            code = AveragePower.rsmi_dev_power_ave_get(gpu, FIRST_SENSOR, answerAddress);
        }
        return take(code, MICRO);
    }

    @Override
    public int energy(int gpu) {
        if (!hasEnergyCount) {
            return FUNCTION_NOT_FOUND;
        }
        int code = EnergyCount.rsmi_dev_energy_count_get(gpu, answerAddress, answerAddress + 8, answerAddress + 16);
        if (code == SensorQuery.SUCCESS && answer.getLong(0) == 0) {
            return NO_DATA; // chips without a counter leave it at 0
        }
        float resolution = answer.getFloat(8);
        if (code == SensorQuery.SUCCESS && !(resolution > 0)) {
            return NOT_SUPPORTED;
        }
        return take(code, MICRO / AmdEnergy.unitMicrojoules(resolution));
    }

    @Override
    public int temperature(int gpu) {
        if (!hasTemperature) {
            return FUNCTION_NOT_FOUND;
        }
        int code = Temperature.rsmi_dev_temp_metric_get(gpu, TEMPERATURE_JUNCTION, TEMPERATURE_CURRENT, answerAddress);
        if (code != SensorQuery.SUCCESS) {
            code = Temperature.rsmi_dev_temp_metric_get(gpu, TEMPERATURE_EDGE, TEMPERATURE_CURRENT, answerAddress);
        }
        return take(code, 1e3);
    }

    @Override
    public int memoryUsed(int gpu) {
        return hasMemoryUsage ? take(MemoryUsage.rsmi_dev_memory_usage_get(gpu, MEMORY_VRAM, answerAddress),
                BYTES_PER_MB) : FUNCTION_NOT_FOUND;
    }

    @Override
    public int memoryTotal(int gpu) {
        return hasMemoryTotal ? take(MemoryTotal.rsmi_dev_memory_total_get(gpu, MEMORY_VRAM, answerAddress),
                BYTES_PER_MB) : FUNCTION_NOT_FOUND;
    }

    @Override
    public int utilization(int gpu) {
        answer.setLong(0, 0); // the answer has 32 bits
        return hasBusy ? take(Busy.rsmi_dev_busy_percent_get(gpu, answerAddress), 1) : FUNCTION_NOT_FOUND;
    }

    @Override
    public int powerLimit(int gpu) {
        return hasPowerCap ? take(PowerCap.rsmi_dev_power_cap_get(gpu, FIRST_SENSOR, answerAddress), MICRO)
                : FUNCTION_NOT_FOUND;
    }

    /** Takes the answer's 64 bits; a number with the highest of them set is none. */
    private int take(int code, double divisor) {
        if (code != SensorQuery.SUCCESS) {
            return code;
        }
        value = answer.getLong(0) / divisor;
        return value < 0 ? NOT_SUPPORTED : code;
    }

    @Override
    public double value() {
        return value;
    }

    @Override
    public String describe(int code) {
        if (code == FUNCTION_NOT_FOUND) {
            return "this ROCm SMI is too old or too new for it";
        }
        boolean told = hasStatusString
                && StatusString.rsmi_status_string(code, answerAddress) == SensorQuery.SUCCESS
                && answer.getPointer(0) != null;
        String words = told ? answer.getPointer(0).getString(0).lines().findFirst().orElse("error") : "error";
        return words + " (ROCm SMI code " + Integer.toUnsignedString(code) + ")";
    }

    @Override
    public boolean isHopeless(int code) {
        return code == NOT_SUPPORTED || code == PERMISSION || code == NOT_YET_IMPLEMENTED
                || code == FUNCTION_NOT_FOUND;
    }

    @Override
    public boolean maySayLost(int code) {
        return switch (code) {
            case INVALID_ARGS, FILE_ERROR, INTERNAL_EXCEPTION, INPUT_OUT_OF_BOUNDS, INIT_ERROR, NOT_FOUND,
                 UNEXPECTED_DATA, UNKNOWN_ERROR -> true;
            default -> false;
        };
    }
}
