package collectors.gpu.nvml;

import collectors.gpu.NativeSearch;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Energy and power of a GPU with one call of {@code nvmlDeviceGetFieldValues}, each with a code and a timestamp of its
 * own. Numbers, names and units are those of nvml.h.
 */
public final class NvmlFields {

    /** {@code NVML_FI_DEV_TOTAL_ENERGY_CONSUMPTION}: mJ since the driver was loaded. */
    public static final int TOTAL_ENERGY_CONSUMPTION = 83;
    /** {@code NVML_FI_DEV_POWER_AVERAGE}: mW, the mean of 1 s; Ampere (except GA100) and later. */
    public static final int POWER_AVERAGE = 185;
    /** {@code NVML_FI_DEV_POWER_INSTANT}: mW, now. */
    public static final int POWER_INSTANT = 186;

    /** {@code NVML_POWER_SCOPE_...}. */
    public static final int SCOPE_GPU = 0;
    public static final int SCOPE_MODULE = 1;

    /** {@code nvmlFieldValue_t}. */
    public static final int FIELD_BYTES = 40;
    public static final int FIELD_ID_OFFSET = 0;
    public static final int SCOPE_ID_OFFSET = 4;
    public static final int TIMESTAMP_OFFSET = 8;
    public static final int VALUE_TYPE_OFFSET = 24;
    public static final int CODE_OFFSET = 28;
    public static final int VALUE_OFFSET = 32;

    /** {@code NVML_VALUE_TYPE_...}. */
    public static final int TYPE_DOUBLE = 0;
    public static final int TYPE_UNSIGNED_INT = 1;
    public static final int TYPE_UNSIGNED_LONG = 2;
    public static final int TYPE_UNSIGNED_LONG_LONG = 3;
    public static final int TYPE_SIGNED_LONG_LONG = 4;

    private static final int[] FIELDS = {TOTAL_ENERGY_CONSUMPTION, POWER_AVERAGE, POWER_INSTANT};
    private static final long NANOS_PER_MICRO = 1000;
    /** {@code NVML_VALUE_NOT_AVAILABLE} in 32 bits; energy and power have no such value. */
    private static final long NOT_AVAILABLE = 0xFFFFFFFFL;

    private static final class Natives {
        static native int nvmlDeviceGetFieldValues(long device, int count, long values);
    }

    private final Memory memory = new Memory((long) FIELDS.length * FIELD_BYTES);
    private final long address = Pointer.nativeValue(memory);
    private final ByteBuffer values = memory.getByteBuffer(0, memory.size()).order(ByteOrder.nativeOrder());

    private NvmlFields() {
        memory.clear();
        for (int i = 0; i < FIELDS.length; i++) {
            values.putInt(i * FIELD_BYTES + FIELD_ID_OFFSET, FIELDS[i]);
            values.putInt(i * FIELD_BYTES + SCOPE_ID_OFFSET, SCOPE_GPU);
        }
    }

    /** Binds the function, or gives null where the library lacks it. */
    static NvmlFields bind(NativeLibrary library) {
        return NativeSearch.bind(Natives.class, library) ? new NvmlFields() : null;
    }

    /** Asks for all of them. The code says only whether any was told: see {@link #code}. */
    public int ask(long device, int powerScope) {
        values.putInt(at(POWER_AVERAGE) + SCOPE_ID_OFFSET, powerScope);
        values.putInt(at(POWER_INSTANT) + SCOPE_ID_OFFSET, powerScope);
        for (int at = 0; at < FIELDS.length * FIELD_BYTES; at += FIELD_BYTES) {
            values.putInt(at + CODE_OFFSET, Nvml.NOT_SUPPORTED);
        }
        return Natives.nvmlDeviceGetFieldValues(device, FIELDS.length, address);
    }

    /** The code of one of them; a number that cannot be one is not supported. */
    public int code(int field) {
        int code = values.getInt(at(field) + CODE_OFFSET);
        if (code != Nvml.SUCCESS) {
            return code;
        }
        long number = number(field);
        return number < 0 || number == NOT_AVAILABLE ? Nvml.NOT_SUPPORTED : code;
    }

    /** In mJ or mW. */
    public long number(int field) {
        int at = at(field) + VALUE_OFFSET;
        return switch (values.getInt(at(field) + VALUE_TYPE_OFFSET)) {
            case TYPE_DOUBLE -> (long) values.getDouble(at);
            case TYPE_UNSIGNED_INT -> Integer.toUnsignedLong(values.getInt(at));
            case TYPE_UNSIGNED_LONG -> NativeLong.SIZE == 8
                    ? values.getLong(at) : Integer.toUnsignedLong(values.getInt(at));
            case TYPE_UNSIGNED_LONG_LONG, TYPE_SIGNED_LONG_LONG -> values.getLong(at);
            default -> values.getInt(at);
        };
    }

    /** When the value was taken, in nanoseconds since 1970. */
    public long timestampNanos(int field) {
        return values.getLong(at(field) + TIMESTAMP_OFFSET) * NANOS_PER_MICRO;
    }

    /** Where one of {@link #FIELDS} begins. */
    private static int at(int field) {
        return switch (field) {
            case TOTAL_ENERGY_CONSUMPTION -> 0;
            case POWER_AVERAGE -> FIELD_BYTES;
            case POWER_INSTANT -> 2 * FIELD_BYTES;
            default -> throw new IllegalArgumentException("field " + field + " is not asked for");
        };
    }
}
