package telemetry.sampling;

import collectors.host.Host;
import collectors.host.HostInfo;

/** A host that never changes. */
public final class FixedHost implements Host {

    @Override
    public HostInfo info() {
        return new HostInfo("Test", "1", "1", "test", 2, "CPU");
    }

    @Override
    public double memoryUsedMb() {
        return 1234;
    }

    @Override
    public double ownResidentMb() {
        return 56;
    }
}
