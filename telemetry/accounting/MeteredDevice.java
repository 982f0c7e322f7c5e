package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import collectors.Accounting;
import collectors.DeviceSample;

/**
 * One device with its energy meter and its trouble. The thread of the device's collector writes; the thread that makes
 * readings takes a {@linkplain #fill copy}.
 */
public final class MeteredDevice {

    private final DeviceSample latest;
    private final EnergyTimeline timeline = new EnergyTimeline();

    /** A timeline for samples of that device. */
    public MeteredDevice(DeviceSample device) {
        this.latest = new DeviceSample(device.id, device.kind, device.name, device.accounting);
    }

    /**
     * Takes in what the device said.
     *
     * @param askedNanos    {@link System#nanoTime} before the collector was asked, and
     * @param answeredNanos when it had answered; the sample may know its own device's more closely
     */
    public synchronized void take(DeviceSample sample, long askedNanos, long answeredNanos) {
        SampleCheck.clean(sample);
        latest.copyFrom(sample);
        timeline.add(sample, askedNanos, answeredNanos);
    }

    /** The device could not be asked this time. */
    public synchronized void miss(long nowNanos) {
        latest.clear();
        timeline.addNothing(nowNanos);
    }

    /** Why the device did not give what it should; null when it did, or does not say why. */
    public synchronized String problem() {
        return latest.problem != null ? latest.problem : timeline.problem();
    }

    /** The problem if it is worth a line in the log; a part of a device may well rest for long. */
    public synchronized String problemToLog() {
        boolean rests = latest.hasPowerOrEnergy() && latest.accounting == Accounting.CONTAINED;
        return rests || timeline.isAnswering() ? null : problem();
    }

    /** Copies the state at a moment of {@link System#nanoTime}. */
    public synchronized void fill(DeviceState state, long nowNanos) {
        state.sample.copyFrom(latest);
        state.powerWatts = timeline.powerWatts();
        state.powerAgeSeconds = latest.powerNanos == 0 || !isAvailable(state.powerWatts) ? UNAVAILABLE
                : Math.max(0, nowNanos - latest.powerNanos) / 1e9;
        state.source = timeline.source();
        double joules = timeline.joulesAt(nowNanos);
        if (state.source != EnergySource.UNAVAILABLE || isAvailable(state.energyJoules)) {
            state.energyJoules = Math.max(joules, state.energyJoules);
        }
        state.answering = timeline.isAnswering();
        state.settled = timeline.isReady();
        state.problem = problem();
    }

    /** What it used between two moments; may be asked by any thread. */
    public EnergyTimeline timeline() {
        return timeline;
    }

    /** What the device is; its numbers are not to be used. */
    public DeviceSample identity() {
        return latest;
    }
}
