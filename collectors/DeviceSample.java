package collectors;

/**
 * What the sensors of one device said at the latest sweep. The owner refills it at every sweep, so that sampling
 * allocates nothing; every number may be {@link #UNAVAILABLE}.
 */
public final class DeviceSample {

    /** Stands for a number that no sensor gave. */
    public static final double UNAVAILABLE = -1.0;

    /** The {@link #problem} of a device that the kernel has suspended: asking it anything would wake it. */
    public static final String ASLEEP = "asleep: it is not woken only to be measured";

    /** Stays the same across restarts where the hardware allows: a UUID, a PCI address, a zone's name. */
    public final String id;
    public final DeviceKind kind;
    public final String name;
    public final Accounting accounting;

    /** Watts drawn now. */
    public double powerWatts = UNAVAILABLE;
    /** Joules since some moment of the sensor's own; only differences mean anything. */
    public double energyCounterJoules = UNAVAILABLE;
    /** Where the energy counter wraps to zero, in joules; unavailable when a lower value can only be a reset. */
    public double energyCounterRangeJoules = UNAVAILABLE;
    /**
     * The counter's own timestamp in nanoseconds of the source's own clock, 0 when it gives none. Only equality and
     * differences mean anything: a timestamp that has not moved says that the counter was not updated. Whether it is
     * the moment of the counter's latest step is not promised; whoever uses it so has to find out.
     */
    public long energyCounterNanos;
    /**
     * The longest time between two updates of the counter in seconds, where the source's documentation states one
     * (RAPL: 0.001); unavailable when it has to be observed.
     */
    public double energyCounterStepSeconds = UNAVAILABLE;
    /** How late at most the counter is published, in seconds; unavailable when unknown. */
    public double energyCounterDelaySeconds = UNAVAILABLE;
    /**
     * Over which time {@link #powerWatts} is a mean, in seconds: 0 for instantaneous power, 1 for NVML's usual power
     * on Ampere (except GA100) and later; unavailable when unknown.
     */
    public double powerAveragingSeconds = UNAVAILABLE;
    /** Watts at this moment, where the source gives them beside an averaged {@link #powerWatts} (NVML's field 186). */
    public double instantPowerWatts = UNAVAILABLE;
    /** {@link System#nanoTime} right before and after this device's counter was read; 0 for that of the whole sweep. */
    public long askedNanos;
    public long answeredNanos;
    /** Degrees Celsius. */
    public double temperatureCelsius = UNAVAILABLE;
    /** MiB. */
    public double memoryUsedMb = UNAVAILABLE;
    /** MiB. */
    public double memoryTotalMb = UNAVAILABLE;
    /** Percent of time in which the device computed. */
    public double utilizationPercent = UNAVAILABLE;
    /** Percent of time in which the device's memory was read or written. */
    public double memoryUtilizationPercent = UNAVAILABLE;
    /** Watts that the device is kept under. */
    public double powerLimitWatts = UNAVAILABLE;
    /** Why power and energy are unavailable, for the log; null when they are not. */
    public String problem;

    /**
     * A device with nothing read yet.
     *
     * @param id         unique among the devices of its collector
     * @param kind       what it is
     * @param name       its model, for people
     * @param accounting how it enters its collector's sums
     */
    public DeviceSample(String id, DeviceKind kind, String name, Accounting accounting) {
        this.id = id;
        this.kind = kind;
        this.name = name;
        this.accounting = accounting;
    }

    /** A device that is added up with the others of its collector. */
    public DeviceSample(String id, DeviceKind kind, String name) {
        this(id, kind, name, Accounting.ADDED);
    }

    /** Whether a number was really read: NaN, infinite and negative numbers were not. */
    public static boolean isAvailable(double value) {
        return value >= 0 && value < Double.POSITIVE_INFINITY;
    }

    /** Whether power or energy was read. */
    public boolean hasPowerOrEnergy() {
        return isAvailable(powerWatts) || isAvailable(energyCounterJoules);
    }

    /** Makes all that was read unavailable; what describes the counter and the power sensor themselves stays. */
    public void clear() {
        powerWatts = UNAVAILABLE;
        instantPowerWatts = UNAVAILABLE;
        energyCounterJoules = UNAVAILABLE;
        energyCounterNanos = 0;
        askedNanos = 0;
        answeredNanos = 0;
        temperatureCelsius = UNAVAILABLE;
        memoryUsedMb = UNAVAILABLE;
        memoryTotalMb = UNAVAILABLE;
        utilizationPercent = UNAVAILABLE;
        memoryUtilizationPercent = UNAVAILABLE;
        powerLimitWatts = UNAVAILABLE;
        problem = null;
    }
}
