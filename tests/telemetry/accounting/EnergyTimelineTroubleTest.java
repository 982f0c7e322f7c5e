package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static telemetry.simulation.SimulatedLooks.clock;

import collectors.DeviceKind;
import collectors.DeviceSample;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import telemetry.simulation.Load;
import telemetry.simulation.SimulatedDevice;
import telemetry.simulation.SimulatedLooks;

/** All that goes wrong with counters, sensors and looks: joules are right within 4 %, or refused with the reason. */
class EnergyTimelineTroubleTest {

    private static final int SEEDS = 40;
    private static final double RIGHT = 0.04;

    private String lastProblem;

    /** Eight GPUs that are asked one after the other: each by itself is known less well than all together. */
    @Test
    void slowSweepsOverEightDevicesLoseNothing() {
        for (double call : new double[] {0.01, 0.03}) {
            for (double run : new double[] {1, 3}) {
                for (int seed = 0; seed < SEEDS; seed++) {
                    Map<String, EnergyInterval> devices = new HashMap<>();
                    for (int gpu = 0; gpu < 8; gpu++) {
                        SimulatedLooks looks = looks(Load.constant(400), device -> { }, 100 * seed + gpu);
                        looks.interval = 8 * 4 * call;
                        looks.callSeconds = call;
                        looks.runTo(20 + run + 2);
                        devices.put("gpu " + gpu, looks.timeline.between(clock(20), clock(20 + run)));
                    }
                    EnergyInterval total = EnergyInterval.sum(devices);
                    assertThat(total.problem()).isNull();
                    assertThat(total.joules()).as("seed %s: %s", seed, total)
                            .isCloseTo(3200 * run, within(RIGHT * 3200 * run));
                }
            }
        }
    }

    @Test
    void slowSweepsWithoutCountersAreIntegrated() {
        int valid = each(Load.constant(1600), device -> {
            device.hasCounter = false;
            device.sample.powerLimitWatts = 2000;
        }, looks -> looks.interval = 1.12, 20, 30);
        assertThat(valid).as(lastProblem).isEqualTo(SEEDS);
    }

    @Test
    void aDeviceThatIsLostIsNamedAndOneThatReturnsCountsOn() {
        int valid = each(Load.constant(400), device -> { }, looks -> {
            looks.lostFrom = 21;
            looks.lostTo = 1000;
        }, 20, 23);
        assertThat(valid).isZero();
        assertThat(lastProblem).contains("it gave nothing for 2").contains("around the end");
        valid = each(Load.constant(400), device -> { }, looks -> {
            looks.lostFrom = 21;
            looks.lostTo = 22.5;
        }, 20, 24);
        assertThat(valid).isEqualTo(SEEDS);
        valid = each(Load.constant(400), device -> { }, looks -> {
            looks.lostFrom = 18;
            looks.lostTo = 22.5;
        }, 20, 24);
        assertThat(valid).as("lost at the begin").isZero();
        assertThat(lastProblem).contains("around the begin");
    }

    @Test
    void aCounterInAWrongUnitNeverGivesItsJoules() {
        for (double factor : new double[] {0.05, 20, 0.001, 1000, 15.259}) {
            for (double run : new double[] {0.3, 1, 3, 8}) {
                each(Load.constant(400), device -> device.factor = factor, looks -> { }, 1, 1 + run);
                int valid = each(Load.constant(400), device -> device.factor = factor, looks -> { }, 12, 12 + run);
                assertThat(valid).as("factor %s, %s s, decided", factor, run).isEqualTo(SEEDS);
            }
        }
    }

    @Test
    void aCounterOnTrialIsNotReady() {
        for (double factor : new double[] {0.05, 20}) {
            SimulatedLooks looks = looks(Load.constant(400), device -> device.factor = factor, 3);
            looks.runTo(0.4);
            assertThat(looks.timeline.isReady()).isFalse();
            looks.runTo(7);
            assertThat(looks.timeline.isReady()).isTrue();
            assertThat(looks.timeline.source()).isEqualTo(EnergySource.INTEGRATED);
            assertThat(looks.timeline.problem()).contains("disagrees with its power");
        }
        SimulatedLooks right = looks(Load.constant(400), device -> { }, 4);
        right.runTo(1.5);
        assertThat(right.timeline.isReady()).as("a counter that agrees is believed soon").isTrue();
    }

    @Test
    void shortRunsAreNotTooLow() {
        for (double step : new double[] {0.02, 0.05, 0.1}) {
            for (double run : new double[] {0.3, 1}) {
                double sum = 0;
                double truth = 0;
                for (int seed = 0; seed < 200; seed++) {
                    SimulatedLooks looks = looks(Load.of(new double[] {20 + seed * 0.0137, 60, 60},
                            new double[] {run, 400, 400}, new double[] {1e6, 60, 60}),
                            device -> device.step = step, seed);
                    double from = 20 + seed * 0.0137;
                    looks.runTo(from + run + 3);
                    sum += looks.timeline.between(clock(from), clock(from + run)).joules();
                    truth += looks.truth(from, from + run);
                }
                assertThat(sum / truth - 1).as("bias, steps of %s s, run of %s s", step, run)
                        .isBetween(-0.02, 0.02);
            }
        }
    }

    @Test
    void looksEverySecondLoseNothing() {
        for (double run : new double[] {1, 3}) {
            int valid = each(Load.constant(400), device -> { }, looks -> looks.interval = 1, 20, 20 + run);
            assertThat(valid).isEqualTo(SEEDS);
        }
    }

    /** Idle before, idle after, and a load of so many seconds between: what the mean of a second smears. */
    @Test
    void powerThatIsAMeanIsUndoneOrRefused() {
        for (double run : new double[] {0.3, 1, 3, 10}) {
            for (double update : new double[] {0.02, 0.1}) {
                Load load = Load.of(new double[] {20, 50, 50}, new double[] {run, 400, 400},
                        new double[] {1e6, 50, 50});
                int valid = each(load, device -> {
                    device.hasCounter = false;
                    device.averaging = 1;
                    device.powerUpdate = update;
                }, looks -> { }, 20, 20 + run);
                assertThat(valid).as("%s s, renewed every %s s", run, update)
                        .isGreaterThanOrEqualTo(run < 3 ? 0 : SEEDS);
            }
        }
    }

    @Test
    void aProcessThatWasStoppedSaysSoWithoutACounter() {
        int valid = each(Load.constant(300), device -> device.hasCounter = false, looks -> {
            looks.stoppedFrom = 22;
            looks.stoppedTo = 27;
        }, 20, 28);
        assertThat(valid).isZero();
        assertThat(lastProblem).isEqualTo("it gave nothing for 63 % of the time");
        valid = each(Load.constant(300), device -> { }, looks -> {
            looks.stoppedFrom = 22;
            looks.stoppedTo = 27;
        }, 20, 28);
        assertThat(valid).as("a counter bridges it").isEqualTo(SEEDS);
    }

    @Test
    void wrapsThatNobodyCountedAreRefusedAndPowerTellsThem() {
        Consumer<SimulatedDevice> rapl = device -> {
            device.range = 65_536;
            device.step = 0.01;
            device.sample.energyCounterStepSeconds = 0.01;
        };
        Consumer<SimulatedLooks> stopped = looks -> {
            looks.stoppedFrom = 22;
            looks.stoppedTo = 265;
        };
        int valid = each(DeviceKind.CPU_PACKAGE, Load.constant(400), device -> {
            rapl.accept(device);
            device.hasPower = false;
        }, stopped, 20, 268);
        assertThat(valid).isZero();
        assertThat(lastProblem).contains("may have wrapped more than once");
        valid = each(DeviceKind.CPU_PACKAGE, Load.constant(400), rapl, looks -> {
            looks.interval = 100;
            looks.closeLooks = false;
        }, 2150, 2450);
        assertThat(valid).as("power tells how often: " + lastProblem).isEqualTo(SEEDS);
    }

    @Test
    void a32BitAccumulatorWrapsWithoutSayingSo() {
        SimulatedLooks looks = looks(Load.constant(400), device -> {
            device.range = 65_536;
            device.hasPower = false;
        }, 1);
        for (double t = 0.05; t < 400; t += 0.05) {
            looks.device.ask(t);
            looks.device.sample.energyCounterRangeJoules = UNAVAILABLE;
            looks.timeline.add(looks.device.sample, clock(t), clock(t) + 1000);
        }
        EnergyInterval interval = looks.timeline.between(clock(20), clock(390));
        assertThat(interval.problem()).isNull();
        assertThat(interval.joules()).isCloseTo(370 * 400, within(20.0));
    }

    @Test
    void aFrozenCounterIsBridgedAndOneThatCatchesUpKnowsBetter() {
        for (SimulatedDevice.Freeze freeze : new SimulatedDevice.Freeze[] {
                SimulatedDevice.Freeze.LOSES, SimulatedDevice.Freeze.CATCHES_UP}) {
            int valid = each(Load.constant(400), device -> {
                device.freeze = freeze;
                device.freezeBegin = 21;
                device.freezeEnd = 25;
            }, looks -> { }, 20, 26);
            assertThat(valid).as("%s", freeze).isEqualTo(SEEDS);
        }
    }

    @Test
    void aCounterThatWasFrozenWhileNobodyLookedForAWhileIsNotBelievedForThatTime() {
        int valid = each(Load.constant(400), device -> {
            device.freeze = SimulatedDevice.Freeze.LOSES;
            device.freezeBegin = 21;
            device.freezeEnd = 25;
        }, looks -> {
            looks.stoppedFrom = 22;
            looks.stoppedTo = 23;
        }, 20, 26);
        assertThat(valid).isZero();
        assertThat(lastProblem).isEqualTo("its energy counter stood still for 4 s");
    }

    @Test
    void resetsLoseNothingThatPowerTells() {
        assertThat(each(Load.constant(400), device -> device.resetEvery = 0.3, looks -> { }, 20, 26))
                .isEqualTo(SEEDS);
        assertThat(each(Load.constant(400), device -> device.resetEvery = 23, looks -> {
            looks.interval = 3;
            looks.closeLooks = false;
        }, 20, 26)).isEqualTo(SEEDS);
        each(Load.constant(400), device -> {
            device.resetEvery = 0.3;
            device.hasPower = false;
        }, looks -> { }, 20, 26);
    }

    @Test
    void aLimitThatIsLoweredChangesNothingOfWhatWasDrawnBefore() {
        Load load = Load.of(new double[] {25, 600, 600}, new double[] {100, 100, 100});
        for (boolean counted : new boolean[] {false, true}) {
            SimulatedLooks looks = looks(load, device -> device.hasCounter = counted, 1);
            looks.device.sample.powerLimitWatts = 700;
            looks.runTo(30);
            looks.device.sample.powerLimitWatts = 150;
            looks.runTo(40);
            EnergyInterval interval = looks.timeline.between(clock(10), clock(24));
            assertThat(interval.joules()).isCloseTo(14 * 600, within(RIGHT * 14 * 600));
            assertThat(interval.mostJoules()).isGreaterThanOrEqualTo(14 * 600);
        }
    }

    @Test
    void powerThatIsTheMeanForOneLookMakesNoMeansOfTheRest() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Load load = Load.switching(new Random(seed), 90, 600, 0.3, 3, 70);
            EnergyTimeline timeline = new EnergyTimeline();
            DeviceSample sample = new DeviceSample("gpu", DeviceKind.GPU, "GPU");
            sample.powerAveragingSeconds = 1;
            for (double t = 0.05; t < 60; t += 0.05) {
                sample.powerWatts = load.joules(t) - load.joules(t - 1);
                sample.instantPowerWatts = t < 59.9 ? load.watts(t) : UNAVAILABLE;
                timeline.add(sample, clock(t), clock(t) + 1000);
            }
            EnergyInterval interval = timeline.between(clock(30), clock(38));
            assertThat(interval.joules()).as("seed %s", seed)
                    .isCloseTo(load.joules(38) - load.joules(30), within(RIGHT * 8 * 345));
            assertThat(timeline.between(clock(55), clock(59.97)).problem()).contains("told in two ways");
        }
    }

    /** The end of an interval lies within a step of half a second: what does power tell of when in it energy was used? */
    @Test
    void powerIsReadWithinAStepAsWhatItWasToldThen() {
        double step = 0.5;
        double look = 0.05;
        for (int seed = 0; seed < SEEDS; seed++) {
            Load load = Load.switching(new Random(seed), 90, 600, 0.8, 1.5, 70);
            EnergyTimeline timeline = new EnergyTimeline();
            DeviceSample sample = new DeviceSample("gpu", DeviceKind.GPU, "GPU");
            sample.powerAveragingSeconds = 1;
            sample.energyCounterBelieved = true;
            for (double t = 1.05; t < 60; t += look) {
                sample.powerWatts = load.joules(t) - load.joules(t - 1);
                sample.instantPowerWatts = t > 50 ? load.watts(t) : UNAVAILABLE;
                sample.energyCounterJoules = load.joules(Math.floor(t / step) * step);
                timeline.add(sample, clock(t), clock(t) + 1000);
            }
            EnergyInterval interval = timeline.between(clock(30), clock(36.25));
            assertThat(interval.joules()).as("seed %s", seed)
                    .isCloseTo(load.joules(36.25) - load.joules(30), within(look * (600 - 90)));
        }
    }

    @Test
    void theTimeRightBehindTheLastAnswerOfALostDeviceIsUnknownAtOnceAndLater() {
        Load load = Load.of(new double[] {30.02, 500, 500}, new double[] {100, 60, 60});
        SimulatedLooks looks = looks(load, device -> device.hasCounter = false, 1);
        looks.lostFrom = 30.01;
        looks.lostTo = 40;
        looks.runTo(35);
        assertThat(looks.timeline.isSettled(clock(30.2))).isTrue();
        assertThat(looks.timeline.between(clock(29.9), clock(30.2)).isValid()).as("while it is lost").isFalse();
        assertThat(looks.timeline.between(clock(20), clock(29.9)).isValid()).isTrue();
        looks.runTo(45);
        assertThat(looks.timeline.between(clock(29.9), clock(30.2)).isValid()).as("when it is back").isFalse();
    }

    @Test
    void aSentinelIsNoReading() {
        int valid = each(Load.constant(500), device -> {
            device.hasCounter = false;
            device.sample.powerLimitWatts = 700;
            device.sentinelEvery = 20;
            device.sentinelWatts = 19_000;
        }, looks -> { }, 20, 23);
        assertThat(valid).isEqualTo(SEEDS);
    }

    @Test
    void aCounterThatNeverMovesIsReplacedByPower() {
        Consumer<SimulatedDevice> frozen = device -> {
            device.freeze = SimulatedDevice.Freeze.LOSES;
            device.freezeBegin = 0;
            device.freezeEnd = 1e9;
        };
        assertThat(each(Load.constant(400), frozen, looks -> { }, 20, 24)).isEqualTo(SEEDS);
        SimulatedLooks looks = looks(Load.constant(400), frozen, 1);
        looks.runTo(20);
        assertThat(looks.timeline.isReady()).isTrue();
        assertThat(looks.timeline.problem()).isEqualTo("its energy counter stands still");
        assertThat(looks.timeline.source()).isEqualTo(EnergySource.INTEGRATED);
        int silent = each(Load.constant(400), device -> {
            frozen.accept(device);
            device.hasPower = false;
        }, l -> { }, 20, 24);
        assertThat(silent).isZero();
        assertThat(lastProblem).contains("has not moved");
    }

    @Test
    void aCounterThatComesLateTakesOver() {
        int valid = each(Load.constant(400), device -> device.counterBegin = 10, looks -> { }, 20, 24);
        assertThat(valid).isEqualTo(SEEDS);
    }

    private int each(Load load, Consumer<SimulatedDevice> driver, Consumer<SimulatedLooks> sampling, double from,
            double to) {
        return each(DeviceKind.GPU, load, driver, sampling, from, to);
    }

    /** How many of the seeds gave joules; all those are right, and lie where the interval says. */
    private int each(DeviceKind kind, Load load, Consumer<SimulatedDevice> driver, Consumer<SimulatedLooks> sampling,
            double from, double to) {
        int valid = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            SimulatedDevice device = new SimulatedDevice(load, random, kind);
            driver.accept(device);
            SimulatedLooks looks = new SimulatedLooks(device, random);
            sampling.accept(looks);
            looks.runTo(to + Math.max(3, 3 * looks.interval));
            EnergyInterval interval = looks.timeline.between(clock(from), clock(to));
            if (!interval.isValid()) {
                assertThat(interval.problem()).as("seed %s", seed).isNotBlank();
                assertThat(interval.joules()).isEqualTo(UNAVAILABLE);
                lastProblem = interval.problem();
                continue;
            }
            valid++;
            double truth = looks.truth(from, to);
            assertThat(interval.joules()).as("seed %s: %s", seed, interval)
                    .isCloseTo(truth, within(RIGHT * truth));
            assertThat(truth).as("seed %s: %s", seed, interval)
                    .isBetween(interval.leastJoules() - 0.01, interval.mostJoules() + 0.01);
            assertThat(interval.meanWatts()).isLessThanOrEqualTo(interval.peakWatts());
        }
        return valid;
    }

    private static SimulatedLooks looks(Load load, Consumer<SimulatedDevice> driver, int seed) {
        Random random = new Random(seed);
        SimulatedDevice device = new SimulatedDevice(load, random);
        driver.accept(device);
        return new SimulatedLooks(device, random);
    }
}
