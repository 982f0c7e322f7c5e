package collectors.gpu;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.TelemetryCollector;
import collectors.gpu.nvml.Nvml;
import com.sun.jna.Function;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The fake libnvidia-ml.so.1 of tests/fixtures/nvml, compiled once per JVM. For a child process give {@link #folder}
 * as LD_LIBRARY_PATH and settings as FAKE_NVML; in this process use {@link #open} and {@link #set}. The head of the C
 * file lists the settings.
 */
public final class FakeNvml {

    /** Measure every GPU, whatever the environment says. */
    static final CollectorContext ALL = context("all", Map.of());

    private static final String SOURCE = "tests/fixtures/nvml/fake_nvml.c";
    private static final String LIBRARY = "libnvidia-ml.so.1";

    private final Path folder;

    private FakeNvml(Path folder) {
        this.folder = folder;
    }

    /** The library with every symbol, as after loading. Aborts the test as skipped where gcc is missing. */
    public static FakeNvml create() {
        return without();
    }

    /** A library that lacks some symbols, as older or newer drivers do. */
    public static FakeNvml without(String... symbols) {
        return new FakeNvml(FakeLibrary.compiled(SOURCE, LIBRARY, symbols));
    }

    /** Where the library lies. */
    public Path folder() {
        return folder;
    }

    /** The library. */
    public Path file() {
        return folder.resolve(LIBRARY);
    }

    /** Binds the library anew, in this process, with these settings and nothing called so far. */
    Nvml load(String settings) throws CollectorUnavailableException {
        Nvml nvml = Nvml.load(List.of(file().toString()));
        function("fake_nvml_reset").invokeVoid(new Object[0]);
        set(settings);
        return nvml;
    }

    /** The nvidia collector on this library, in this process, with every GPU. */
    public TelemetryCollector open(String settings) throws CollectorUnavailableException {
        return collector(settings, ALL);
    }

    /** The nvidia collector on this library, in this process. */
    GpuCollector collector(String settings, CollectorContext context) throws CollectorUnavailableException {
        return new GpuCollector(new NvmlSource(load(settings), context.sysfs(), context.procfs(), context.gpm()), context);
    }

    /** A collector's context with every device and another sysfs. */
    public static CollectorContext context(Path sysfs) {
        return new CollectorContext(sysfs, Path.of("/proc"), Map.of(), 50, "all",
                CollectorContext.MacosPower.COMBINED);
    }

    /** A collector's context with a choice of devices and environment variables. */
    public static CollectorContext context(String devices, Map<String, String> environment) {
        return new CollectorContext(Path.of("/sys"), Path.of("/proc"), environment, 50, devices,
                CollectorContext.MacosPower.COMBINED);
    }

    /** Changes settings, {@code KEY=VALUE;KEY=VALUE}, in this process. */
    public void set(String settings) {
        if (function("fake_nvml_set").invokeInt(new Object[] {settings}) == 0) {
            throw new IllegalArgumentException("no such settings: " + settings);
        }
    }

    /** How often the functions whose names match (* and ? as in a shell) were called in this process. */
    public long calls(String pattern) {
        return (Long) function("fake_nvml_calls").invoke(Long.class, new Object[] {pattern});
    }

    /** What a GPU has truly drawn between two moments of {@link System#nanoTime}, with its load as it is set now. */
    public double drawnJoules(int gpu, long fromNanos, long toNanos) {
        return (Double) function("fake_nvml_drawn_mj").invoke(Double.class,
                new Object[] {gpu, fromNanos, toNanos}) / 1e3;
    }

    /** How many nvmlInit have had no nvmlShutdown yet. */
    public int references() {
        return function("fake_nvml_references").invokeInt(new Object[0]);
    }

    /** The first thing done in this process that would be undefined with a real NVML; null when there was none. */
    public String violation() {
        Pointer text = function("fake_nvml_violation").invokePointer(new Object[0]);
        return text == null ? null : text.getString(0);
    }

    private Function function(String name) {
        return FakeLibrary.function(file(), name);
    }
}
