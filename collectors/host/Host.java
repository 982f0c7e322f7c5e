package collectors.host;

import collectors.CollectorContext;

/** The machine that the monitor runs on. */
public interface Host {

    /** The kernel counts its free pages anew for every reader: that costs more than a GPU. */
    long USUAL_MEMORY_PERIOD_NANOS = 200_000_000L;

    /** Describes the host; reads it again at every call. */
    HostInfo info();

    /** Memory in use, MiB: all but what is free or could be freed without swapping; unavailable when unknown. */
    double memoryUsedMb();

    /** How often at most that is worth asking, nanoseconds. */
    default long memoryPeriodNanos() {
        return USUAL_MEMORY_PERIOD_NANOS;
    }

    /** Memory that this process occupies, MiB; unavailable when unknown. */
    double ownResidentMb();

    /** The host, read from the kernel's own files on Linux and through OSHI elsewhere. */
    static Host open(CollectorContext context) {
        return OperatingSystem.current() == OperatingSystem.LINUX ? new LinuxHost(context.procfs()) : new OshiHost();
    }
}
