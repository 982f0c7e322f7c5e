package collectors.host;

import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;

/** What native code, such as Java's compiler, has taken from the C library's {@code malloc}. */
public final class NativeHeap {

    private NativeHeap() {
    }

    /**
     * Gives back to the system what is free but kept for later: {@code malloc_trim} of malloc.h, which glibc alone has.
     * Loads JNA where it is not loaded yet. Takes about a millisecond; may be called while others allocate.
     *
     * @return whether there was anything to give back; false as well where it cannot be done
     */
    public static boolean trim() {
        if (OperatingSystem.current() != OperatingSystem.LINUX) {
            return false;
        }
        try {
            return NativeLibrary.getProcess().getFunction("malloc_trim").invokeInt(new Object[] {new NativeLong(0)}) != 0;
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            return false; // another C library, or JNA cannot run here
        }
    }
}
