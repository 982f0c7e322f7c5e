package collectors.apple;

import collectors.CollectorContext;
import collectors.CollectorContext.MacosPower;
import collectors.CollectorUnavailableException;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import collectors.gpu.FakeLibrary;
import com.sun.jna.Function;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The fake libraries of tests/fixtures/apple, compiled once per JVM; their time is what the tests let pass. */
final class FakeApple implements AppleClock {

    private static final String SOURCE = "tests/fixtures/apple/fake_apple.c";
    private static final String LIBRARY = "libfake_apple.so";
    private static final long PAUSE_NANOS = 20_000_000;

    private final String path;

    /** A chip with what its settings say, the head of the C file lists them. */
    FakeApple(String settings) {
        path = FakeLibrary.compiled(SOURCE, LIBRARY).resolve(LIBRARY).toString();
        set(settings);
    }

    AppleLibraries libraries() {
        return new AppleLibraries(path, path, path, path);
    }

    static CollectorContext context(MacosPower power) {
        return new CollectorContext(Path.of("/sys"), Path.of("/proc"), Map.of(), 50, "visible", power);
    }

    /** The collector where powermetrics may not be used. */
    TelemetryCollector open(MacosPower power) throws CollectorUnavailableException {
        return open(power, (context, reason) -> {
            throw new CollectorUnavailableException("powermetrics may not run", "sudo something");
        });
    }

    TelemetryCollector open(MacosPower power, AppleOpening.Powermetrics powermetrics)
            throws CollectorUnavailableException {
        return AppleOpening.open(context(power), libraries(), this, powermetrics);
    }

    @Override
    public long nanoTime() {
        return (Long) function("fake_apple_now").invoke(Long.class, new Object[0]);
    }

    @Override
    public void pause() {
        advance(PAUSE_NANOS);
    }

    /** Lets time pass. */
    void advance(long nanos) {
        function("fake_apple_advance").invokeVoid(new Object[] {nanos});
    }

    /** Lets time pass and asks every 50 ms; what was said last. */
    List<DeviceSample> collectFor(TelemetryCollector collector, double seconds) throws Exception {
        List<DeviceSample> devices = null;
        for (int i = 0; i < Math.round(seconds * 20); i++) {
            advance(50_000_000);
            devices = collector.collect();
        }
        return devices;
    }

    void set(String settings) {
        if (function("fake_apple_set").invokeInt(new Object[] {settings}) == 0) {
            throw new IllegalArgumentException("no such settings: " + settings);
        }
    }

    /** What a channel has truly counted, joules. */
    double joules(String channel) {
        return (Double) function("fake_apple_joules").invoke(Double.class, new Object[] {channel});
    }

    /** CF objects that nobody has released. */
    long liveObjects() {
        return (Long) function("fake_apple_live").invoke(Long.class, new Object[0]);
    }

    /** Services and connections that nobody has given back. */
    int openPorts() {
        return function("fake_apple_ports").invokeInt(new Object[0]);
    }

    /** The first thing done in this process that would be undefined with the real libraries; null when none was. */
    String violation() {
        Pointer text = function("fake_apple_violation").invokePointer(new Object[0]);
        return text == null ? null : text.getString(0);
    }

    private Function function(String name) {
        return FakeLibrary.function(Path.of(path), name);
    }
}
