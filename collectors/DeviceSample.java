package collectors;

/**
 * What the sensors of one device said at the latest sweep. The owner refills it at every sweep, so that sampling
 * allocates nothing; every number may be {@link #UNAVAILABLE}.
 */
public final class DeviceSample {

    /** Stands for a number that no sensor gave. */
    public static final double UNAVAILABLE = -1.0;

    /** The {@link #problem} of a device that is {@link #asleep}, for people; code asks {@link #asleep}. */
    public static final String ASLEEP = "asleep: it is not woken only to be measured";

    /** The {@link #socket} of a device that is not known to belong to one; it may be any. */
    public static final int UNKNOWN_SOCKET = -1;

    /** Stays the same across restarts where the hardware allows: a UUID, a PCI address, a zone's name. */
    public final String id;
    public final DeviceKind kind;
    public final String name;
    /** Changes only when a device turns out to duplicate another. */
    public Accounting accounting;

    /**
     * The {@link #id} of the device of the same collector that contains this one; empty when none does, or when nobody
     * knows which. A device whose accounting is {@link Accounting#CONTAINED} is a part of something even so.
     */
    public String containedIn = "";
    /** The CPU socket, or the module, that the device belongs to; {@link #UNKNOWN_SOCKET} when not known. */
    public int socket = UNKNOWN_SOCKET;
    /** Whether this GPU shares a chip or a module with a CPU, so that a sensor of that chip or module includes it. */
    public boolean integrated;

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
    /**
     * Nanoseconds since the collector opened, summed, for which the counter has not counted although the device ran:
     * while a child process that counts was being started again, say. 0 for a counter of the hardware's own. The joules
     * of an interval in which this grows are incomplete. Never decreases; {@link #clear} leaves it alone.
     */
    public long energyMissedNanos;
    /** How late at most the counter is published, in seconds; unavailable when unknown. */
    public double energyCounterDelaySeconds = UNAVAILABLE;
    /**
     * Over which time {@link #powerWatts} is a mean, in seconds: 0 for instantaneous power, 1 for NVML's usual power
     * on Ampere (except GA100) and later; unavailable when unknown.
     */
    public double powerAveragingSeconds = UNAVAILABLE;
    /** Watts at this moment, where the source gives them beside an averaged {@link #powerWatts} (NVML's field 186). */
    public double instantPowerWatts = UNAVAILABLE;
    /**
     * {@link System#nanoTime} when {@link #powerWatts} was asked for, where that may be long before the sweep; 0 when it
     * was part of the sweep.
     */
    public long powerNanos;
    /**
     * How old at most power is by the time that it is told, in seconds, apart from {@link #powerNanos}: a meter on a
     * network renews its value at a pace of its own. Unavailable for a sensor of which nothing is known.
     */
    public double powerDelaySeconds = UNAVAILABLE;
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
    /** Percent of the SMs that were busy; only where {@link CollectorContext#gpm} asks for this and the next two. */
    public double smActivityPercent = UNAVAILABLE;
    /** Percent of time in which tensor cores worked. */
    public double tensorActivityPercent = UNAVAILABLE;
    /** Percent of the memory's bandwidth that was used. */
    public double dramActivityPercent = UNAVAILABLE;
    /** Watts that the device is kept under. */
    public double powerLimitWatts = UNAVAILABLE;
    /** Whether the kernel has suspended the device: it was asked nothing, as that would wake it. */
    public boolean asleep;
    /** Why power or energy is unavailable, for people; null when the device gives all it can. */
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

    /**
     * Whether a device of another collector includes what this one measures: it covers more, at the same place. A
     * socket that is not known may be any, so that nothing is ever counted twice.
     */
    public boolean isPartOf(DeviceSample other) {
        return other.kind.contains(kind)
                && (other.kind.isWholeMachine() || mayShareSocketWith(other))
                && (kind != DeviceKind.GPU || integrated || other.kind.isWholeMachine());
    }

    /**
     * Whether a device of another collector measures the very same thing: then only one of them may be counted. GPUs
     * are never the same, as each vendor's have one collector.
     */
    public boolean isSameAs(DeviceSample other) {
        return kind == other.kind && kind != DeviceKind.GPU && kind != DeviceKind.OTHER
                && (kind.isWholeMachine() || mayShareSocketWith(other));
    }

    private boolean mayShareSocketWith(DeviceSample other) {
        return socket == other.socket || socket == UNKNOWN_SOCKET || other.socket == UNKNOWN_SOCKET;
    }

    /** Makes all readings unavailable because the device is suspended. */
    public void sleep() {
        clear();
        asleep = true;
        problem = ASLEEP;
    }

    /** Whether a number was really read: NaN, infinite and negative numbers were not. */
    public static boolean isAvailable(double value) {
        return value >= 0 && value < Double.POSITIVE_INFINITY;
    }

    /** Whether power or energy was read. */
    public boolean hasPowerOrEnergy() {
        return isAvailable(powerWatts) || isAvailable(energyCounterJoules);
    }

    /** Takes over all that a sample of the same device says. */
    public void copyFrom(DeviceSample other) {
        accounting = other.accounting;
        containedIn = other.containedIn;
        socket = other.socket;
        integrated = other.integrated;
        powerWatts = other.powerWatts;
        energyCounterJoules = other.energyCounterJoules;
        energyCounterRangeJoules = other.energyCounterRangeJoules;
        energyCounterNanos = other.energyCounterNanos;
        energyCounterStepSeconds = other.energyCounterStepSeconds;
        energyMissedNanos = other.energyMissedNanos;
        energyCounterDelaySeconds = other.energyCounterDelaySeconds;
        powerAveragingSeconds = other.powerAveragingSeconds;
        instantPowerWatts = other.instantPowerWatts;
        powerNanos = other.powerNanos;
        powerDelaySeconds = other.powerDelaySeconds;
        askedNanos = other.askedNanos;
        answeredNanos = other.answeredNanos;
        temperatureCelsius = other.temperatureCelsius;
        memoryUsedMb = other.memoryUsedMb;
        memoryTotalMb = other.memoryTotalMb;
        utilizationPercent = other.utilizationPercent;
        memoryUtilizationPercent = other.memoryUtilizationPercent;
        smActivityPercent = other.smActivityPercent;
        tensorActivityPercent = other.tensorActivityPercent;
        dramActivityPercent = other.dramActivityPercent;
        powerLimitWatts = other.powerLimitWatts;
        asleep = other.asleep;
        problem = other.problem;
    }

    /** Makes all that was read unavailable; what describes the counter and the power sensor themselves stays. */
    public void clear() {
        powerWatts = UNAVAILABLE;
        instantPowerWatts = UNAVAILABLE;
        energyCounterJoules = UNAVAILABLE;
        energyCounterNanos = 0;
        powerNanos = 0;
        askedNanos = 0;
        answeredNanos = 0;
        temperatureCelsius = UNAVAILABLE;
        memoryUsedMb = UNAVAILABLE;
        memoryTotalMb = UNAVAILABLE;
        utilizationPercent = UNAVAILABLE;
        memoryUtilizationPercent = UNAVAILABLE;
        smActivityPercent = UNAVAILABLE;
        tensorActivityPercent = UNAVAILABLE;
        dramActivityPercent = UNAVAILABLE;
        powerLimitWatts = UNAVAILABLE;
        asleep = false;
        problem = null;
    }
}
