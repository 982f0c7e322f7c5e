package telemetry.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static telemetry.simulation.SimulatedLooks.clock;

import java.util.Random;
import org.junit.jupiter.api.Test;
import telemetry.simulation.AccuracyTrial;
import telemetry.simulation.Errors;
import telemetry.simulation.Load;
import telemetry.simulation.SimulatedDevice;
import telemetry.simulation.SimulatedLooks;
import telemetry.simulation.Sources;

/** What holds for any load and any counter that is right: thousands of intervals in simulated time. */
class EnergyTimelinePropertyTest {

    private static final int SEEDS = 150;
    private static final int INTERVALS = 20;

    @Test
    void theTruthLiesBetweenLeastAndMostAndMostlyWithinTheUncertainty() {
        Errors all = new Errors();
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            SimulatedLooks looks = anyLooks(random);
            looks.runTo(40);
            for (int i = 0; i < INTERVALS; i++) {
                double from = 12 + 22 * random.nextDouble();
                double to = from + 0.02 + (38 - from - 0.02) * Math.pow(random.nextDouble(), 3);
                EnergyInterval interval = looks.timeline.between(clock(from), clock(to));
                double truth = looks.truth(from, to);
                assertThat(interval.problem()).as("seed %s", seed).isNull();
                assertThat(truth).as("seed %s, %s to %s: %s", seed, from, to, interval)
                        .isBetween(interval.leastJoules() - 0.01, interval.mostJoules() + 0.01);
                assertThat(interval.joules()).isBetween(interval.leastJoules(), interval.mostJoules());
                assertThat(interval.meanWatts()).isLessThanOrEqualTo(interval.peakWatts());
                all.add(interval, truth);
            }
        }
        assertThat(all.covered()).isBetween(0.93, 0.995);
        assertThat(all.bias()).isBetween(-0.005, 0.005);
    }

    @Test
    void thePartsOfAnIntervalAddUpToTheWhole() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            SimulatedLooks looks = anyLooks(random);
            looks.runTo(25);
            double sum = 0;
            for (int i = 0; i < 20; i++) {
                sum += looks.timeline.between(clock(15 + 0.35 * i), clock(15 + 0.35 * (i + 1))).joules();
            }
            EnergyInterval whole = looks.timeline.between(clock(15), clock(22));
            assertThat(sum).as("seed %s", seed).isCloseTo(whole.joules(), within(1e-6 * whole.joules() + 0.01));
        }
    }

    /** While the counter is on trial power is shown; the moment it is believed the stream catches up with it. */
    @Test
    void theLiveStreamNeverFallsNeverJumpsAndStaysNearTheTruth() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            SimulatedLooks looks = anyLooks(random);
            double before = 0;
            double begin = 0;
            for (int i = 1; i < 600; i++) {
                double now = i * 0.05;
                looks.runTo(now);
                double joules = looks.timeline.joulesAt(clock(now));
                double most = 700 * (0.05 + 3 * looks.device.step + looks.device.delay) + 40;
                double sinceBegin = 700 * (now + looks.device.step + looks.device.delay);
                assertThat(joules - before).as("seed %s at %s s", seed, now)
                        .isBetween(0.0, now < 6 ? sinceBegin - before : most);
                before = joules;
                begin = i == 200 ? joules : begin;
            }
            double truth = looks.truth(10, 29.95);
            assertThat(before - begin).as("seed %s", seed).isCloseTo(truth, within(0.02 * truth + 700 * 0.15));
        }
    }

    /** On steps of 100 ms, looks every 50 ms, a load that switches between 90 and 700 W every 0.3 to 0.4 s. */
    @Test
    void theAimsOfAccuracyAreMet() {
        AccuracyTrial second = trial(Sources.COUNTER_100_MS, 1);
        assertThat(second.raw.rms()).isGreaterThan(0.07);
        assertThat(second.interval.rms()).isLessThan(0.02);
        assertThat(second.interval.bias()).isBetween(-0.005, 0.005);
        assertThat(second.interval.covered()).isBetween(0.93, 1.0);
        assertThat(trial(Sources.COUNTER_100_MS, 0.3).interval.bias()).isBetween(-0.02, 0.02);
        AccuracyTrial powered = trial(Sources.COUNTER_100_MS_INSTANT_POWER, 1);
        assertThat(powered.interval.rms()).isLessThan(0.02);
        assertThat(powered.live.rms()).isLessThan(0.06);
    }

    private static AccuracyTrial trial(Sources source, double window) {
        return new AccuracyTrial(Sources.loads().get(Sources.RESTLESS), source.driver(), source.sampling(),
                window).run(0, 10);
    }

    private static SimulatedLooks anyLooks(Random random) {
        Load load = switch (random.nextInt(5)) {
            case 0 -> Load.switching(random, 60, 600, 0.03, 2, 60);
            case 1 -> Load.random(random, 50, 650, 0.1 + random.nextDouble(), 60);
            case 2 -> Load.ramps(random, 50, 650, 0.2, 2, 60);
            case 3 -> Load.sine(random, 60, 600, 0.2 + 3 * random.nextDouble(), 60);
            default -> Load.serving(random, 80, 600, 60);
        };
        SimulatedDevice device = new SimulatedDevice(load, random);
        device.sample.powerLimitWatts = 700;
        double[] steps = {0.001, 0.02, 0.1, 0.1, 0.1, 0.08, 0.15};
        device.step = steps[random.nextInt(steps.length)];
        device.jitter = 0.08 * random.nextDouble();
        device.wanders = random.nextBoolean();
        device.delay = 0.01 * random.nextDouble();
        device.hasPower = random.nextInt(3) > 0;
        device.averaging = new double[] {0, 0.025, 1}[random.nextInt(3)];
        device.powerUpdate = device.averaging == 1 ? 0.1 : 0.02;
        device.stampsSteps = random.nextInt(4) == 0;
        device.stampsAsking = !device.stampsSteps && random.nextInt(4) == 0;
        SimulatedLooks looks = new SimulatedLooks(device, random);
        looks.callSeconds = 0.0002 + 0.008 * random.nextDouble();
        return looks;
    }
}
