package collectors.gpu;

import collectors.CollectorUnavailableException;
import collectors.Units;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The kernel's files of AMD's GPUs, and the energy counter that these lack from the library AMD SMI (amdsmi.h). The
 * library reads the rest from the same files, and hands it out in structs whose layout changes between its releases:
 * only functions are bound that are the same in all of them since ROCm 5.7.
 *
 * <p>Usable by one thread at a time. Natives are bound per class: a second {@link #load} rebinds them.
 */
final class AmdSmi extends AmdSysfs {

    static final int NOT_SUPPORTED = 2;
    static final int NOT_YET_IMPLEMENTED = 3;
    static final int NO_PERM = 10;
    static final int NOT_FOUND = 31;
    static final int DRIVER_NOT_LOADED = 34;
    static final int NO_DATA = 40;

    /** Added to the library's codes, to tell them from those of the files; 0xFFFFFFFF becomes 999. */
    private static final int CODES = 1000;
    static final long INIT_AMD_GPUS = 1 << 1;
    private static final int MAX_HANDLES = 256;
    /** Where {@code market_name} stands in {@code amdsmi_asic_info_t}, whose size differs between releases. */
    static final int MARKET_NAME_OFFSET = 0;
    /** {@code AMDSMI_MAX_STRING_LENGTH} of the newest release. */
    private static final int MAX_NAME_BYTES = 256;
    /** More than any release's {@code amdsmi_asic_info_t}. */
    static final int ASIC_INFO_BYTES = 4096;

    private static final List<String> NAMES = List.of("libamd_smi.so.28", "libamd_smi.so.27", "libamd_smi.so.26",
            "libamd_smi.so.25", "libamd_smi.so.24", "libamd_smi.so.23", "libamd_smi.so.0", "libamd_smi.so");

    private static final class Natives {
        static native int amdsmi_init(long flags);

        static native int amdsmi_shut_down();

        static native int amdsmi_get_socket_handles(long count, long sockets);

        static native int amdsmi_get_processor_handles(long socket, long count, long processors);

        static native int amdsmi_get_gpu_bdf_id(long processor, long bdf);

        static native int amdsmi_get_energy_count(long processor, long counter, long resolution, long nanoseconds);
    }

    private static final class AsicInfo {
        static native int amdsmi_get_gpu_asic_info(long processor, long info);
    }

    private static final class CodeText {
        static native int amdsmi_status_code_to_string(int code, long text);
    }

    private final boolean hasAsicInfo;
    private final boolean hasCodeText;
    /** By PCI address; partitions of a board share the address, and the first stands for the board. */
    private final Map<String, Long> processors = new HashMap<>();
    /** In the files' order; 0 for a GPU that the library does not show. */
    private long[] handles = {};
    private final Memory answer = new Memory(24);
    private final long answerAddress = Pointer.nativeValue(answer);
    private long energyNanos;

    private AmdSmi(NativeLibrary library, Path sysfs) {
        super(sysfs);
        Native.register(Natives.class, library);
        hasAsicInfo = NativeSearch.bind(AsicInfo.class, library);
        hasCodeText = NativeSearch.bind(CodeText.class, library);
    }

    /**
     * Loads the first of the candidates that is an AMD SMI.
     *
     * @throws CollectorUnavailableException when none is; the reason is that of the first that is there at all
     */
    static AmdSmi load(List<String> candidates, Path sysfs) throws CollectorUnavailableException {
        return NativeSearch.first(candidates, library -> new AmdSmi(library, sysfs), "AMD SMI",
                "AMD SMI (libamd_smi) is not installed");
    }

    /** Where the library is looked for, in order: the newest first, as a machine may have several. */
    static List<String> candidates(Map<String, String> environment, List<String> rocmFolders) {
        return libraryCandidates(NAMES, environment, rocmFolders);
    }

    @Override
    public String name() {
        return "AMD SMI";
    }

    @Override
    public int init() {
        int code = Natives.amdsmi_init(INIT_AMD_GPUS);
        if (code != SUCCESS) {
            return CODES + code;
        }
        code = findProcessors();
        int filesCode = code == SUCCESS ? super.init() : CODES + code;
        if (filesCode != SUCCESS) {
            Natives.amdsmi_shut_down();
            return filesCode;
        }
        handles = new long[count()];
        for (int gpu = 0; gpu < handles.length; gpu++) {
            handles[gpu] = processors.getOrDefault(pciAddress(gpu), 0L);
        }
        return SUCCESS;
    }

    private int findProcessors() {
        processors.clear();
        Memory sockets = new Memory(8 * MAX_HANDLES);
        Memory found = new Memory(8 * MAX_HANDLES);
        answer.setInt(0, MAX_HANDLES);
        int code = Natives.amdsmi_get_socket_handles(answerAddress, Pointer.nativeValue(sockets));
        int socketCount = code == SUCCESS ? Math.min(answer.getInt(0), MAX_HANDLES) : 0;
        for (int socket = 0; socket < socketCount; socket++) {
            answer.setInt(0, MAX_HANDLES);
            boolean listed = Natives.amdsmi_get_processor_handles(sockets.getLong(8L * socket), answerAddress,
                    Pointer.nativeValue(found)) == SUCCESS;
            int processorCount = listed ? Math.min(answer.getInt(0), MAX_HANDLES) : 0;
            for (int processor = 0; processor < processorCount; processor++) {
                long handle = found.getLong(8L * processor);
                if (Natives.amdsmi_get_gpu_bdf_id(handle, answerAddress) == SUCCESS) {
                    processors.putIfAbsent(pciAddressOf(answer.getLong(0)), handle);
                }
            }
        }
        return code;
    }

    @Override
    public void shutdown() {
        handles = new long[0];
        super.shutdown();
        Natives.amdsmi_shut_down();
    }

    @Override
    public String model(int gpu) {
        if (!hasAsicInfo || handles[gpu] == 0) {
            return super.model(gpu);
        }
        Memory info = new Memory(ASIC_INFO_BYTES);
        info.clear();
        boolean told = AsicInfo.amdsmi_get_gpu_asic_info(handles[gpu], Pointer.nativeValue(info)) == SUCCESS;
        info.setByte(MARKET_NAME_OFFSET + MAX_NAME_BYTES, (byte) 0); // whatever the library leaves without an end
        String name = told ? modelOf(info.getString(MARKET_NAME_OFFSET)) : null;
        return name != null ? name : super.model(gpu);
    }

    @Override
    public int energy(int gpu) {
        energyNanos = 0;
        if (handles[gpu] == 0) {
            return CODES + NOT_FOUND;
        }
        answer.setLong(16, 0);
        int code = Natives.amdsmi_get_energy_count(handles[gpu], answerAddress, answerAddress + 8, answerAddress + 16);
        if (code != SUCCESS) {
            return CODES + code;
        }
        long counter = answer.getLong(0);
        if (counter == 0) {
            return CODES + NO_DATA; // chips without a counter leave it at 0
        }
        energyNanos = answer.getLong(16);
        value = counter * AmdChip.energyUnitMicrojoules(answer.getFloat(8)) / Units.MICROS_PER_UNIT;
        return value > 0 ? SUCCESS : CODES + NOT_SUPPORTED;
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
    public String describe(int code) {
        if (isOfFiles(code)) {
            return super.describe(code);
        }
        int own = code - CODES;
        String words = switch (own) {
            case DRIVER_NOT_LOADED -> "the driver amdgpu is not loaded";
            case NOT_FOUND -> "it does not show this GPU";
            default -> textOf(own);
        };
        return words + " (AMD SMI code " + Integer.toUnsignedString(own) + ")";
    }

    private String textOf(int code) {
        boolean told = hasCodeText && CodeText.amdsmi_status_code_to_string(code, answerAddress) == SUCCESS
                && answer.getPointer(0) != null;
        return told ? answer.getPointer(0).getString(0).lines().findFirst().orElse("error") : "error";
    }

    @Override
    public boolean isHopeless(int code) {
        return isOfFiles(code) ? super.isHopeless(code) : switch (code - CODES) {
            case NOT_SUPPORTED, NOT_YET_IMPLEMENTED, NO_PERM, NOT_FOUND -> true;
            default -> false;
        };
    }

    @Override
    public boolean maySayLost(int code) {
        return isOfFiles(code) ? super.maySayLost(code) : !isHopeless(code) && code != CODES + NO_DATA;
    }

    private static boolean isOfFiles(int code) {
        return code >= SUCCESS && code < CODES / 2 || code == SLOW_POWER;
    }
}
