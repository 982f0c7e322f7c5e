package telemetry.simulation;

import java.util.Random;
import telemetry.accounting.EnergyTimeline;

/**
 * The sampling of one simulated device in simulated time, as the monitor does it: a look at every deadline and, while
 * somebody asks for the energy of intervals, close looks at random moments between them.
 */
public final class SimulatedLooks {

    /** The clock of the timelines begins there. */
    public static final double EPOCH = 100;

    /** Seconds from one close look to the next, on average: at short intervals, and at long ones. */
    private static final double CLOSE_PERIOD = 0.25;
    private static final double LONG_CLOSE_PERIOD = 0.05;
    private static final double MAX_SHORT_INTERVAL = 0.05;
    private static final double MIN_CLOSE_INTERVAL = 0.01;

    public final SimulatedDevice device;
    public final EnergyTimeline timeline = new EnergyTimeline();
    private final Random random;
    public double interval = 0.05;
    /** Whether somebody asks for the energy of intervals; else there is a stream only. */
    public boolean closeLooks = true;
    public double callSeconds = 0.0005;
    /** From then on nobody listens: looks are so many seconds apart, and none is close. */
    public double seldomFrom = Double.POSITIVE_INFINITY;
    public double seldomInterval = 1;
    /** Nothing is asked between these times. */
    public double stoppedFrom = Double.POSITIVE_INFINITY;
    public double stoppedTo = Double.POSITIVE_INFINITY;
    /** The device does not answer between these times. */
    public double lostFrom = Double.POSITIVE_INFINITY;
    public double lostTo = Double.POSITIVE_INFINITY;
    private long looks;
    private double nextClose;
    private double last = -1;

    public SimulatedLooks(SimulatedDevice device, Random random) {
        this.device = device;
        this.random = random;
    }

    /** Looks until that time. */
    public void runTo(double seconds) {
        if (seconds > seldomFrom) {
            double from = seldomFrom;
            seldomFrom = Double.POSITIVE_INFINITY;
            runTo(from);
            interval = seldomInterval;
            closeLooks = false;
            looks = (long) (from / interval);
            timeline.askEvery((long) (interval * 1e9));
        }
        double deadline = interval * (looks + 1);
        boolean closely = closeLooks && interval >= MIN_CLOSE_INTERVAL;
        while (Math.min(deadline, closely ? nextClose : deadline) <= seconds) {
            boolean isClose = closely && nextClose < deadline;
            double at = isClose ? nextClose : deadline;
            if (isClose) {
                double period = interval > MAX_SHORT_INTERVAL ? LONG_CLOSE_PERIOD : CLOSE_PERIOD;
                nextClose = at + period / 2 + random.nextDouble() * period;
            } else {
                looks++;
                deadline = interval * (looks + 1);
            }
            // A close look that would hold up the one at the deadline is left out.
            boolean leftOut = isClose && deadline - at < 2 * callSeconds;
            if (!leftOut && (at < stoppedFrom || at >= stoppedTo)) {
                look(at);
            }
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
