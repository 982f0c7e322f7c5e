package collectors.gpu;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.DeviceKind;
import java.util.List;

/**
 * What a vendor's GPUs can be asked, by the index of the GPU. An answer is a code: {@link #SUCCESS}, and then
 * {@link #value} is the number, or one of the source's own. Like a collector, a source is used by one thread at a time.
 */
interface GpuSource {

    /** The code of every library here, and of ours, for an answer. */
    int SUCCESS = 0;

    /** Our code for an energy counter whose own timestamp shows that it was not read again. */
    int STALE = 100_000;

    /** The platform's name on the wire. */
    String platform();

    /** The vendor's name on the wire. */
    String vendor();

    /** The interface's name on the wire. */
    String backend();

    /** The source's name, for people. */
    String name();

    /** What follows the {@link #name} for people: the library's file and the driver's version, where they are known. */
    default String version() {
        return "";
    }

    /** The environment variables that hide GPUs from programs, in the order in which they apply. */
    List<DeviceSelection.Filter> filters();

    /** Whether an open source keeps its GPUs from being suspended. */
    default boolean keepsAwake() {
        return false;
    }

    /**
     * Whether all GPUs are asleep now and {@link #init} would wake them. If so, {@link #count}, {@link #model} and
     * {@link #pciAddress} can be asked without it.
     */
    default boolean wouldWake() {
        return false;
    }

    /** Starts, or starts again after {@link #shutdown}; which GPUs there are is found out here only. */
    int init();

    void shutdown();

    /** How many GPUs there are. */
    int count();

    /** Gets access to the GPU with that index; the code says why there is none. */
    default int attach(int gpu) {
        return SUCCESS;
    }

    /** The model's name, or null. */
    String model(int gpu);

    /** The UUID as the vendor's runtime writes it, or null. */
    String uuid(int gpu);

    /** Where the GPU is, as the kernel writes it, such as {@code 0000:03:00.0}, or null. */
    String pciAddress(int gpu);

    /** What the sensors of power and energy cover. */
    default DeviceKind kind(int gpu) {
        return DeviceKind.GPU;
    }

    /** Whether the GPU shares a chip or a module with a CPU. */
    default boolean isIntegrated(int gpu) {
        return false;
    }

    /** The GPU that a UUID of another kind, such as a MIG instance's, belongs to; -1 when none does. */
    default int ownerOf(String uuid) {
        return -1;
    }

    /** The GPU whose sensors measure the power of this one: itself, or the one it shares a module or a board with. */
    default int powerOwner(int gpu) {
        return gpu;
    }

    /** Whether another GPU may measure the power of this one too, so that its own sensor reads 0 or fails. */
    default boolean maySharePower(int gpu) {
        return false;
    }

    /** Where the energy counter wraps to zero, in joules. */
    default double energyRangeJoules(int gpu) {
        return UNAVAILABLE;
    }

    /** Reads what one call can give; {@link #energy} and {@link #power} then return it. */
    default void refresh(int gpu) {
        // most sources have a call for each number
    }

    /** Joules since some moment. */
    int energy(int gpu);

    /** The latest energy's own timestamp in nanoseconds; 0 when there is none. */
    default long energyNanos() {
        return 0;
    }

    /** Whether every reading of the energy counter has a new timestamp, so that an old one means an old counter. */
    default boolean stampsEveryReading() {
        return false;
    }

    /** Watts. */
    int power(int gpu);

    /** Over which time the latest power is a mean, in seconds; unavailable when unknown. */
    default double powerAveragingSeconds() {
        return UNAVAILABLE;
    }

    /** Watts at this moment, as the latest {@link #refresh} had it, where the usual power is a mean. */
    default double instantPowerWatts() {
        return UNAVAILABLE;
    }

    /** Degrees Celsius of the hottest spot, or else of the edge. */
    int temperature(int gpu);

    /** MiB. */
    int memoryUsed(int gpu);

    /** MiB. */
    int memoryTotal(int gpu);

    /** Percent of time in which the GPU computed. */
    int utilization(int gpu);

    /** Percent of time in which memory was used, read together with the latest {@link #utilization}. */
    default double memoryUtilizationPercent() {
        return UNAVAILABLE;
    }

    /** Watts. */
    int powerLimit(int gpu);

    /** Whether the GPU tells what works inside it, as {@link collectors.CollectorContext#gpm} asks. */
    default boolean tellsActivity(int gpu) {
        return false;
    }

    /**
     * What worked inside a GPU that {@linkplain #tellsActivity tells} it, in the time since the call before: the next
     * three, unavailable after the first call. More than 100 ms have to pass between two calls.
     */
    default int activity(int gpu) {
        throw new UnsupportedOperationException(name() + " tells no activity");
    }

    /** Percent of the SMs that were busy. */
    default double smActivityPercent() {
        return UNAVAILABLE;
    }

    /** Percent of time in which tensor cores worked. */
    default double tensorActivityPercent() {
        return UNAVAILABLE;
    }

    /** Percent of the memory's bandwidth that was used. */
    default double dramActivityPercent() {
        return UNAVAILABLE;
    }

    /** The number of the latest answer that succeeded. */
    double value();

    /** What a code means. */
    String describe(int code);

    /** Whether a failure with that code will last, whatever is done. */
    boolean isHopeless(int code);

    /** Whether a failure with that code may mean that the GPU or its driver is gone. */
    boolean maySayLost(int code);

    /** Whether the GPU is there but denied to this process: starting again would not help. */
    default boolean isDenied(int code) {
        return false;
    }
}
