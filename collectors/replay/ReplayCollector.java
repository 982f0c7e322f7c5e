package collectors.replay;

import collectors.DeviceSample;
import collectors.GpuInfo;
import collectors.TelemetryCollector;
import java.util.List;
import java.util.function.LongSupplier;

/** The devices that one collector of a recorded monitor had. The primary one sets the pace and owns the recording. */
final class ReplayCollector implements TelemetryCollector {

    private final Playback playback;
    private final String platform;
    private final GpuInfo gpuInfo;
    private final String source;
    private final boolean primary;
    private final LongSupplier nanoTime;

    ReplayCollector(Playback playback, String platform, GpuInfo gpuInfo, String source, boolean primary,
                    LongSupplier nanoTime) {
        this.playback = playback;
        this.platform = platform;
        this.gpuInfo = gpuInfo;
        this.source = source;
        this.primary = primary;
        this.nanoTime = nanoTime;
    }

    @Override
    public String platform() {
        return platform;
    }

    @Override
    public GpuInfo gpuInfo() {
        return gpuInfo;
    }

    @Override
    public String source() {
        return source;
    }

    @Override
    public List<DeviceSample> collect() {
        return playback.fill(platform, nanoTime.getAsLong());
    }

    @Override
    public long momentNanos() {
        return playback.momentNanos(platform);
    }

    @Override
    public void setListenedTo(boolean listenedTo) {
        if (primary) {
            playback.align();
        }
    }

    @Override
    public void close() {
        if (primary) {
            playback.close();
        }
    }
}
