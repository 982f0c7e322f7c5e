package collectors.gpu.nvml;

import static collectors.gpu.nvml.NvmlAnswer.TEXT_BYTES;

import collectors.gpu.NativeSearch;
import com.sun.jna.NativeLibrary;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who a GPU is. Each call answers with a code, and leaves what it says in the {@link NvmlAnswer}. */
public final class NvmlIdentity {

    /** {@code NVML_DEVICE_ARCH_AMPERE}; older ones have lower numbers. */
    public static final int ARCHITECTURE_AMPERE = 7;
    /** {@code NVML_DEVICE_ARCH_UNKNOWN}. */
    public static final int ARCHITECTURE_UNKNOWN = -1;
    /** In {@code nvmlPciInfo_t}: after the 16 bytes of the old busId and five numbers. */
    public static final int PCI_BUS_ID_OFFSET = 36;

    private static final Pattern BUS_ID = Pattern.compile("(\\p{XDigit}{1,8}):(\\p{XDigit}{2}:\\p{XDigit}{2}\\.\\d)");

    private static final class Name {
        static native int nvmlDeviceGetName(long device, long name, int length);
    }

    private static final class Uuid {
        static native int nvmlDeviceGetUUID(long device, long uuid, int length);
    }

    private static final class PciInfo {
        static native int nvmlDeviceGetPciInfo_v3(long device, long pci);
    }

    private static final class Architecture {
        static native int nvmlDeviceGetArchitecture(long device, long architecture);
    }

    private final NvmlAnswer answer;
    private final boolean hasName;
    private final boolean hasUuid;
    private final boolean hasPciInfo;
    private final boolean hasArchitecture;

    NvmlIdentity(NativeLibrary library, NvmlAnswer answer) {
        this.answer = answer;
        hasName = NativeSearch.bind(Name.class, library);
        hasUuid = NativeSearch.bind(Uuid.class, library);
        hasPciInfo = NativeSearch.bind(PciInfo.class, library);
        hasArchitecture = NativeSearch.bind(Architecture.class, library);
    }

    /** {@link NvmlAnswer#asText}: the model's name. */
    public int name(long device) {
        return hasName ? Name.nvmlDeviceGetName(device, answer.address, TEXT_BYTES) : Nvml.FUNCTION_NOT_FOUND;
    }

    /** {@link NvmlAnswer#asText}: {@code GPU-...}. */
    public int uuid(long device) {
        return hasUuid ? Uuid.nvmlDeviceGetUUID(device, answer.address, TEXT_BYTES) : Nvml.FUNCTION_NOT_FOUND;
    }

    /** {@link NvmlAnswer#asInt}: {@code NVML_DEVICE_ARCH_...}. */
    public int architecture(long device) {
        return hasArchitecture ? Architecture.nvmlDeviceGetArchitecture(device, answer.address)
                : Nvml.FUNCTION_NOT_FOUND;
    }

    /** Where the GPU is, as the kernel writes it; null when that is not told. */
    public String pciAddress(long device) {
        boolean told = hasPciInfo && PciInfo.nvmlDeviceGetPciInfo_v3(device, answer.address) == Nvml.SUCCESS;
        return told ? pciAddressOf(answer.memory.getString(PCI_BUS_ID_OFFSET)) : null;
    }

    /** The library's domain has 8 digits, as in 00000000:01:00.0, the kernel's 4 unless it needs more. */
    public static String pciAddressOf(String busId) {
        Matcher parts = BUS_ID.matcher(busId);
        return parts.matches() ? String.format("%04x:%s", Long.parseLong(parts.group(1), 16),
                parts.group(2).toLowerCase(Locale.ROOT)) : null;
    }
}
