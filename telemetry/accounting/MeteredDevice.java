package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.Accounting;
import collectors.DeviceSample;

/**
 * One device with its energy meter and its trouble. The thread of the device's collector writes; the thread that makes
 * readings takes a {@linkplain #fill copy}.
 */
public final class MeteredDevice {

    private static final String STANDS_STILL = "its energy counter stands still";

    private final DeviceSample latest;
    private final EnergyMeter meter;
    private final EnergyTimeline timeline = new EnergyTimeline();

    /** A meter for samples of that device, so many milliseconds apart. */
    public MeteredDevice(DeviceSample device, long intervalMillis) {
        this.latest = new DeviceSample(device.id, device.kind, device.name, device.accounting);
        this.meter = new EnergyMeter(intervalMillis);
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
        long asked = sample.askedNanos != 0 ? sample.askedNanos : askedNanos;
        long answered = sample.answeredNanos != 0 ? sample.answeredNanos : answeredNanos;
        meter.add(sample, asked + (answered - asked) / 2);
        timeline.add(sample, asked, answered);
    }

    /** The device could not be asked this time. */
    public synchronized void miss(long nowNanos) {
        latest.clear();
        meter.addNothing();
        timeline.addNothing(nowNanos);
    }

    /** Why the device did not give what it should; null when it did, or does not say why. */
    public synchronized String problem() {
        boolean stands = latest.hasPowerOrEnergy() && !meter.isAnswering();
        return latest.problem == null && stands ? STANDS_STILL : latest.problem;
    }

    /** The problem if it is worth a line in the log; a part of a device may well rest for long. */
    public synchronized String problemToLog() {
        boolean rests = latest.hasPowerOrEnergy() && latest.accounting == Accounting.CONTAINED;
        return rests || meter.isAnswering() ? null : problem();
    }

    /** Copies the state of this moment. */
    public synchronized void fill(DeviceState state) {
        state.sample.copyFrom(latest);
        state.powerWatts = meter.powerWatts();
        state.source = EnergySource.valueOf(meter.source().name());
        state.energyJoules = state.source == EnergySource.UNAVAILABLE ? UNAVAILABLE : meter.joules();
        state.answering = meter.isAnswering();
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
