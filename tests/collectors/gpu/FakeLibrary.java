package collectors.gpu;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Assumptions;

/** Fake libraries of tests/fixtures, compiled once per JVM. */
public final class FakeLibrary {

    private static final Map<List<Object>, Path> COMPILED = new ConcurrentHashMap<>();

    /** A library that nobody holds is unloaded at the next collection of the heap, and has forgotten what was set. */
    private static final Map<Path, NativeLibrary> OPEN = new ConcurrentHashMap<>();

    private FakeLibrary() {
    }

    /**
     * Where the library lies, compiled from a C file of the project. Aborts the test as skipped where gcc is missing.
     *
     * @param source  from the project's folder
     * @param library the file's name
     * @param without symbols that the library is to lack
     */
    public static Path compiled(String source, String library, String... without) {
        Set<String> absent = new TreeSet<>(Set.of(without));
        return COMPILED.computeIfAbsent(List.of(source, library, absent), key -> compile(source, library, absent));
    }

    /** A function of a library that stays loaded from now on. */
    public static Function function(Path library, String name) {
        return OPEN.computeIfAbsent(library, path -> NativeLibrary.getInstance(path.toString())).getFunction(name);
    }

    /** A library that needs another one, which is gone by the time it is loaded. */
    static Path linked(String source, String library, Path needed) {
        Path folder = compile(source, library, Set.of(), "-Wl,--no-as-needed", needed.toString());
        needed.toFile().delete();
        return folder;
    }

    private static Path compile(String source, String library, Set<String> without, String... more) {
        try {
            Path folder = Files.createTempDirectory("fake-library");
            Path file = folder.resolve(library);
            folder.toFile().deleteOnExit();
            file.toFile().deleteOnExit();
            List<String> command = new ArrayList<>(List.of("gcc", "-std=gnu11", "-O1", "-Wall", "-shared", "-fPIC",
                    "-pthread", "-o", file.toString(), find(source).toString()));
            command.addAll(List.of(more));
            without.forEach(symbol -> command.add("-D" + symbol + "=absent_" + symbol));
            run(command);
            return folder;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static void run(List<String> command) throws IOException {
        Process gcc = null;
        try {
            gcc = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            Assumptions.abort("gcc is missing: " + e.getMessage());
        }
        String complaint = new String(gcc.getInputStream().readAllBytes());
        try {
            if (gcc.waitFor() != 0) {
                throw new IllegalStateException(complaint);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The C file, wherever in the project, or below, the tests were started. */
    static Path find(String source) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(source))) {
                return at.resolve(source);
            }
        }
        throw new IllegalStateException("start the tests in the project's folder: " + source + " is not below here");
    }
}
