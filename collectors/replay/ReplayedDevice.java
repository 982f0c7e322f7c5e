package collectors.replay;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import collectors.DeviceSample;
import collectors.Units;
import collectors.replay.file.RecordedDevice;
import collectors.replay.file.RecordedDevice.Energy;

/**
 * One device of a recording as a collector gives it. Its energy counter goes on where the recorded monitor was started
 * anew, and where the recording begins again.
 */
final class ReplayedDevice {

    /** Recorded joules stand at the moment of their reading, not before it: the counter has next to no steps. */
    private static final double STEP_SECONDS = 1e-6;

    final DeviceSample sample;
    private RecordedDevice latest;
    private double recordedJoules = UNAVAILABLE;
    private double offsetJoules;
    private long missedNanos;

    ReplayedDevice(RecordedDevice device) {
        sample = new DeviceSample(device.id(), device.kind(), device.name(), device.accounting());
        sample.energyCounterStepSeconds = STEP_SECONDS;
        sample.energyCounterDelaySeconds = 0;
        sample.energyCounterBelieved = true;
    }

    /** What tells the devices of a recording apart. */
    static String key(RecordedDevice device) {
        return device.platform() + '\n' + device.id() + '\n' + device.index();
    }

    /**
     * Takes in what a reading says of it.
     *
     * @param device     null when it is not in that reading
     * @param sinceNanos since the reading before
     * @param again      whether the recording begins again with this reading
     */
    void take(RecordedDevice device, long sinceNanos, boolean again) {
        RecordedDevice before = latest;
        latest = device;
        if (device == null || !isAvailable(device.energyJoules())) {
            return;
        }
        double joules = device.energyJoules();
        if (isAvailable(recordedJoules)) {
            if (again) {
                offsetJoules += recordedJoules - joules + between(before, device, sinceNanos);
            } else if (joules < recordedJoules) { // the monitor was started anew: nobody knows what it missed
                offsetJoules += recordedJoules - joules;
                missedNanos += sinceNanos;
            }
        }
        recordedJoules = joules;
    }

    /** From the last reading to the first one there is nothing but their power. */
    private double between(RecordedDevice last, RecordedDevice first, long nanos) {
        if (last == null || !isAvailable(last.powerWatts()) || !isAvailable(first.powerWatts())) {
            missedNanos += nanos;
            return 0;
        }
        return (last.powerWatts() + first.powerWatts()) / 2 * nanos / Units.NANOS_PER_SECOND;
    }

    /** Fills the sample as at the latest reading, which lies at that {@link System#nanoTime} of the replay. */
    void fill(long nanoTime, double speed) {
        sample.clear();
        sample.askedNanos = nanoTime;
        sample.answeredNanos = nanoTime;
        if (latest == null) {
            sample.problem = "it is not in this part of the recording";
            return;
        }
        sample.accounting = latest.accounting();
        sample.recordedInTotal = latest.inTotal();
        sample.powerWatts = latest.powerWatts();
        sample.temperatureCelsius = latest.temperatureCelsius();
        sample.memoryUsedMb = latest.memoryUsedMb();
        sample.memoryTotalMb = latest.memoryTotalMb();
        sample.utilizationPercent = latest.utilizationPercent();
        sample.memoryUtilizationPercent = latest.memoryUtilizationPercent();
        sample.smActivityPercent = latest.smActivityPercent();
        sample.tensorActivityPercent = latest.tensorActivityPercent();
        sample.dramActivityPercent = latest.dramActivityPercent();
        sample.powerLimitWatts = latest.powerLimitWatts();
        sample.asleep = latest.asleep();
        sample.problem = latest.problem().isEmpty() ? null : latest.problem();
        // The joules of a device that is silent keep their value: they are no answer of its counter's.
        if (latest.energy() == Energy.COUNTER && isAvailable(latest.energyJoules())
                && isAvailable(latest.powerWatts())) {
            sample.energyCounterJoules = (recordedJoules + offsetJoules) / speed;
            sample.energyMissedNanos = (long) (missedNanos / speed);
        }
    }

    /** Fills the sample where there is no reading, for that reason. */
    void silence(String reason) {
        sample.clear();
        sample.problem = reason;
    }
}
