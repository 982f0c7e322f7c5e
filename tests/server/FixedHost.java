package server;

import collectors.Host;
import collectors.HostInfo;

/** A host that never changes. */
final class FixedHost implements Host {

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
