package collectors.replay.file;

import collectors.Accounting;
import collectors.DeviceKind;

/**
 * One device as a reading has it; a number that was unavailable is {@link collectors.DeviceSample#UNAVAILABLE}. Watts,
 * joules since the recorded monitor started, degrees Celsius, MiB and percent.
 *
 * @param energy  where its joules come from
 * @param inTotal whether it belongs to the machine's total; null where the file does not tell
 * @param problem why power and energy are unavailable; empty when they are not, or the file does not tell
 */
public record RecordedDevice(String id, int index, DeviceKind kind, String name, String platform,
                             Accounting accounting, Energy energy, double powerWatts, double energyJoules,
                             double temperatureCelsius, double memoryUsedMb, double memoryTotalMb,
                             double utilizationPercent, double memoryUtilizationPercent, double smActivityPercent,
                             double tensorActivityPercent, double dramActivityPercent, double powerLimitWatts,
                             Boolean inTotal, boolean asleep, String problem) {

    /** Where joules come from. */
    public enum Energy { UNAVAILABLE, COUNTER, INTEGRATED }
}
