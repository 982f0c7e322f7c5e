package collectors.gpu;

import collectors.CollectorUnavailableException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
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
final class AmdSmi implements AmdSource {

    static final int NOT_SUPPORTED = 2;
    static final int NOT_YET_IMPLEMENTED = 3;
    static final int NO_PERM = 10;
    static final int FILE_ERROR = 14;
    static final int NOT_FOUND = 31;
    static final int NO_DATA = 40;

    /** Added to the library's codes, to tell them from those of the files; 0xFFFFFFFF becomes 999. */
    private static final int CODES = 1000;
    private static final long INIT_AMD_GPUS = 1 << 1;
    private static final int MOST_HANDLES = 256;
    private static final double MICRO = 1e6;

    private static final List<String> NAMES = List.of("libamd_smi.so.26", "libamd_smi.so.25", "libamd_smi.so.24",
            "libamd_smi.so.23", "libamd_smi.so");

    private static final class Natives {
        static native int amdsmi_init(long flags);

        static native int amdsmi_shut_down();

        static native int amdsmi_get_socket_handles(long count, long sockets);

        static native int amdsmi_get_processor_handles(long socket, long count, long processors);

        static native int amdsmi_get_gpu_bdf_id(long processor, long bdf);

        static native int amdsmi_get_energy_count(long processor, long counter, long resolution, long nanoseconds);
    }

    private final AmdSysfs files;
    /** By PCI address; partitions of a board share the address, and the first stands for the board. */
    private final Map<String, Long> processors = new HashMap<>();
    /** In the files' order; 0 for a GPU that the library does not show. */
    private long[] handles = {};
    private final Memory answer = new Memory(24);
    private final long answerAddress = Pointer.nativeValue(answer);
    private double value;

    private AmdSmi(NativeLibrary library, AmdSysfs files) {
        Native.register(Natives.class, library);
        this.files = files;
    }

    /**
     * Loads the first of the candidates that is an AMD SMI.
     *
     * @throws CollectorUnavailableException when none is; the reason is that of the first that is there at all
     */
    static AmdSmi load(List<String> candidates, AmdSysfs files) throws CollectorUnavailableException {
        return NativeSearch.first(candidates, library -> new AmdSmi(library, files), "AMD SMI",
                "AMD SMI (libamd_smi) is not installed");
    }

    /** Where the library is looked for, in order, as {@link RocmSmi#candidates}. */
    static List<String> candidates(Map<String, String> environment, List<String> rocmFolders) {
        return RocmSmi.rocmCandidates(NAMES, environment, rocmFolders);
    }

    @Override
    public String name() {
        return "AMD SMI";
    }

    @Override
    public int init() {
        int code = Natives.amdsmi_init(INIT_AMD_GPUS);
        if (code != SensorQuery.SUCCESS) {
            return CODES + code;
        }
        code = findProcessors();
        int filesCode = code == SensorQuery.SUCCESS ? files.init() : CODES + code;
        if (filesCode != SensorQuery.SUCCESS) {
            Natives.amdsmi_shut_down();
            return filesCode;
        }
        handles = new long[files.count()];
        for (int gpu = 0; gpu < handles.length; gpu++) {
            handles[gpu] = processors.getOrDefault(files.pciAddress(gpu), 0L);
        }
        return SensorQuery.SUCCESS;
    }

    private int findProcessors() {
        processors.clear();
        Memory sockets = new Memory(8 * MOST_HANDLES);
        Memory found = new Memory(8 * MOST_HANDLES);
        answer.setInt(0, MOST_HANDLES);
        int code = Natives.amdsmi_get_socket_handles(answerAddress, Pointer.nativeValue(sockets));
        int socketCount = code == SensorQuery.SUCCESS ? Math.min(answer.getInt(0), MOST_HANDLES) : 0;
        for (int socket = 0; socket < socketCount; socket++) {
            answer.setInt(0, MOST_HANDLES);
            boolean listed = Natives.amdsmi_get_processor_handles(sockets.getLong(8L * socket), answerAddress,
                    Pointer.nativeValue(found)) == SensorQuery.SUCCESS;
            int processorCount = listed ? Math.min(answer.getInt(0), MOST_HANDLES) : 0;
            for (int processor = 0; processor < processorCount; processor++) {
                long handle = found.getLong(8L * processor);
                if (Natives.amdsmi_get_gpu_bdf_id(handle, answerAddress) == SensorQuery.SUCCESS) {
                    processors.putIfAbsent(RocmSmi.pciAddressOf(answer.getLong(0)), handle);
                }
            }
        }
        return code;
    }

    @Override
    public void shutdown() {
        handles = new long[0];
        files.shutdown();
        Natives.amdsmi_shut_down();
    }

    @Override
    public int energy(int gpu) {
        if (handles[gpu] == 0) {
            return CODES + NOT_FOUND;
        }
        int code = Natives.amdsmi_get_energy_count(handles[gpu], answerAddress, answerAddress + 8, answerAddress + 16);
        if (code != SensorQuery.SUCCESS) {
            return CODES + code;
        }
        long counter = answer.getLong(0);
        float resolution = answer.getFloat(8);
        if (counter == 0) {
            return CODES + NO_DATA; // chips without a counter leave it at 0
        }
        value = counter * AmdEnergy.unitMicrojoules(resolution) / MICRO;
        return value > 0 ? SensorQuery.SUCCESS : CODES + NOT_SUPPORTED;
    }

    @Override
    public int count() {
        return files.count();
    }

    @Override
    public String model(int gpu) {
        return files.model(gpu);
    }

    @Override
    public String uuid(int gpu) {
        return files.uuid(gpu);
    }

    @Override
    public String pciAddress(int gpu) {
        return files.pciAddress(gpu);
    }

    @Override
    public int power(int gpu) {
        return fromFile(files.power(gpu));
    }

    @Override
    public int temperature(int gpu) {
        return fromFile(files.temperature(gpu));
    }

    @Override
    public int memoryUsed(int gpu) {
        return fromFile(files.memoryUsed(gpu));
    }

    @Override
    public int memoryTotal(int gpu) {
        return fromFile(files.memoryTotal(gpu));
    }

    @Override
    public int utilization(int gpu) {
        return fromFile(files.utilization(gpu));
    }

    @Override
    public int powerLimit(int gpu) {
        return fromFile(files.powerLimit(gpu));
    }

    private int fromFile(int code) {
        value = files.value();
        return code;
    }

    @Override
    public double value() {
        return value;
    }

    @Override
    public String describe(int code) {
        return isOfFiles(code) ? files.describe(code) : "AMD SMI code " + Integer.toUnsignedString(code - CODES);
    }

    @Override
    public boolean isHopeless(int code) {
        return isOfFiles(code) ? files.isHopeless(code) : switch (code - CODES) {
            case NOT_SUPPORTED, NOT_YET_IMPLEMENTED, NO_PERM, NOT_FOUND -> true;
            default -> false;
        };
    }

    @Override
    public boolean maySayLost(int code) {
        return isOfFiles(code) ? files.maySayLost(code) : !isHopeless(code) && code != CODES + NO_DATA;
    }

    private static boolean isOfFiles(int code) {
        return code >= SensorQuery.SUCCESS && code < CODES / 2;
    }
}
