package telemetry.accounting.steps;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import collectors.DeviceKind;
import collectors.DeviceSample;

/**
 * The most that a device can draw: what is above is no reading. A device's own limit is remembered; of several the
 * highest, as it also holds for what was drawn before a limit was lowered.
 */
public final class DrawLimits {

    /** No device draws more, a whole server included. */
    private static final double MAX_WATTS = 20_000;
    /** No GPU, and no module with one, draws more. */
    private static final double MAX_GPU_WATTS = 5_000;
    /** Nor does a CPU package, or the memory at it. */
    private static final double MAX_CPU_WATTS = 2_000;
    /** A device may exceed the limit that it is kept under for moments; thrice the limit no device does. */
    private static final double COUNTED_FACTOR = 3;
    /** A sensor's reading above so many limits is a sentinel. */
    private static final double POWER_FACTOR = 2;

    private double highestLimit;
    private double maxWatts = MAX_WATTS;
    private double maxPowerWatts = MAX_WATTS;

    public void learn(DeviceSample sample) {
        double most = ofKind(sample.kind);
        double limit = sample.powerLimitWatts;
        if (isAvailable(limit) && limit > highestLimit) {
            highestLimit = limit;
            maxWatts = Math.min(most, COUNTED_FACTOR * limit);
            maxPowerWatts = Math.min(most, POWER_FACTOR * limit);
        } else if (maxWatts == MAX_WATTS) {
            maxWatts = most;
            maxPowerWatts = most;
        }
    }

    private static double ofKind(DeviceKind kind) {
        return switch (kind) {
            case GPU, MODULE, SYSTEM_ON_CHIP, NEURAL_ENGINE -> MAX_GPU_WATTS;
            case CPU_PACKAGE, CPU_CORES, CPU_CORE, CPU_UNCORE, DRAM -> MAX_CPU_WATTS;
            default -> MAX_WATTS;
        };
    }

    /** The most mean power that a counter's difference may tell. */
    public double maxWatts() {
        return maxWatts;
    }

    /** The power, or unavailable when the device cannot draw so much. */
    public double plausible(double watts) {
        return isAvailable(watts) && watts <= maxPowerWatts ? watts : UNAVAILABLE;
    }
}
