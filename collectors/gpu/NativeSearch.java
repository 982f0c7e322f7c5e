package collectors.gpu;

import collectors.CollectorUnavailableException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Finds a native library at one of several places. */
public final class NativeSearch {

    /** {@code RTLD_LAZY} without {@code RTLD_GLOBAL}: ROCm SMI and AMD SMI share symbols, and run each other's else. */
    private static final int LAZY_LOCAL = 1;

    private static volatile boolean hasRun;

    private NativeSearch() {
    }

    /** Whether any library was looked for, which takes JNA. */
    public static boolean hasRun() {
        return hasRun;
    }

    /**
     * Binds the first of the candidates that has what the binding needs.
     *
     * @param what   the library's name for people
     * @param absent what to say when no candidate is there at all
     * @throws CollectorUnavailableException when none can be bound; the reason is that of the first that is there
     */
    public static <T> T first(List<String> candidates, Function<NativeLibrary, T> binding, String what, String absent)
            throws CollectorUnavailableException {
        String complaint = null;
        for (String candidate : candidates) {
            try {
                NativeLibrary library = load(candidate);
                try {
                    return binding.apply(library);
                } catch (UnsatisfiedLinkError e) {
                    complaint = complaint == null
                            ? candidate + " is too old or no " + what + ": " + firstLine(e) : complaint;
                }
            } catch (UnsatisfiedLinkError e) {
                String reason = isAbsent(candidate) ? null : reasonBesidesAbsence(candidate, e.getMessage());
                if (complaint == null && reason != null) {
                    complaint = candidate + " cannot be loaded: " + reason;
                }
            } catch (NoClassDefFoundError e) {
                throw new CollectorUnavailableException("JNA cannot run here: " + firstLine(firstCause(e)));
            }
        }
        throw new CollectorUnavailableException(complaint != null ? complaint : absent);
    }

    private static NativeLibrary load(String candidate) {
        hasRun = true;
        return Platform.isWindows() ? NativeLibrary.getInstance(candidate)
                : NativeLibrary.getInstance(candidate, Map.of(Library.OPTION_OPEN_FLAGS, LAZY_LOCAL));
    }

    /** Binds natives that a library may lack; false when it does. */
    public static boolean bind(Class<?> natives, NativeLibrary library) {
        try {
            Native.register(natives, library);
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false; // the library is older than the function, or newer than its removal
        }
    }

    /** An absolute candidate that is no file is absent, in whatever words and language the system says so. */
    private static boolean isAbsent(String candidate) {
        try {
            return Path.of(candidate).isAbsolute() && !Files.exists(Path.of(candidate));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /**
     * Why a library that is there was not loaded; null when it is not there. JNA lists on several lines what it tried:
     * the first names the library and nothing more, and another says that it is not among Java's resources. What the
     * system's linker does not find may as well be another library, or a version, that this one needs.
     */
    static String reasonBesidesAbsence(String candidate, String message) {
        String name = candidate.replaceFirst(".*[/\\\\]", "");
        return String.valueOf(message).lines().skip(1).map(String::strip)
                .filter(line -> !line.isEmpty() && !line.contains("resource path"))
                .filter(line -> !(line.substring(0, line.indexOf(':') + 1).contains(name)
                        && line.contains("cannot open shared object file: No such file or directory")))
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
