package collectors.apple;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceSample;
import collectors.GpuInfo;
import collectors.TelemetryCollector;
import java.util.List;

/**
 * A Mac of the fake libraries in real time, for whole programs: {@code --collector collectors.apple.FakeMacCollector}.
 * FAKE_APPLE has its settings, the head of tests/fixtures/apple/fake_apple.c lists them.
 */
public final class FakeMacCollector implements TelemetryCollector {

    private final FakeApple fake;
    private final TelemetryCollector collector;
    private long advancedNanos = System.nanoTime();

    public FakeMacCollector(CollectorContext context) throws CollectorUnavailableException {
        fake = new FakeApple(context.environment().getOrDefault("FAKE_APPLE", "chip=m1"));
        collector = AppleOpening.open(context, fake.libraries(), new RealTime(), (other, reason) -> {
            throw new CollectorUnavailableException("powermetrics may not run", "sudo something");
        });
    }

    private void advance() {
        long now = System.nanoTime();
        fake.advance(now - advancedNanos);
        advancedNanos = now;
    }

    private final class RealTime implements AppleClock {

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void pause() throws InterruptedException {
            SYSTEM.pause();
            advance();
        }
    }

    @Override
    public String platform() {
        return collector.platform();
    }

    @Override
    public GpuInfo gpuInfo() {
        return collector.gpuInfo();
    }

    @Override
    public String source() {
        return collector.source();
    }

    @Override
    public String remedy() {
        return collector.remedy();
    }

    @Override
    public List<DeviceSample> collect() throws Exception {
        advance();
        return collector.collect();
    }

    @Override
    public void close() {
        collector.close();
    }
}
