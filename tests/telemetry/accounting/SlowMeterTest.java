package telemetry.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import collectors.DeviceKind;
import collectors.DeviceSample;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import telemetry.simulation.Load;

/**
 * The energy of intervals by a meter that is asked once a second over a network, on loads whose joules are known in
 * closed form: the truth is to be within the uncertainty.
 */
class SlowMeterTest {

    private static final double END = 120;
    private static final int RUNS = 60;
    private static final int INTERVALS = 10;

    /** What a meter of that habit says: power at some moment up to the delay ago, or its mean over the second before. */
    private enum Habit { NOW, SECONDS_LATE, RENEWED_EACH_SECOND, MEAN_OF_A_SECOND }

    @Test
    void theTruthIsWithinTheUncertaintyInNearlyAllCases() {
        for (Habit habit : Habit.values()) {
            covers(habit, "steady", random -> Load.constant(200 + 300 * random.nextDouble()), 0.95);
            covers(habit, "long switching", random -> Load.switching(random, 90, 700, 3, 12, END + 5), 0.95);
            covers(habit, "ramps", random -> Load.ramps(random, 90, 700, 2, 10, END + 5), 0.95);
            covers(habit, "quick switching", random -> Load.switching(random, 90, 700, 0.3, 0.4, END + 5), 0.95);
            covers(habit, "random", random -> Load.random(random, 90, 700, 2, END + 5), 0.95);
        }
    }

    /** Counted in thousandths of a watt-hour, renewed each second and told up to a second later. */
    @Test
    void aCounterOfTheMeterIsMoreExactThanItsPower() {
        int within = 0;
        int valid = 0;
        double uncertainty = 0;
        double joules = 0;
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(run);
            Load load = Load.switching(random, 90, 700, 0.3, 4, END + 5);
            EnergyTimeline timeline = metered(load, Habit.MEAN_OF_A_SECOND, random, true);
            for (int i = 0; i < INTERVALS; i++) {
                double from = 12 + random.nextDouble() * (END - 60);
                double to = from + 2 + random.nextDouble() * 30;
                EnergyInterval interval = timeline.between(nanos(from), nanos(to));
                double truth = load.joules(to) - load.joules(from);
                assertThat(interval.source()).isEqualTo(EnergySource.COUNTER);
                if (interval.isValid()) {
                    valid++;
                    within += Math.abs(interval.joules() - truth) <= interval.uncertaintyJoules() ? 1 : 0;
                    uncertainty += interval.uncertaintyJoules();
                    joules += truth;
                }
            }
        }
        assertThat((double) within / valid).as("uncertainty %.3f", uncertainty / joules).isGreaterThanOrEqualTo(0.93);
        assertThat(valid).isGreaterThan(RUNS * INTERVALS / 2);
    }

    @Test
    void anIntervalShorterThanALookIsNotPrecise() {
        Random random = new Random(7);
        EnergyTimeline timeline = metered(Load.switching(random, 90, 700, 0.3, 0.4, END + 5), Habit.NOW, random);
        EnergyInterval interval = timeline.between(nanos(60), nanos(60.3));
        assertThat(!interval.isValid() || interval.uncertaintyJoules() > 0.2 * interval.joules()).isTrue();
    }

    private static void covers(Habit habit, String name, Function<Random, Load> loads, double least) {
        int valid = 0;
        int within = 0;
        double uncertainty = 0;
        double joules = 0;
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(1000 * habit.ordinal() + run);
            Load load = loads.apply(random);
            EnergyTimeline timeline = metered(load, habit, random);
            for (int i = 0; i < INTERVALS; i++) {
                double from = 5 + random.nextDouble() * (END - 50);
                double to = from + 2 + random.nextDouble() * 30;
                EnergyInterval interval = timeline.between(nanos(from), nanos(to));
                double truth = load.joules(to) - load.joules(from);
                if (interval.isValid()) {
                    valid++;
                    within += Math.abs(interval.joules() - truth) <= interval.uncertaintyJoules() ? 1 : 0;
                    uncertainty += interval.uncertaintyJoules();
                    joules += truth;
                }
            }
        }
        assertThat((double) within / valid).as("%s, %s: %d valid, uncertainty %.3f", habit, name, valid,
                uncertainty / joules).isGreaterThanOrEqualTo(least);
    }

    private static EnergyTimeline metered(Load load, Habit habit, Random random) {
        return metered(load, habit, random, false);
    }

    private static EnergyTimeline metered(Load load, Habit habit, Random random, boolean counted) {
        EnergyTimeline timeline = new EnergyTimeline();
        timeline.askEvery(nanos(0.05));
        DeviceSample sample = new DeviceSample("meter", DeviceKind.MACHINE, "meter");
        sample.powerDelaySeconds = 2;
        double phase = random.nextDouble();
        double late = random.nextDouble() * 2;
        for (double t = 2; t < END; t += 0.8 + 0.4 * random.nextDouble()) {
            double took = 0.02 + 0.1 * random.nextDouble();
            double moment = t + took / 2;
            sample.clear();
            sample.powerWatts = switch (habit) {
                case NOW -> load.watts(moment);
                case SECONDS_LATE -> load.watts(Math.max(0, moment - late));
                case RENEWED_EACH_SECOND -> load.watts(Math.floor(moment - phase) + phase);
                case MEAN_OF_A_SECOND -> {
                    double end = Math.floor(moment - phase) + phase;
                    yield load.joules(end) - load.joules(end - 1);
                }
            };
            if (counted) {
                double end = Math.floor(moment - phase) + phase;
                sample.energyCounterJoules = 3.6 * Math.floor(load.joules(end) / 3.6);
                sample.energyCounterDelaySeconds = 2;
            }
            sample.askedNanos = nanos(t);
            sample.answeredNanos = nanos(t + took);
            sample.powerNanos = sample.askedNanos;
            for (int look = 0; look < 3; look++) { // between two answers the same one is seen again
                timeline.add(sample, nanos(t + took + 0.05 * look), nanos(t + took + 0.05 * look) + 1000);
            }
        }
        return timeline;
    }

    private static long nanos(double seconds) {
        return 1_000_000_000L + (long) (seconds * 1e9);
    }
}
