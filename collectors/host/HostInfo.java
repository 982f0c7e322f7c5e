package collectors.host;

/**
 * The host, as every reading describes it.
 *
 * @param osName        the distribution or system, such as {@code Debian GNU/Linux}
 * @param osVersion     such as {@code 12}
 * @param kernelVersion the kernel's release; on Windows with its build
 * @param hostName      the name as the system has it, without a domain added
 * @param cpuCount      logical processors of the machine
 * @param cpuBrand      such as {@code AMD EPYC 9654 96-Core Processor}; empty when unknown
 */
public record HostInfo(String osName, String osVersion, String kernelVersion, String hostName, int cpuCount,
                       String cpuBrand) {
}
