package collectors.gpu.nvml;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/** The buffer that most functions write their answer into, so that a call allocates nothing. */
public final class NvmlAnswer {

    /** {@code NVML_DEVICE_NAME_V2_BUFFER_SIZE} and {@code NVML_DEVICE_UUID_V2_BUFFER_SIZE}. */
    public static final int TEXT_BYTES = 96;
    /** {@code NVML_VALUE_NOT_AVAILABLE}: every bit set, whatever the width. */
    private static final long VALUE_NOT_AVAILABLE = -1;

    /** One byte longer than the library is told: a text that it leaves without its end, ends there. */
    final Memory memory = new Memory(TEXT_BYTES + 1);
    final long address = Pointer.nativeValue(memory);

    NvmlAnswer() {
        memory.clear();
    }

    public int asInt() {
        return memory.getInt(0);
    }

    public int secondInt() {
        return memory.getInt(4);
    }

    public long asUnsigned() {
        return Integer.toUnsignedLong(memory.getInt(0));
    }

    public long asLong() {
        return memory.getLong(0);
    }

    public long secondLong() {
        return memory.getLong(8);
    }

    public String asText() {
        return memory.getString(0);
    }

    /** A call that succeeded without giving a number was not supported. */
    int intOrNone(int code) {
        return code == Nvml.SUCCESS && memory.getInt(0) == VALUE_NOT_AVAILABLE ? Nvml.NOT_SUPPORTED : code;
    }
}
