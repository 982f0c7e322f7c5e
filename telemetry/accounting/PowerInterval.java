package telemetry.accounting;

import static collectors.DeviceSample.isAvailable;

import telemetry.accounting.steps.Looks;
import telemetry.accounting.steps.PowerIntegral;
import telemetry.accounting.steps.PowerTrace;

/** What power alone tells about the time between two moments: an estimate, and said to be one. */
final class PowerInterval {

    private static final double COVERING = 1.9;
    /** Bounds by power are estimates too: so many uncertainties from the best value. */
    private static final double BOUNDS = 2;
    /** A hole that is a smaller part of the interval is filled, see {@link PowerIntegral}. */
    private static final double MAX_HOLE_PART = 0.01;
    /** Power is held no longer before the first look and behind the last one, however rarely a device is asked. */
    private static final double MAX_HELD_SECONDS = 0.25;
    private static final double MAX_AVERAGED_ERROR = 0.1;
    private static final double MAX_ERROR = 0.5;
    /** Below so little, parts mean nothing. */
    private static final double MIN_ERROR_WATTS = 1;

    private PowerInterval() {
    }

    static EnergyInterval between(PowerTrace power, Looks looks, double maxWatts, long from, long to,
            double averagingSeconds) {
        if (power.isEmpty()) {
            return EnergyInterval.unavailable("it gives neither energy nor power");
        }
        double seconds = (to - from) / 1e9;
        double early = Math.max(0, Math.min(to, power.nanos(power.first())) - from) / 1e9;
        early = early > Math.min(MAX_HELD_SECONDS, looks.cadenceNanos() / 1e9) ? early : 0;
        long last = power.nanos(power.last());
        // What was told late may be older or younger than it is taken for: until then a change at the end may be to come.
        double untold = (to + power.ageNanos() - last) / 1e9;
        double late = untold > MAX_HELD_SECONDS || looks.isSilentAt(to) ? Math.max(0, Math.min(untold, seconds)) : 0;
        double holes = Math.min(seconds, power.holeSeconds(from, to) + early + late);
        double hole = Math.max(Math.max(early, late), looks.longestHole(from, to) / 1e9);
        double coverage = 1 - holes / seconds;
        if (holes > MAX_HOLE_PART * seconds) {
            String problem = late > 0 && !looks.isSilentAt(to)
                    ? "it has not told yet what it drew in the last " + Math.round(10 * late) / 10.0 + " s: ask again later"
                    : "it gave nothing for " + Math.max(1, Math.round(100 * holes / seconds)) + " % of the time";
            return EnergyInterval.refused(problem, EnergySource.INTEGRATED, coverage, hole);
        }
        boolean averaged = isAvailable(averagingSeconds) && averagingSeconds > PowerIntegral.MAX_INSTANT_SECONDS;
        if (averaged && seconds < averagingSeconds) {
            return EnergyInterval.refused(tooCoarse(averagingSeconds), EnergySource.INTEGRATED, coverage, hole);
        }
        PowerIntegral.Estimate estimate = PowerIntegral.between(power, from, to, averagingSeconds);
        double joules = Math.min(estimate.joules(), maxWatts * seconds);
        double uncertainty = COVERING * estimate.deviation() + joules * (1 - coverage);
        boolean known = uncertainty <= (averaged ? MAX_AVERAGED_ERROR : MAX_ERROR) * joules
                || uncertainty < MIN_ERROR_WATTS * seconds;
        if (!known) {
            return EnergyInterval.refused(averaged ? tooCoarse(averagingSeconds)
                    : "its power changes too much between looks", EnergySource.INTEGRATED, coverage, hole);
        }
        double mean = joules / seconds;
        return new EnergyInterval(joules, uncertainty, Math.max(0, joules - BOUNDS * uncertainty),
                Math.min(maxWatts * seconds, joules + BOUNDS * uncertainty), mean,
                Math.max(mean, power.highest(from, to)), EnergySource.INTEGRATED, coverage, hole, null);
    }

    private static String tooCoarse(double averagingSeconds) {
        return "its power is a mean of the last " + averagingSeconds + " s: too coarse for this interval";
    }
}
