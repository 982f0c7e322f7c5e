package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.DeviceSample;

/**
 * One device at the moment of a reading: what it said last, its watts and joules, and why it is silent. Refilled for
 * every reading by the one thread that makes readings; {@link MeteredDevice} belongs to the collector's thread.
 */
public final class DeviceState {

    /** The platform of the device's collector, such as {@code nvidia}. */
    public final String platform;
    /** Whether the device is the primary collector's. */
    public final boolean primary;
    /** The device's place among its collector's. */
    public final int index;
    /** What it used between two moments. */
    public final EnergyTimeline timeline;
    /** A copy of what the device said last; all unavailable while the collector does not answer. */
    public final DeviceSample sample;

    /** Watts now: as the device says or else derived from its energy counter. */
    public double powerWatts = UNAVAILABLE;
    /** Seconds since the power was asked for, where that was not for this reading; else unavailable. */
    public double powerAgeSeconds = UNAVAILABLE;
    /** Joules since the monitor first saw the device; never decreases, and keeps its value while the device is silent. */
    public double energyJoules = UNAVAILABLE;
    /** Where the joules come from. */
    public EnergySource source = EnergySource.UNAVAILABLE;
    /** Whether power is given now, or an energy counter that moves. */
    public boolean answering;
    /** Whether it belongs to the total of the machine. */
    public boolean inTotal;
    /** Whether intervals that begin now are measured exactly. */
    public boolean settled;
    /** Why power and energy are unavailable; null when they are not, or nobody says why. */
    public String problem;

    /** The state of a device that has said nothing yet. */
    public DeviceState(String platform, boolean primary, int index, MeteredDevice metered) {
        this.platform = platform;
        this.primary = primary;
        this.index = index;
        this.timeline = metered.timeline();
        DeviceSample device = metered.identity();
        this.sample = new DeviceSample(device.id, device.kind, device.name, device.accounting);
    }

    /** The device in a line for people, told apart from others of its name. */
    public String label() {
        return platform + " " + index + " " + sample.name + " (" + sample.id + ")";
    }

    /** Makes all but the joules so far unavailable, for that reason. */
    public void silence(String reason) {
        sample.clear();
        powerWatts = UNAVAILABLE;
        powerAgeSeconds = UNAVAILABLE;
        answering = false;
        settled = false;
        problem = reason;
    }
}
