package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import java.util.Map;

/**
 * What one device, or several together, used between two moments. Numbers are {@link
 * collectors.DeviceSample#UNAVAILABLE} when they are not known.
 *
 * @param joules             the best value
 * @param uncertaintyJoules  half-width of the interval around {@code joules} that holds the truth in 95 of 100 cases
 * @param leastJoules        the truth is not lower, if the counter is right; by power alone an estimate
 * @param mostJoules         the truth is not higher, if the counter is right; by power alone an estimate
 * @param meanWatts          joules over the interval's length
 * @param peakWatts          the highest power that was seen, never below the mean
 * @param source             where most of the joules come from
 * @param coverage           share of the interval, 0 to 1, for which something is known
 * @param longestHoleSeconds the longest stretch within for which nothing is known
 * @param problem            one line why the joules are not to be used; null when they are
 */
public record EnergyInterval(double joules, double uncertaintyJoules, double leastJoules, double mostJoules,
        double meanWatts, double peakWatts, EnergySource source, double coverage, double longestHoleSeconds,
        String problem) {

    /** An interval of which nothing can be said, and why. */
    public static EnergyInterval unavailable(String problem) {
        return refused(problem, EnergySource.UNAVAILABLE, 0, 0);
    }

    /** An interval whose joules are not to be used, with what is known about it all the same. */
    static EnergyInterval refused(String problem, EnergySource source, double coverage, double longestHoleSeconds) {
        return new EnergyInterval(UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE,
                source, coverage, longestHoleSeconds, problem);
    }

    /** The same with the highest power that was seen at one moment, if it is known; a peak is never below the mean. */
    public EnergyInterval withPeak(double seenWatts) {
        return !isValid() || !isAvailable(seenWatts) ? this : new EnergyInterval(joules, uncertaintyJoules, leastJoules,
                mostJoules, meanWatts, Math.max(meanWatts, Math.min(peakWatts, seenWatts)), source, coverage,
                longestHoleSeconds, null);
    }

    /** Whether the joules are known and can be used. */
    public boolean isValid() {
        return isAvailable(joules) && problem == null;
    }

    /**
     * The same interval of several devices together. Joules, bounds and uncertainties add up: devices that work on
     * one task err alike. The peak is the sum of the peaks, which have hardly been at one moment: see {@link #withPeak}.
     * The sum is unavailable, naming the part, if any part is.
     *
     * @param parts by the name under which a problem is told
     */
    public static EnergyInterval sum(Map<String, EnergyInterval> parts) {
        double joules = 0;
        double uncertainty = 0;
        double least = 0;
        double most = 0;
        double mean = 0;
        double peak = 0;
        double coverage = 1;
        double hole = 0;
        String problem = parts.isEmpty() ? "nothing is measured here" : null;
        EnergySource source = EnergySource.COUNTER;
        for (Map.Entry<String, EnergyInterval> entry : parts.entrySet()) {
            EnergyInterval part = entry.getValue();
            coverage = Math.min(coverage, part.coverage);
            hole = Math.max(hole, part.longestHoleSeconds);
            if (!part.isValid() && problem == null) {
                problem = entry.getKey() + ": " + (part.problem == null ? "no energy is known" : part.problem);
            }
            joules += part.joules;
            uncertainty += part.uncertaintyJoules;
            least += part.leastJoules;
            most += part.mostJoules;
            mean += part.meanWatts;
            peak += part.peakWatts;
            source = part.source == EnergySource.COUNTER ? source : part.source;
        }
        return problem != null ? refused(problem, EnergySource.UNAVAILABLE, parts.isEmpty() ? 0 : coverage, hole)
                : new EnergyInterval(joules, uncertainty, least, most, mean, peak, source, coverage, hole,
                        null);
    }
}
