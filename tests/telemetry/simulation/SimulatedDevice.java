package telemetry.simulation;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.DeviceKind;
import collectors.DeviceSample;
import java.util.Random;

/**
 * A device with the habits of real drivers: its counter moves in steps that come late and not quite in time, its power
 * is a mean that is renewed now and then. What goes wrong is chosen by its fields, before it is first asked.
 */
public final class SimulatedDevice {

    /** When and how the counter does not do its work. */
    public enum Freeze { NONE, CATCHES_UP, LOSES }

    /** Drivers' timers are off by up to that part: their steps do not keep in time with our looks for long. */
    private static final double MAX_DETUNING = 0.001;

    public final DeviceSample sample;
    public final Load load;
    private final Random random;

    public boolean hasCounter = true;
    /** Seconds from step to step. */
    public double step = 0.1;
    /** Deviation of each step from its time, in steps; limited to three of them. */
    public double jitter = 0.02;
    /** Whether a late step delays those that follow. */
    public boolean wanders;
    /** Seconds by which what a step shows is old. */
    public double delay;
    public double factor = 1;
    public double range = UNAVAILABLE;
    public double quantum = 0.001;
    /** The counter is there from then on. */
    public double counterBegin;
    public Freeze freeze = Freeze.NONE;
    public double freezeBegin;
    public double freezeEnd;
    /** Every so many seconds the counter begins at 0 again; 0 for never. */
    public double resetEvery;

    public boolean hasPower = true;
    /** Power is a mean of the last so many seconds; 0 when it is instantaneous. */
    public double averaging;
    /** It is renewed every so many seconds. */
    public double powerUpdate;
    public boolean tellsAveraging = true;
    /** Every so many looks power is this. */
    public double sentinelWatts;
    public int sentinelEvery;
    /** The counter's timestamps: none, the step's, or that of the asking. */
    public boolean stampsSteps;
    public boolean stampsAsking;

    private double nextStep = Double.NaN;
    private double period;
    private double grid;
    private double stepped;
    private double shown;
    private double resetAt;
    private double resetJoules;
    private int looks;

    public SimulatedDevice(Load load, Random random) {
        this(load, random, DeviceKind.GPU);
    }

    public SimulatedDevice(Load load, Random random, DeviceKind kind) {
        this.load = load;
        this.random = random;
        this.sample = new DeviceSample("sim", kind, "Simulated");
    }

    /** Fills the sample as the driver would at that time; times must not go back. */
    public DeviceSample ask(double seconds) {
        double limit = sample.powerLimitWatts;
        sample.clear();
        sample.powerLimitWatts = limit;
        looks++;
        if (hasCounter && seconds >= counterBegin) {
            advance(seconds);
            sample.energyCounterJoules = shown;
            sample.energyCounterRangeJoules = range;
            sample.energyCounterNanos = stampsSteps ? nanos(stepped + 1000) : stampsAsking ? nanos(seconds + 1000) : 0;
        }
        if (hasPower) {
            sample.powerWatts = power(seconds);
            sample.powerAveragingSeconds = tellsAveraging ? averaging : UNAVAILABLE;
            if (sentinelEvery > 0 && looks % sentinelEvery == 0) {
                sample.powerWatts = sentinelWatts;
            }
        }
        return sample;
    }

    private double power(double seconds) {
        double then = powerUpdate > 0 ? Math.floor(seconds / powerUpdate + 0.37) * powerUpdate - 0.37 * powerUpdate
                : seconds;
        double watts = averaging > 0 ? (load.joules(then) - load.joules(then - averaging)) / averaging
                : load.watts(then);
        return Math.rint(watts * 1000) / 1000;
    }

    private void advance(double seconds) {
        if (Double.isNaN(nextStep)) {
            period = step * (1 + MAX_DETUNING * (2 * random.nextDouble() - 1));
            grid = seconds - random.nextDouble() * step - step;
            nextStep = grid;
        }
        while (nextStep <= seconds) {
            boolean frozen = freeze != Freeze.NONE && nextStep >= freezeBegin && nextStep < freezeEnd;
            if (!frozen) {
                publish(nextStep);
            }
            double error = Math.max(-3, Math.min(3, random.nextGaussian())) * jitter * step;
            grid = (wanders ? nextStep : grid) + period;
            nextStep = Math.max(nextStep + 1e-4, grid + error);
        }
    }

    private void publish(double now) {
        double true0 = counted(now - delay);
        if (resetEvery > 0 && now - resetAt >= resetEvery) {
            resetAt = now;
            resetJoules = true0;
        }
        double value = factor * (true0 - resetJoules) + (resetEvery > 0 ? 0 : 5000);
        value = Math.floor(value / quantum) * quantum;
        shown = range > 0 ? value % range : value;
        stepped = now;
    }

    private double counted(double seconds) {
        if (freeze != Freeze.LOSES || seconds < freezeBegin) {
            return load.joules(seconds);
        }
        double lost = load.joules(Math.min(seconds, freezeEnd)) - load.joules(freezeBegin);
        return load.joules(seconds) - lost;
    }

    /** Seconds of the simulation as nanoseconds of the clock. */
    public static long nanos(double seconds) {
        return Math.round(seconds * 1e9);
    }
}
