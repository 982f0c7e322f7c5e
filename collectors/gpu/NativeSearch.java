package collectors.gpu;

import collectors.CollectorUnavailableException;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.List;
import java.util.function.Function;

/** Finds a native library at one of several places. */
final class NativeSearch {

    private NativeSearch() {
    }

    /**
     * Binds the first of the candidates that has what the binding needs.
     *
     * @param what   the library's name for people
     * @param absent what to say when no candidate is there at all
     * @throws CollectorUnavailableException when none can be bound; the reason is that of the first that is there
     */
    static <T> T first(List<String> candidates, Function<NativeLibrary, T> binding, String what, String absent)
            throws CollectorUnavailableException {
        String complaint = null;
        for (String candidate : candidates) {
            try {
                NativeLibrary library = NativeLibrary.getInstance(candidate);
                try {
                    return binding.apply(library);
                } catch (UnsatisfiedLinkError e) {
                    complaint = complaint == null
                            ? candidate + " is too old or no " + what + ": " + firstLine(e) : complaint;
                }
            } catch (UnsatisfiedLinkError e) {
                String reason = reasonBesidesAbsence(e);
                if (complaint == null && reason != null) {
                    complaint = candidate + " cannot be loaded: " + reason;
                }
            } catch (NoClassDefFoundError e) {
                throw new CollectorUnavailableException("JNA cannot run here: " + firstLine(firstCause(e)));
            }
        }
        throw new CollectorUnavailableException(complaint != null ? complaint : absent);
    }

    /** Binds natives that a library may lack; false when it does. */
    static boolean bind(Class<?> natives, NativeLibrary library) {
        try {
            Native.register(natives, library);
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false; // the library is older than the function, or newer than its removal
        }
    }

    /** JNA tells in several lines what it tried; the first of them names the library, nothing more. */
    private static String reasonBesidesAbsence(UnsatisfiedLinkError e) {
        return String.valueOf(e.getMessage()).lines().skip(1)
                .filter(line -> !line.contains("No such file or directory") && !line.contains("not found")
                        && !line.contains("could not be found"))
                .findFirst().orElse(null);
    }

    /** Why JNA's own library was not loaded is told once; every later use names a class only, and that as its cause. */
    private static Throwable firstCause(Throwable e) {
        return e.getCause() == null ? e : firstCause(e.getCause());
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
