package collectors;

import collectors.host.OperatingSystem;
import collectors.registry.CollectorRegistry;
import collectors.registry.NullCollector;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A collector that does what a test tells it. */
public final class FakeCollector implements TelemetryCollector {

    public final AtomicInteger collections = new AtomicInteger();
    public final AtomicInteger closings = new AtomicInteger();
    /** Thrown by every call until it is null again. */
    public volatile Exception failure;
    /** Why it cannot work here; null when it can. */
    public volatile String refusal;
    /** Every call waits until it is open. */
    public volatile CountDownLatch gate = new CountDownLatch(0);

    private final String platform;
    private final List<DeviceSample> devices;

    public FakeCollector(String platform, DeviceSample... devices) {
        this.platform = platform;
        this.devices = List.of(devices);
    }

    /** A registry whose auto-detection tries these, each by its platform's name, and {@code null} last. */
    public static CollectorRegistry registry(FakeCollector... collectors) {
        CollectorRegistry registry = new CollectorRegistry();
        for (FakeCollector collector : collectors) {
            registry.detect(collector.platform, EnumSet.allOf(OperatingSystem.class), context -> {
                if (collector.refusal != null) {
                    throw new CollectorUnavailableException(collector.refusal);
                }
                return collector;
            });
        }
        return registry.detect(CollectorRegistry.NONE, EnumSet.allOf(OperatingSystem.class),
                context -> new NullCollector());
    }

    /** A GPU of so many watts. */
    public static DeviceSample gpu(String id, double watts) {
        return device(DeviceKind.GPU, Accounting.ADDED, id, watts);
    }

    /** A device of so many watts. */
    public static DeviceSample device(DeviceKind kind, Accounting accounting, String id, double watts) {
        DeviceSample device = new DeviceSample(id, kind, "Fake " + kind, accounting);
        device.powerWatts = watts;
        return device;
    }

    @Override
    public String platform() {
        return platform;
    }

    @Override
    public List<DeviceSample> collect() throws Exception {
        collections.incrementAndGet();
        gate.await();
        if (failure != null) {
            throw failure;
        }
        return devices;
    }

    @Override
    public void close() {
        closings.incrementAndGet();
    }
}
