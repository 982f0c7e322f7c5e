package collectors.apple;

import collectors.CollectorUnavailableException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/** The kernel's clock, by which its drivers stamp their counters, and this process's port; mach_time.h, mach_init.h. */
final class MachClock {

    private static final class Natives {
        static native int mach_task_self();

        static native long mach_absolute_time();

        static native int mach_timebase_info(long fraction);
    }

    private final double nanosPerTick;

    MachClock(AppleLibraries libraries) throws CollectorUnavailableException {
        AppleLibraries.bind(Natives.class, libraries.system());
        Memory fraction = new Memory(2 * Integer.BYTES);
        int error = Natives.mach_timebase_info(Pointer.nativeValue(fraction));
        int denominator = fraction.getInt(Integer.BYTES);
        nanosPerTick = error != 0 || denominator == 0 ? 1 : (double) fraction.getInt(0) / denominator;
    }

    /** Nanoseconds of the kernel's clock, which stands still while the machine sleeps. */
    long nanos() {
        return nanos(Natives.mach_absolute_time());
    }

    /** A timestamp in nanoseconds. */
    long nanos(long ticks) {
        return Math.round(ticks * nanosPerTick);
    }

    /** The port by which IOKit knows this process. */
    int task() {
        return Natives.mach_task_self();
    }
}
