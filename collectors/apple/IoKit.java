package collectors.apple;

import collectors.CollectorUnavailableException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;

/**
 * The kernel's services through Apple's IOKit; signatures are those of IOKitLib.h. Services and connections are
 * numbers, 0 is none, and have to be given back.
 */
final class IoKit {

    /** {@code io_name_t}. */
    private static final int NAME_BYTES = 128;

    private static final class Natives {
        static native long IOServiceMatching(String name);

        /** Takes the matching dictionary over. */
        static native int IOServiceGetMatchingServices(int port, long matching, long iterator);

        static native int IOIteratorNext(int iterator);

        static native int IORegistryEntryGetName(int entry, long name);

        static native long IORegistryEntryCreateCFProperty(int entry, long key, long allocator, int options);

        static native int IOObjectRelease(int object);

        static native int IOServiceOpen(int service, int task, int type, long connection);

        static native int IOServiceClose(int connection);

        static native int IOConnectCallStructMethod(int connection, int selector, long in, long inBytes, long out,
                                                    long outBytes);
    }

    private final MachClock clock;

    IoKit(AppleLibraries libraries, MachClock clock) throws CollectorUnavailableException {
        AppleLibraries.bind(Natives.class, libraries.ioKit());
        this.clock = clock;
    }

    /** The services of a class, to be {@linkplain #release released}. */
    List<Integer> services(String name) {
        List<Integer> services = new ArrayList<>();
        try (Memory iterator = new Memory(Integer.BYTES)) {
            long matching = Natives.IOServiceMatching(name);
            if (matching == 0
                    || Natives.IOServiceGetMatchingServices(0, matching, Pointer.nativeValue(iterator)) != 0) {
                return services;
            }
            for (int service = next(iterator); service != 0; service = next(iterator)) {
                services.add(service);
            }
            release(iterator.getInt(0));
        }
        return services;
    }

    private static int next(Memory iterator) {
        return Natives.IOIteratorNext(iterator.getInt(0));
    }

    /** A service's name; empty when it has none. */
    String name(int service) {
        try (Memory name = new Memory(NAME_BYTES)) {
            return Natives.IORegistryEntryGetName(service, Pointer.nativeValue(name)) == 0
                    ? name.getString(0, "UTF-8") : "";
        }
    }

    /** A property of a service as a new object; 0 when it has none of that name. */
    long createProperty(int service, long key) {
        return Natives.IORegistryEntryCreateCFProperty(service, key, 0, 0);
    }

    void release(int service) {
        Natives.IOObjectRelease(service);
    }

    /** A connection to a service; 0 when it gives none. */
    int open(int service) {
        try (Memory connection = new Memory(Integer.BYTES)) {
            return Natives.IOServiceOpen(service, clock.task(), 0, Pointer.nativeValue(connection)) == 0
                    ? connection.getInt(0) : 0;
        }
    }

    void close(int connection) {
        Natives.IOServiceClose(connection);
    }

    /** Calls a method that takes a struct and fills one; whether it succeeded. */
    boolean call(int connection, int selector, Memory in, Memory out, Memory outBytes) {
        outBytes.setLong(0, out.size());
        return Natives.IOConnectCallStructMethod(connection, selector, Pointer.nativeValue(in), in.size(),
                Pointer.nativeValue(out), Pointer.nativeValue(outBytes)) == 0;
    }
}
