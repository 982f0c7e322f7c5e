package collectors.gpu;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.CollectorUnavailableException;
import collectors.Units;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * AMD's management library ROCm SMI, bound with JNA direct mapping. Names, signatures, codes and units are those of
 * rocm_smi.h. Answers come back in one buffer, so that a call allocates nothing.
 *
 * <p>The library is not safe for several threads before ROCm 7.2, and the buffer makes an instance usable by one at a
 * time. Natives are bound per class: a second {@link #load} rebinds them for every instance.
 */
final class RocmSmi extends AmdSource {

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
    private static final int MAX_GPUS = 1024;
    /** {@code RSMI_SW_COMP_DRIVER}. */
    static final int DRIVER_COMPONENT = 0;
    static final int TEMPERATURE_EDGE = 0;
    static final int TEMPERATURE_JUNCTION = 1;
    static final int TEMPERATURE_CURRENT = 0;
    static final int MEMORY_VRAM = 0;
    private static final int FIRST_SENSOR = 0;

    /** {@code RSMI_INIT_FLAG_THRAD_ONLY_MUTEX}: no mutex that another process could hold for seconds. */
    static final long INIT_THREAD_ONLY_MUTEX = 0x400000000000000L;
    /** {@code RSMI_CURRENT_POWER} of {@code RSMI_POWER_TYPE}. */
    static final int CURRENT_POWER = 1;
    /** No GPU that is on draws less, unless it is a part of a CPU. */
    private static final double MIN_CREDIBLE_WATTS = 3;

    private static final List<String> NAMES = List.of("librocm_smi64.so.8", "librocm_smi64.so.7", "librocm_smi64.so.6",
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
    private int count;
    /** The kernel's files, for what the library does not know or gets wrong; null until they are needed. */
    private AmdCard[] cards = {};
    private double value;
    private long energyNanos;
    private double averagingSeconds = UNAVAILABLE;

    private RocmSmi(NativeLibrary library, Path sysfs) {
        super(sysfs);
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
    static RocmSmi load(List<String> candidates, Path sysfs) throws CollectorUnavailableException {
        return NativeSearch.first(candidates, library -> new RocmSmi(library, sysfs), "ROCm SMI",
                "ROCm SMI (librocm_smi64) is not installed");
    }

    /** Where the library is looked for, in order: the newest first, as a machine may have several. */
    static List<String> candidates(Map<String, String> environment, List<String> rocmFolders) {
        return libraryCandidates(NAMES, environment, rocmFolders);
    }

    @Override
    public String name() {
        return "ROCm SMI";
    }

    @Override
    public String version() {
        return hasDriverVersion && DriverVersion.rsmi_version_str_get(DRIVER_COMPONENT, answerAddress, TEXT_BYTES)
                == SUCCESS ? ", driver " + answer.getString(0) : "";
    }

    @Override
    public int init() {
        int code = Base.rsmi_init(INIT_THREAD_ONLY_MUTEX);
        code = code == INVALID_ARGS ? Base.rsmi_init(0) : code;
        if (code != SUCCESS) {
            return code;
        }
        boolean told = Base.rsmi_num_monitor_devices(answerAddress) == SUCCESS;
        count = told && Integer.compareUnsigned(answer.getInt(0), MAX_GPUS) <= 0 ? answer.getInt(0) : 0;
        cards = new AmdCard[count];
        learnChips();
        return SUCCESS;
    }

    @Override
    public void shutdown() {
        for (AmdCard card : cards) {
            if (card != null) {
                card.close();
            }
        }
        cards = new AmdCard[0];
        count = 0;
        Base.rsmi_shut_down();
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public String model(int gpu) {
        String name = hasName && Name.rsmi_dev_name_get(gpu, answerAddress, TEXT_BYTES) == SUCCESS
                ? modelOf(answer.getString(0)) : null;
        AmdCard card = name == null ? card(gpu) : null;
        return card == null ? name : card.model();
    }

    /** The kernel's files of the GPU, or null. */
    private AmdCard card(int gpu) {
        Path folder = cards[gpu] == null ? PciFolder.of(sysfs, pciAddress(gpu)) : null;
        if (folder != null) {
            cards[gpu] = new AmdCard(folder);
        }
        return cards[gpu];
    }

    @Override
    public String uuid(int gpu) {
        return hasUniqueId && UniqueId.rsmi_dev_unique_id_get(gpu, answerAddress) == SUCCESS
                ? uuidOf(answer.getLong(0)) : null;
    }

    @Override
    public String pciAddress(int gpu) {
        return hasPciId && PciId.rsmi_dev_pci_id_get(gpu, answerAddress) == SUCCESS
                ? pciAddressOf(answer.getLong(0)) : null;
    }

    /** What the release has for it, the newest function first. MI200 knows an average only, MI300 no average. */
    @Override
    public int power(int gpu) {
        if (chip(gpu).isSlowToTellPower()) {
            return SLOW_POWER;
        }
        averagingSeconds = UNAVAILABLE;
        int code = FUNCTION_NOT_FOUND;
        if (hasPower) {
            answer.setInt(8, 0);
            code = Power.rsmi_dev_power_get(gpu, answerAddress, answerAddress + 8);
            averagingSeconds = answer.getInt(8) == CURRENT_POWER ? 0 : UNAVAILABLE;
        }
        if (code != SUCCESS && hasSocketPower) {
            code = SocketPower.rsmi_dev_current_socket_power_get(gpu, answerAddress);
            averagingSeconds = 0;
        }
        if (code != SUCCESS && hasAveragePower) {
            code = AveragePower.rsmi_dev_power_ave_get(gpu, FIRST_SENSOR, answerAddress);
            averagingSeconds = UNAVAILABLE;
        }
        code = take(code, Units.MICROS_PER_UNIT);
        if (code == SUCCESS && value < MIN_CREDIBLE_WATTS) {
            believeTheKernel(gpu);
        }
        return code;
    }

    /** For some chips newer than itself the library reports a watt or two; the kernel's file is right then. */
    private void believeTheKernel(int gpu) {
        AmdCard card = card(gpu);
        double watts = card == null || card.power == null ? UNAVAILABLE : card.power.read(Units.MICROS_PER_UNIT);
        if (watts > MIN_CREDIBLE_WATTS) {
            value = watts;
            averagingSeconds = card.powerIsInstant ? 0 : UNAVAILABLE;
        }
    }

    @Override
    public double powerAveragingSeconds() {
        return averagingSeconds;
    }

    @Override
    public int energy(int gpu) {
        energyNanos = 0;
        if (!hasEnergyCount) {
            return FUNCTION_NOT_FOUND;
        }
        answer.setLong(16, 0);
        int code = EnergyCount.rsmi_dev_energy_count_get(gpu, answerAddress, answerAddress + 8, answerAddress + 16);
        if (code == SUCCESS && answer.getLong(0) == 0) {
            return NO_DATA; // chips without a counter leave it at 0
        }
        float resolution = answer.getFloat(8);
        if (code == SUCCESS && !(resolution > 0)) {
            return NOT_SUPPORTED;
        }
        energyNanos = answer.getLong(16);
        return take(code, Units.MICROS_PER_UNIT / AmdChip.energyUnitMicrojoules(resolution));
    }

    @Override
    public long energyNanos() {
        return energyNanos;
    }

    @Override
    public boolean stampsEveryReading() {
        return true;
    }

    @Override
    public int temperature(int gpu) {
        if (!hasTemperature) {
            return FUNCTION_NOT_FOUND;
        }
        int code = Temperature.rsmi_dev_temp_metric_get(gpu, TEMPERATURE_JUNCTION, TEMPERATURE_CURRENT, answerAddress);
        if (code != SUCCESS) {
            code = Temperature.rsmi_dev_temp_metric_get(gpu, TEMPERATURE_EDGE, TEMPERATURE_CURRENT, answerAddress);
        }
        return take(code, Units.MILLIS_PER_UNIT);
    }

    @Override
    public int memoryUsed(int gpu) {
        return hasMemoryUsage ? take(MemoryUsage.rsmi_dev_memory_usage_get(gpu, MEMORY_VRAM, answerAddress),
                Units.BYTES_PER_MIB) : FUNCTION_NOT_FOUND;
    }

    @Override
    public int memoryTotal(int gpu) {
        return hasMemoryTotal ? take(MemoryTotal.rsmi_dev_memory_total_get(gpu, MEMORY_VRAM, answerAddress),
                Units.BYTES_PER_MIB) : FUNCTION_NOT_FOUND;
    }

    @Override
    public int utilization(int gpu) {
        answer.setLong(0, 0); // the answer has 32 bits
        return hasBusy ? take(Busy.rsmi_dev_busy_percent_get(gpu, answerAddress), 1) : FUNCTION_NOT_FOUND;
    }

    @Override
    public int powerLimit(int gpu) {
        return hasPowerCap ? take(PowerCap.rsmi_dev_power_cap_get(gpu, FIRST_SENSOR, answerAddress), Units.MICROS_PER_UNIT)
                : FUNCTION_NOT_FOUND;
    }

    /** Takes the answer's 64 bits; a number with the highest of them set is none. */
    private int take(int code, double divisor) {
        if (code != SUCCESS) {
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
        if (code == SLOW_POWER) {
            return "not read, as this chip takes seconds to report it";
        }
        if (code == FUNCTION_NOT_FOUND) {
            return "this ROCm SMI is too old or too new for it";
        }
        boolean told = hasStatusString
                && StatusString.rsmi_status_string(code, answerAddress) == SUCCESS
                && answer.getPointer(0) != null;
        String words = told ? answer.getPointer(0).getString(0).lines().findFirst().orElse("error") : "error";
        return words + " (ROCm SMI code " + Integer.toUnsignedString(code) + ")";
    }

    @Override
    public boolean isHopeless(int code) {
        return code == NOT_SUPPORTED || code == PERMISSION || code == NOT_YET_IMPLEMENTED
                || code == FUNCTION_NOT_FOUND || code == SLOW_POWER;
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
