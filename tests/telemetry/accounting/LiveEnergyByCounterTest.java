package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import collectors.DeviceKind;
import collectors.DeviceSample;
import org.junit.jupiter.api.Test;

/**
 * The live stream of a device that uses 100 W and has an energy counter, whole or broken, with and without a power
 * sensor. Between two looks nobody knows more than how much is usually drawn: half a look of it is tolerated.
 */
class LiveEnergyByCounterTest {

    /** 100 W for half of the 50 ms between two looks. */
    private static final double HALF_A_LOOK = 2.5;
    private static final double NONE = UNAVAILABLE;

    private final Device device = new Device(NONE);

    @Test
    void aCounterWinsOverPower() {
        device.count(20, 170);
        assertThat(device.meter.joules()).isCloseTo(2000, within(HALF_A_LOOK));
        assertThat(device.meter.source()).isEqualTo(EnergySource.COUNTER);
        assertThat(device.meter.powerWatts()).isEqualTo(170);
    }

    @Test
    void aCounterWrapsAtItsRangeAsOftenAsItLikes() {
        device.sample.energyCounterRangeJoules = 3000;
        device.count(200, NONE);
        assertThat(device.meter.joules()).isCloseTo(20_000, within(HALF_A_LOOK));
    }

    @Test
    void aCounterThatWrapsWhileItIsMissingIsUnwrapped() {
        device.sample.energyCounterRangeJoules = 10_000;
        device.count(93, NONE);
        device.hideCounter(4, NONE);
        device.count(1, NONE);
        assertThat(device.meter.joules()).isCloseTo(9800, within(HALF_A_LOOK));
    }

    @Test
    void aResetCostsTheLookAroundItNothingAndCountingGoesOn() {
        for (double watts : new double[] {NONE, 100}) {
            Device device = new Device(watts);
            device.count(1, watts);
            device.counter = 3;
            device.standStill(0.05, watts);
            assertThat(device.meter.joules()).as("at once").isCloseTo(105, within(HALF_A_LOOK));
            device.count(1, watts);
            assertThat(device.meter.joules()).as("later").isCloseTo(205, within(HALF_A_LOOK));
        }
    }

    @Test
    void aRangedCounterThatGoesBackFurtherThanAWrapWasReset() {
        device.sample.energyCounterRangeJoules = 262143;
        device.count(1, NONE);
        device.counter = 3;
        device.standStill(0.05, NONE);
        device.count(1, NONE);
        assertThat(device.meter.joules()).isCloseTo(205, within(HALF_A_LOOK));
    }

    @Test
    void aJumpBeyondWhatTheDeviceCanDrawAddsOnlyWhatPowerTells() {
        device.count(1, 100);
        device.counter += 3000;
        device.standStill(0.05, 100);
        device.count(1, 100);
        assertThat(device.meter.joules()).isCloseTo(205, within(HALF_A_LOOK));
    }

    @Test
    void missingSamplesLoseNothingThatTheCounterKnows() {
        device.count(1, 100);
        for (int i = 0; i < 200; i++) {
            device.pass();
            device.meter.addNothing();
            assertThat(device.meter.isAnswering()).isFalse();
            assertThat(device.meter.powerWatts()).isEqualTo(UNAVAILABLE);
        }
        device.count(1, 100);
        assertThat(device.meter.joules()).isCloseTo(1200, within(HALF_A_LOOK));
    }

    @Test
    void aCounterThatComesBackKnowsWhatPowerHasBridged() {
        for (double seconds : new double[] {0.05, 1, 4, 60}) {
            Device device = new Device(100);
            device.count(1, 100);
            device.hideCounter(seconds, 100);
            assertThat(device.meter.joules()).as("while it is away").isCloseTo(100 + 100 * seconds, within(HALF_A_LOOK));
            assertThat(device.meter.source()).isEqualTo(EnergySource.INTEGRATED);
            device.count(1, 100);
            assertThat(device.meter.joules()).as("after %s s", seconds).isCloseTo(200 + 100 * seconds, within(HALF_A_LOOK));
            assertThat(device.meter.source()).isEqualTo(EnergySource.COUNTER);
        }
    }

    @Test
    void whatPowerHasBridgedTooHighIsMadeUpForWithoutGoingBack() {
        Device device = new Device(150);
        device.count(1, 150);
        device.hideCounter(2, 150);
        assertThat(device.meter.joules()).as("100 J and 2 s of 150 W").isCloseTo(400, within(HALF_A_LOOK));
        device.count(0.5, 150);
        assertThat(device.meter.joules()).as("3.5 s of 100 W are less").isCloseTo(400, within(HALF_A_LOOK));
        device.count(1.5, 150);
        assertThat(device.meter.joules()).as("5 s of 100 W").isCloseTo(500, within(HALF_A_LOOK));
    }

    @Test
    void aCounterThatComesBackResetTakesNothingAwayThatPowerHasBridged() {
        device.count(1, 100);
        device.hideCounter(3, 100);
        device.counter = 0;
        device.standStill(0.05, 100);
        device.count(1, 100);
        assertThat(device.meter.joules()).isCloseTo(100 + 305 + 100, within(HALF_A_LOOK));
    }

    @Test
    void aCounterThatDidNotCountWhileItWasAwayTakesNothingAwayEither() {
        device.count(1, 100);
        double before = device.counter;
        device.hideCounter(60, 100);
        device.counter = before;
        device.count(1, 100);
        assertThat(device.meter.joules()).isCloseTo(6200, within(HALF_A_LOOK));
    }

    @Test
    void withoutPowerACounterThatComesBackTellsAll() {
        device.count(1, NONE);
        device.hideCounter(60, NONE);
        assertThat(device.meter.isAnswering()).isFalse();
        assertThat(device.meter.joules()).isCloseTo(100, within(HALF_A_LOOK));
        device.count(1, NONE);
        assertThat(device.meter.isAnswering()).isTrue();
        assertThat(device.meter.joules()).isCloseTo(6200, within(HALF_A_LOOK));
    }

    @Test
    void aCounterPublishedInBatchesIsNeverTakenForOneThatStandsStill() {
        for (double watts : new double[] {100, NONE}) {
            Device device = new Device(watts);
            for (int i = 1; i <= 1200; i++) {
                device.nowMillis += 50;
                device.counter = 500 + (device.nowMillis + 700) / 2100 * 210.0;
                device.say(watts, device.counter);
                assertThat(device.meter.source()).isEqualTo(EnergySource.COUNTER);
                assertThat(device.meter.isAnswering()).isTrue();
                assertThat(device.meter.joules()).as("within a batch").isBetween(5.0 * i - 211, 5.0 * i + 211);
            }
        }
    }

    @Test
    void aCounterThatStandsStillWhilePowerIsDrawnIsBridged() {
        device.count(10, 100);
        device.standStill(4.9, 100);
        assertThat(device.meter.joules()).isCloseTo(1490, within(HALF_A_LOOK));
        device.standStill(10, 100);
        assertThat(device.meter.joules()).isCloseTo(2490, within(HALF_A_LOOK));
        assertThat(device.meter.source()).isEqualTo(EnergySource.INTEGRATED);
        device.count(1, 100);
        assertThat(device.meter.joules()).as("it counts again, from where it stood").isCloseTo(2590, within(HALF_A_LOOK));
        assertThat(device.meter.source()).isEqualTo(EnergySource.COUNTER);
    }

    @Test
    void aCounterThatNeverMovesIsBridgedFromTheStartWithoutAJump() {
        Device device = new Device(100);
        for (int i = 1; i <= 600; i++) {
            device.standStill(0.05, 100);
            assertThat(device.meter.joules()).isCloseTo(5.0 * i, within(HALF_A_LOOK));
        }
        assertThat(device.meter.source()).isEqualTo(EnergySource.INTEGRATED);
    }

    @Test
    void aCounterThatStandsStillWithoutPowerIsUnavailableAndNotZero() {
        device.count(1, NONE);
        device.standStill(4.9, NONE);
        assertThat(device.meter.isAnswering()).as("it may be a late batch").isTrue();
        device.standStill(0.1, NONE);
        assertThat(device.meter.isAnswering()).isFalse();
        assertThat(device.meter.powerWatts()).isEqualTo(UNAVAILABLE);
        device.count(1, NONE);
        assertThat(device.meter.isAnswering()).isTrue();
        assertThat(device.meter.joules()).isCloseTo(200, within(HALF_A_LOOK));
    }

    @Test
    void theCounterOfADeviceThatDrawsNothingMayStandStill() {
        device.standStill(60, 0);
        assertThat(device.meter.isAnswering()).isTrue();
        assertThat(device.meter.joules()).isZero();
        assertThat(device.meter.source()).isEqualTo(EnergySource.COUNTER);
    }

    @Test
    void aCounterInAWrongUnitIsRefusedForPower() {
        for (double factor : new double[] {0.001, 0.05, 15.259, 1000, 1e6}) {
            Device device = new Device(100);
            double before = 0;
            for (int i = 1; i <= 600; i++) {
                device.pass();
                device.say(100, 500 + (device.counter - 500) * factor);
                assertThat(device.meter.joules()).as("factor %s after %s J", factor, 5 * i)
                        .isBetween(before, 3 * Math.max(5.0 * i, 60));
                before = device.meter.joules();
            }
            assertThat(device.meter.joules()).as("factor %s", factor).isCloseTo(3000, within(HALF_A_LOOK));
            assertThat(device.meter.source()).isEqualTo(EnergySource.INTEGRATED);
        }
    }

    /** Some sensors show the mean of the last second, before that of another load. */
    @Test
    void aPowerSensorThatLagsDoesNotDiscreditTheCounter() {
        for (double loadBefore : new double[] {5, 300, 1000, 2000}) {
            Device device = new Device(loadBefore);
            for (int i = 1; i <= 600; i++) {
                device.count(0.05, loadBefore + (100 - loadBefore) * Math.min(1, i * 0.05));
            }
            assertThat(device.meter.joules()).as("%s W before", loadBefore).isCloseTo(3000, within(HALF_A_LOOK));
            assertThat(device.meter.source()).isEqualTo(EnergySource.COUNTER);
        }
    }

    @Test
    void aPowerSensorThatSaysZeroDoesNotDiscreditTheCounter() {
        Device device = new Device(0);
        device.count(10, 0);
        assertThat(device.meter.joules()).isCloseTo(1000, within(HALF_A_LOOK));
        assertThat(device.meter.source()).isEqualTo(EnergySource.COUNTER);
    }

    @Test
    void aHangRightAtTheStartDoesNotDiscreditTheCounter() {
        Device device = new Device(100);
        device.count(0.1, 100);
        for (int i = 0; i < 600; i++) {
            device.pass();
            device.meter.addNothing();
        }
        device.count(1, 100);
        assertThat(device.meter.joules()).isCloseTo(3110, within(HALF_A_LOOK));
        assertThat(device.meter.source()).isEqualTo(EnergySource.COUNTER);
    }

    @Test
    void aCounterThatOnlyJumpsIsGivenUpLikeOneThatStandsStill() {
        for (boolean upOnly : new boolean[] {true, false}) {
            Device device = new Device(100);
            for (int i = 1; i <= 400; i++) {
                device.counter = (upOnly ? i : i % 2) * 1e6;
                device.standStill(0.05, 100);
            }
            assertThat(device.meter.joules()).isCloseTo(2000, within(HALF_A_LOOK));
            assertThat(device.meter.source()).isEqualTo(EnergySource.INTEGRATED);
        }
    }

    @Test
    void aCounterThatAppearsLaterTakesOver() {
        LiveMeter meter = new LiveMeter();
        DeviceSample sample = new DeviceSample("gpu", DeviceKind.GPU, "GPU");
        for (int i = 0; i <= 400; i++) {
            sample.powerWatts = i <= 200 ? 100 : 150;
            sample.energyCounterJoules = i < 200 ? UNAVAILABLE : 7000 + 5 * i;
            meter.add(sample, i * 50_000_000L);
            double onTrial = i > 200 && i <= 212 ? 2.5 * (i - 200) : 0; // power says 50 W more
            assertThat(meter.joules()).as("look %s", i).isBetween(5.0 * i - HALF_A_LOOK,
                    5.0 * i + HALF_A_LOOK + Math.max(onTrial, i > 212 ? 30 - 5.0 * (i - 212) : 0));
        }
        assertThat(meter.source()).isEqualTo(EnergySource.COUNTER);
    }

    @Test
    void theCounterOfADeviceWithoutPowerTellsItsPower() {
        device.count(2, NONE);
        assertThat(device.meter.powerWatts()).isCloseTo(100, within(HALF_A_LOOK));
        device.hideCounter(0.05, NONE);
        assertThat(device.meter.powerWatts()).isEqualTo(UNAVAILABLE);
        device.count(0.2, NONE);
        assertThat(device.meter.powerWatts()).isCloseTo(100, within(HALF_A_LOOK));
    }

    @Test
    void neitherAHoleNorPowerThatComesLateVouchesForACounterThatRunsTooFast() {
        for (boolean hole : new boolean[] {true, false}) {
            Device device = new Device(hole ? 100 : NONE);
            device.sample.powerLimitWatts = UNAVAILABLE;
            for (int i = 1; i <= 200; i++) {
                device.pass();
                if (hole && i >= 4 && i < 10) {
                    continue;
                }
                device.say(100, 500 + (device.counter - 500) * 20);
                assertThat(device.meter.joules()).as("after %s J", 5 * i).isLessThanOrEqualTo(3 * 5 * i);
            }
            assertThat(device.meter.source()).isEqualTo(EnergySource.INTEGRATED);
            assertThat(device.meter.joules()).isCloseTo(1000, within(50.0));
        }
    }

    /** Uses 100 W and is sampled every 50 ms; its counter begins at 500 J. Its power sensor may say another thing. */
    private static final class Device {

        final LiveMeter meter = new LiveMeter();
        final DeviceSample sample = new DeviceSample("gpu", DeviceKind.GPU, "GPU");
        double counter = 500;
        long nowMillis;

        Device(double watts) {
            sample.powerLimitWatts = 300;
            say(watts, counter);
        }

        /** The counter counts. */
        void count(double seconds, double watts) {
            for (int i = 0; i < Math.round(seconds * 20); i++) {
                pass();
                say(watts, counter);
            }
        }

        /** The counter counts, but cannot be read. */
        void hideCounter(double seconds, double watts) {
            for (int i = 0; i < Math.round(seconds * 20); i++) {
                pass();
                say(watts, UNAVAILABLE);
            }
        }

        /** The counter can be read and does not move. */
        void standStill(double seconds, double watts) {
            for (int i = 0; i < Math.round(seconds * 20); i++) {
                nowMillis += 50;
                say(watts, counter);
            }
        }

        void pass() {
            nowMillis += 50;
            counter += 5;
            double range = sample.energyCounterRangeJoules;
            if (range != UNAVAILABLE && counter >= range) {
                counter -= range;
            }
        }

        void say(double watts, double energyCounter) {
            sample.powerWatts = watts;
            sample.energyCounterJoules = energyCounter;
            meter.add(sample, nowMillis * 1_000_000);
        }
    }
}
