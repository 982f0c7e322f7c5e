package collectors.replay;

import collectors.DeviceSample;
import collectors.host.Host;
import collectors.host.HostInfo;
import collectors.replay.file.RecordedHost;

/** The machine that was recorded; what the file does not tell of it is empty, and not this machine's. */
final class ReplayHost implements Host {

    private final Playback playback;
    private final HostInfo info;

    ReplayHost(Playback playback, RecordedHost host) {
        this.playback = playback;
        this.info = host.system() != null ? host.system() : new HostInfo("", "", "", host.name(), 0, "");
    }

    @Override
    public HostInfo info() {
        return info;
    }

    @Override
    public double memoryUsedMb() {
        return playback.hostMemoryUsedMb();
    }

    @Override
    public long memoryPeriodNanos() {
        return 0; // nobody counts: it is in the recording
    }

    @Override
    public double ownResidentMb() {
        return DeviceSample.UNAVAILABLE;
    }
}
