package collectors.host;

import collectors.CollectorContext;

/** The machine that the monitor runs on. */
public interface Host {

    /** What the host is; read anew at every call. */
    HostInfo info();

    /** Memory in use, MiB: total minus what could be had without swapping; unavailable when it cannot be told. */
    double memoryUsedMb();

    /** Memory that this process has in RAM, MiB; unavailable when it cannot be told. */
    double ownResidentMb();

    /** The host, read from the kernel's own files on Linux and through OSHI elsewhere. */
    static Host open(CollectorContext context) {
        return OperatingSystem.current() == OperatingSystem.LINUX ? new LinuxHost(context.procfs()) : new OshiHost();
    }
}
