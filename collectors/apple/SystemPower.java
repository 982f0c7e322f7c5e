package collectors.apple;

import static collectors.DeviceSample.UNAVAILABLE;

import com.sun.jna.Memory;
import java.util.List;

/**
 * What the whole machine draws, as its system management controller says under the key {@code PSTR}. The struct and its
 * commands are those of Apple's PowerManagement sources (pmconfigd/PrivateLib.c).
 */
final class SystemPower implements AutoCloseable {

    /** No Mac draws more. */
    private static final double MAX_WATTS = 2000;

    private static final String SERVICE = "AppleSMC";
    /** On Apple's chips several services match: this one knows the keys. */
    private static final String KEYS_SERVICE = "AppleSMCKeysEndpoint";
    private static final int HANDLE_EVENT = 2;
    private static final byte READ_KEY = 5;
    private static final byte GET_KEY_INFO = 9;

    private static final int STRUCT_BYTES = 80;
    private static final int SIZE_OFFSET = 28;
    private static final int TYPE_OFFSET = 32;
    private static final int RESULT_OFFSET = 40;
    private static final int COMMAND_OFFSET = 42;
    private static final int VALUE_OFFSET = 48;

    private static final int KEY = fourCharacters("PSTR");
    private static final int FLOAT = fourCharacters("flt ");

    private final IoKit ioKit;
    private final int connection;
    private final boolean known;
    private final Memory in = new Memory(STRUCT_BYTES);
    private final Memory out = new Memory(STRUCT_BYTES);
    private final Memory outBytes = new Memory(Long.BYTES);

    SystemPower(IoKit ioKit) {
        this.ioKit = ioKit;
        connection = connect();
        known = connection != 0 && hasKey();
    }

    private int connect() {
        List<Integer> services = ioKit.services(SERVICE);
        int chosen = services.stream().filter(service -> ioKit.name(service).equals(KEYS_SERVICE)).findFirst()
                .orElse(services.isEmpty() ? 0 : services.get(0));
        int opened = chosen == 0 ? 0 : ioKit.open(chosen);
        services.forEach(ioKit::release);
        return opened;
    }

    private boolean hasKey() {
        in.clear();
        in.setInt(0, KEY);
        in.setByte(COMMAND_OFFSET, GET_KEY_INFO);
        if (!call() || out.getInt(TYPE_OFFSET) != FLOAT || out.getInt(SIZE_OFFSET) != Float.BYTES) {
            return false;
        }
        in.setInt(SIZE_OFFSET, Float.BYTES);
        in.setByte(COMMAND_OFFSET, READ_KEY);
        return true;
    }

    private boolean call() {
        return ioKit.call(connection, HANDLE_EVENT, in, out, outBytes) && out.getByte(RESULT_OFFSET) == 0;
    }

    /** Whether this machine has such a sensor. */
    boolean isKnown() {
        return known;
    }

    /** Watts; unavailable when the controller gives none. 0 is none: the machine runs. */
    double watts() {
        if (!known || !call()) {
            return UNAVAILABLE;
        }
        double watts = out.getFloat(VALUE_OFFSET); // little-endian, as the chip itself
        return watts > 0 && watts <= MAX_WATTS ? watts : UNAVAILABLE;
    }

    @Override
    public void close() {
        if (connection != 0) {
            ioKit.close(connection);
        }
    }

    private static int fourCharacters(String text) {
        return text.charAt(0) << 24 | text.charAt(1) << 16 | text.charAt(2) << 8 | text.charAt(3);
    }
}
