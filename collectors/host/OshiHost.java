package collectors.host;

import java.net.InetAddress;
import java.net.UnknownHostException;
import oshi.SystemInfo;
import oshi.hardware.GlobalMemory;
import oshi.software.os.OperatingSystem;

/** A host that is not Linux, as OSHI knows it. */
final class OshiHost implements Host {

    private static final double BYTES_PER_MB = 1024.0 * 1024.0;

    private final SystemInfo system = new SystemInfo();
    private final GlobalMemory memory = system.getHardware().getMemory();

    @Override
    public HostInfo info() {
        OperatingSystem os = system.getOperatingSystem();
        var processor = system.getHardware().getProcessor();
        return new HostInfo(os.getFamily(), os.getVersionInfo().getVersion(), System.getProperty("os.version"),
                hostName(os), processor.getLogicalProcessorCount(), processor.getProcessorIdentifier().getName());
    }

    @Override
    public double memoryUsedMb() {
        return (memory.getTotal() - memory.getAvailable()) / BYTES_PER_MB;
    }

    @Override
    public double ownResidentMb() {
        return system.getOperatingSystem().getCurrentProcess().getResidentSetSize() / BYTES_PER_MB;
    }

    private static String hostName(OperatingSystem os) {
        String name = os.getNetworkParams().getHostName();
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
