package telemetry.sampling;

import java.util.List;

/**
 * What one second was like, or one interval of a monitor whose interval is longer. Numbers are {@link
 * collectors.DeviceSample#UNAVAILABLE} when they are not known.
 *
 * @param beginUnixNanos when it began, on the clock of {@link Sampler#mark marks}, and
 * @param endUnixNanos   when it ended
 * @param totalWatts     the mean power of all that is measured, nothing counted twice
 * @param problem        why the total is unavailable, naming the device; null when it is not
 * @param devices        every device that is known by then
 */
public record PowerSecond(long beginUnixNanos, long endUnixNanos, double totalWatts, String problem,
                          List<Device> devices) {

    /**
     * One device in that second.
     *
     * @param platform           its collector's
     * @param index              its place among its collector's
     * @param id                 its own
     * @param watts              the mean power: of its joules where these are known, else as the device told it
     * @param problem            why the power is unavailable; null when it is not
     * @param utilizationPercent at the end
     * @param memoryUsedMb       at the end, MiB
     */
    public record Device(String platform, int index, String id, double watts, String problem,
                         double utilizationPercent, double memoryUsedMb) {
    }
}
