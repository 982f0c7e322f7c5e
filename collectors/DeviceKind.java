package collectors;

/** What a device is. */
public enum DeviceKind {
    GPU,
    /** A CPU package: cores, caches, memory controller. */
    CPU_PACKAGE,
    /** The cores of a CPU package. */
    CPU_CORES,
    /** What a CPU package has beside its cores, such as integrated graphics. */
    CPU_UNCORE,
    DRAM,
    /** A neural engine, such as Apple's. */
    NEURAL_ENGINE,
    /** CPU, GPU and neural engine of one chip together. */
    SYSTEM_ON_CHIP,
    /** A board with CPU and GPU together. */
    MODULE,
    /** The whole machine. */
    MACHINE,
    OTHER
}
