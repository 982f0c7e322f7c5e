package collectors.apple;

import collectors.CollectorUnavailableException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.Map;

/**
 * Where macOS has the libraries that are read. They are no files on the disk since macOS 11, but the linker knows them
 * by these paths.
 *
 * @param coreFoundation objects: strings, dictionaries, arrays
 * @param ioReport       the counters of the kernel's drivers
 * @param ioKit          services and their properties
 * @param system         the clock
 */
record AppleLibraries(String coreFoundation, String ioReport, String ioKit, String system) {

    static final AppleLibraries OF_MACOS = new AppleLibraries(
            "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation", "/usr/lib/libIOReport.dylib",
            "/System/Library/Frameworks/IOKit.framework/IOKit", "/usr/lib/libSystem.B.dylib");

    /** {@code RTLD_LAZY} without {@code RTLD_GLOBAL}. */
    private static final int LAZY_LOCAL = 1;

    /**
     * Binds a class's native methods to the functions of their names.
     *
     * @throws CollectorUnavailableException when the library is not there or lacks one
     */
    static NativeLibrary bind(Class<?> natives, String path) throws CollectorUnavailableException {
        try {
            NativeLibrary library = NativeLibrary.getInstance(path, Map.of(Library.OPTION_OPEN_FLAGS, LAZY_LOCAL));
            Native.register(natives, library);
            return library;
        } catch (UnsatisfiedLinkError e) {
            throw new CollectorUnavailableException(path + " cannot be used: " + firstLine(e));
        } catch (NoClassDefFoundError e) {
            throw new CollectorUnavailableException("JNA cannot run here: " + firstLine(e));
        }
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
