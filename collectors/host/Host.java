package collectors.host;

import collectors.CollectorContext;

/** The machine that the monitor runs on. */
public interface Host {

    /** Describes the host; reads it again at every call. */
    HostInfo info();

    /** Memory in use, MiB: all but what is free or could be freed without swapping; unavailable when unknown. */
    double memoryUsedMb();

    /** Memory that this process occupies, MiB; unavailable when unknown. */
    double ownResidentMb();

    /** The host, read from the kernel's own files on Linux and through OSHI elsewhere. */
    static Host open(CollectorContext context) {
        return OperatingSystem.current() == OperatingSystem.LINUX ? new LinuxHost(context.procfs()) : new OshiHost();
    }
}
