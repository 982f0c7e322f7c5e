package collectors.gpu;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import com.sun.jna.Function;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.List;

/** The fake librocm_smi64.so of tests/fixtures/rocm_smi, in this process. The head of the C file lists the settings. */
final class FakeRocmSmi {

    private static final String SOURCE = "tests/fixtures/rocm_smi/fake_rocm_smi.c";
    private static final String LIBRARY = "librocm_smi64.so";

    private final Path file;

    private FakeRocmSmi(Path file) {
        this.file = file;
    }

    /** The library without some symbols, as other releases are. Aborts the test as skipped where gcc is missing. */
    static FakeRocmSmi without(String... symbols) {
        return new FakeRocmSmi(FakeLibrary.compiled(SOURCE, LIBRARY, symbols).resolve(LIBRARY));
    }

    Path file() {
        return file;
    }

    /** The amd collector on this library. */
    GpuCollector collector(String settings, CollectorContext context) throws CollectorUnavailableException {
        return new GpuCollector(load(settings, context.sysfs()), context);
    }

    /** Binds the library anew with these settings and nothing called so far. */
    RocmSmi load(String settings, Path sysfs) throws CollectorUnavailableException {
        RocmSmi rocmSmi = RocmSmi.load(List.of(file.toString()), sysfs);
        function("fake_rocm_smi_reset").invokeVoid(new Object[0]);
        set(settings);
        return rocmSmi;
    }

    /** Changes settings, {@code KEY=VALUE;KEY=VALUE}. */
    void set(String settings) {
        if (function("fake_rocm_smi_set").invokeInt(new Object[] {settings}) == 0) {
            throw new IllegalArgumentException("no such settings: " + settings);
        }
    }

    /** How often the functions whose names match (* and ? as in a shell) were called. */
    long calls(String pattern) {
        return (Long) function("fake_rocm_smi_calls").invoke(Long.class, new Object[] {pattern});
    }

    /** How many rsmi_init have had no rsmi_shut_down yet. */
    int references() {
        return function("fake_rocm_smi_references").invokeInt(new Object[0]);
    }

    /** The first thing done that must not be done with a real library; null when there was none. */
    String violation() {
        Pointer text = function("fake_rocm_smi_violation").invokePointer(new Object[0]);
        return text == null ? null : text.getString(0);
    }

    private Function function(String name) {
        return FakeLibrary.function(file, name);
    }
}
