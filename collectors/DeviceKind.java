package collectors;

/**
 * What a device's sensor covers. Two devices of different collectors overlap by their kinds: see {@link #contains}. The
 * wire has these names in lower case.
 */
public enum DeviceKind {
    GPU,
    /** A CPU package: cores, caches, memory controller. */
    CPU_PACKAGE,
    /** All cores of a CPU package. */
    CPU_CORES,
    /** One core of a CPU package. */
    CPU_CORE,
    /** What a CPU package has apart from its cores, such as integrated graphics. */
    CPU_UNCORE,
    DRAM,
    /** A neural engine, such as Apple's. */
    NEURAL_ENGINE,
    /** The CPU, GPU and neural engine of one chip together, without its memory. */
    SYSTEM_ON_CHIP,
    /** A board that carries CPU, memory and GPU together. */
    MODULE,
    /** The whole machine. */
    MACHINE,
    /** The outlet that feeds the machine, with the losses of its power supply. */
    OUTLET,
    /** Anything else; only its own collector knows what contains it. */
    OTHER;

    /**
     * Whether a sensor of this kind includes what a sensor of the other kind measures at the same place. Whether a GPU
     * is inside a chip or a module depends on the GPU: here it is taken to be, see {@link DeviceSample#integrated}.
     */
    public boolean contains(DeviceKind other) {
        return switch (this) {
            case OUTLET -> other != OUTLET;
            case MACHINE -> other != OUTLET && other != MACHINE;
            case MODULE -> switch (other) {
                case OUTLET, MACHINE, MODULE, OTHER -> false;
                default -> true;
            };
            case SYSTEM_ON_CHIP -> switch (other) {
                case GPU, CPU_PACKAGE, CPU_CORES, CPU_CORE, CPU_UNCORE, NEURAL_ENGINE -> true;
                default -> false;
            };
            case CPU_PACKAGE -> other == CPU_CORES || other == CPU_CORE || other == CPU_UNCORE;
            case CPU_CORES -> other == CPU_CORE;
            default -> false;
        };
    }

    /** Whether a sensor of this kind covers the machine as a whole: shown beside a total, not added to it. */
    public boolean isWholeMachine() {
        return this == MACHINE || this == OUTLET;
    }
}
