package telemetry.simulation;

import java.util.Random;
import telemetry.accounting.EnergyTimeline;

/** The sampling of one simulated device in simulated time: looks at an interval, dithered within it. */
public final class SimulatedLooks {

    /** The clock of the timelines begins there. */
    public static final double EPOCH = 100;

    private static final int MARK_LOOKS = 12;

    public final SimulatedDevice device;
    public final EnergyTimeline timeline = new EnergyTimeline();
    private final Random random;
    public double interval = 0.05;
    /** Looks are moved forward by up to this part of the interval. */
    public double dither = 0.5;
    public double callSeconds = 0.0005;
    /** Nothing is asked between these times. */
    public double stoppedFrom = Double.POSITIVE_INFINITY;
    public double stoppedTo = Double.POSITIVE_INFINITY;
    /** The device does not answer between these times. */
    public double lostFrom = Double.POSITIVE_INFINITY;
    public double lostTo = Double.POSITIVE_INFINITY;
    private long looks;
    private double last = -1;

    public SimulatedLooks(SimulatedDevice device, Random random) {
        this.device = device;
        this.random = random;
    }

    /** Looks until that time. */
    public void runTo(double seconds) {
        for (double deadline = interval * (looks + 1); deadline <= seconds; deadline = interval * (looks + 1)) {
            looks++;
            double at = deadline - dither * interval * random.nextDouble();
            if (at >= stoppedFrom && at < stoppedTo) {
                continue;
            }
            look(at);
        }
    }

    /** Looks until that time, and a few times more often right after it, as at the ends of a measurement. */
    public void mark(double seconds) {
        runTo(seconds);
        long next = clock(seconds);
        for (int i = 0; i < MARK_LOOKS; i++) {
            look(next / 1e9 - EPOCH);
            next = Math.min(timeline.nextLookNanos(next) + 1_000_000, next + 20_000_000);
        }
    }

    /** Looks once. */
    public void look(double at) {
        double asked = Math.max(last, at);
        double read = asked + callSeconds * random.nextDouble();
        last = asked + callSeconds;
        if (at >= lostFrom && at < lostTo) {
            timeline.addNothing(clock(last));
            return;
        }
        timeline.add(device.ask(read), clock(asked), clock(last));
    }

    public static long clock(double seconds) {
        return SimulatedDevice.nanos(seconds + EPOCH);
    }

    /** Joules that were really used. */
    public double truth(double from, double to) {
        return device.load.joules(to) - device.load.joules(from);
    }
}
