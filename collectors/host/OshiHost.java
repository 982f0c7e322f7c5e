package collectors.host;

import collectors.DeviceSample;
import collectors.Units;
import java.net.InetAddress;
import java.net.UnknownHostException;
import oshi.SystemInfo;
import oshi.hardware.GlobalMemory;
import oshi.software.os.OSProcess;

/** A host that is not Linux, as OSHI knows it. */
final class OshiHost implements Host {

    private final SystemInfo system = new SystemInfo();
    private final GlobalMemory memory = system.getHardware().getMemory();

    @Override
    public HostInfo info() {
        var os = system.getOperatingSystem();
        var version = os.getVersionInfo();
        var processor = system.getHardware().getProcessor();
        return new HostInfo(os.getFamily(), version.getVersion(),
                kernelVersion(OperatingSystem.current(), System.getProperty("os.version"), version.getBuildNumber()),
                hostName(os.getNetworkParams().getHostName()), processor.getLogicalProcessorCount(),
                processor.getProcessorIdentifier().getName());
    }

    @Override
    public double memoryUsedMb() {
        return (memory.getTotal() - memory.getAvailable()) / Units.BYTES_PER_MIB;
    }

    @Override
    public double ownResidentMb() {
        return residentMb(system.getOperatingSystem().getCurrentProcess());
    }

    /** OSHI gives null where it does not find the process, as under Wine. */
    static double residentMb(OSProcess process) {
        return process == null ? DeviceSample.UNAVAILABLE : process.getResidentSetSize() / Units.BYTES_PER_MIB;
    }

    /** Ten years of Windows call themselves 10.0: the build, such as 22631, tells their kernels apart. */
    static String kernelVersion(OperatingSystem system, String version, String build) {
        return system == OperatingSystem.WINDOWS && build != null && !build.isEmpty() ? version + "." + build
                : version;
    }

    private static String hostName(String name) {
        if (!name.isEmpty()) {
            return name;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "";
        }
    }
}
