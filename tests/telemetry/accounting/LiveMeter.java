package telemetry.accounting;

import collectors.DeviceSample;

/** A timeline asked for what it would stream right after each sample. */
public final class LiveMeter {

    private final EnergyTimeline timeline = new EnergyTimeline();
    private long nowNanos;

    public void add(DeviceSample sample, long nanos) {
        SampleCheck.clean(sample);
        nowNanos = nanos;
        timeline.add(sample, nanos, nanos);
    }

    void addNothing() {
        nowNanos++;
        timeline.addNothing(nowNanos);
    }

    public double joules() {
        return timeline.joulesAt(nowNanos);
    }

    double powerWatts() {
        return timeline.powerWatts();
    }

    boolean isAnswering() {
        return timeline.isAnswering();
    }

    public EnergySource source() {
        return timeline.source();
    }

    EnergyTimeline timeline() {
        return timeline;
    }
}
