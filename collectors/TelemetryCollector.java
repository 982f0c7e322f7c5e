package collectors;

import java.util.List;

/**
 * Reads the sensors of one platform. A collector says what its sensors say now, raw, for each device; sums, joules
 * since the start and the wire are made of that elsewhere, once for all platforms.
 *
 * <p>A collector is used by one thread at a time. Its factory, or a public constructor that takes nothing or a
 * {@link CollectorContext}, throws {@link CollectorUnavailableException} when it cannot work here. The project's own
 * have a line each in {@link collectors.registry.CollectorRegistry#standard}; any other is asked for by the name of its
 * class.
 */
public interface TelemetryCollector extends AutoCloseable {

    /** The platform's name on the wire, such as {@code nvidia}. */
    String platform();

    /** The GPUs measured, or {@link GpuInfo#NONE}. */
    default GpuInfo gpuInfo() {
        return GpuInfo.NONE;
    }

    /** What it reads from, with the versions of the driver and the library where they are known; for people. */
    default String source() {
        return "";
    }

    /** The command that lets it read what was denied to it at the latest call; empty when there is none. */
    default String remedy() {
        return "";
    }

    /**
     * Whether a device tells what works inside it, as {@link CollectorContext#gpm} asks, or may do so once it is awake.
     */
    default boolean isProfiling() {
        return false;
    }

    /**
     * Asks every sensor once. The devices are the same objects at every call, in the same order, refilled: they are
     * valid until the next call. A device whose sensor failed stays in the list with its values unavailable and the
     * {@linkplain DeviceSample#problem reason} set.
     *
     * @throws Exception when nothing at all could be read; the call is repeated with growing pauses
     */
    List<DeviceSample> collect() throws Exception;

    /**
     * Whether somebody listens to the readings; told by the thread that asks, before the first call and whenever it
     * changes. A collector that keeps hardware from sleeping lets go of it only while nobody does.
     */
    default void setListenedTo(boolean listenedTo) {
        // most sensors keep nothing awake
    }

    /** Gives back what the collector holds: libraries, files, child processes. */
    @Override
    default void close() {
    }
}
