package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static telemetry.simulation.SimulatedLooks.clock;

import collectors.DeviceKind;
import collectors.DeviceSample;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import telemetry.simulation.Load;
import telemetry.simulation.SimulatedDevice;
import telemetry.simulation.SimulatedLooks;

/** What a timeline answers, when, and for how long it remembers. */
class EnergyTimelineTest {

    @Test
    void nothingIsKnownBeforeTheFirstSample() {
        EnergyTimeline timeline = new EnergyTimeline();
        assertThat(timeline.source()).isEqualTo(EnergySource.UNAVAILABLE);
        assertThat(timeline.isReady()).isFalse();
        assertThat(timeline.isAnswering()).isFalse();
        assertThat(timeline.powerWatts()).isEqualTo(UNAVAILABLE);
        assertThat(timeline.joulesAt(5)).isZero();
        assertThat(timeline.between(0, 10).problem()).isEqualTo("it gives neither energy nor power");
        assertThat(timeline.between(10, 10).problem()).isEqualTo("it ends before it begins");
        timeline.addNothing(7);
        assertThat(timeline.isAnswering()).isFalse();
    }

    @Test
    void aMomentIsSettledOnceAStepCameAfterIt() {
        SimulatedLooks looks = looks(400, device -> { });
        looks.runTo(20);
        assertThat(looks.timeline.isSettled(clock(20))).isFalse();
        looks.runTo(20.3);
        assertThat(looks.timeline.isSettled(clock(20))).isTrue();
    }

    @Test
    void aMomentAfterWhichTheDeviceWasLostIsSettledASecondLater() {
        SimulatedLooks looks = looks(400, device -> { });
        looks.lostFrom = 20;
        looks.lostTo = 1e9;
        looks.runTo(20.9);
        assertThat(looks.timeline.isSettled(clock(19.99))).as("it may be back soon").isFalse();
        looks.runTo(21.1);
        assertThat(looks.timeline.isSettled(clock(19.99))).isTrue();
        assertThat(looks.timeline.isSettled(clock(20.5))).isFalse();
        looks.runTo(21.6);
        assertThat(looks.timeline.isSettled(clock(20.5))).isTrue();
    }

    /** RAPL's steps are 1 ms apart: a look a second later that finds it unmoved has told that nothing was used. */
    @Test
    void aCounterThatStandsStillIsNotCarriedOn() {
        EnergyTimeline timeline = new EnergyTimeline();
        DeviceSample zone = new DeviceSample("zone", DeviceKind.CPU_PACKAGE, "zone");
        zone.energyCounterStepSeconds = 0.001;
        for (int second = 0; second <= 30; second++) {
            zone.energyCounterJoules = 1000 + 10 * Math.min(second, 2);
            timeline.add(zone, clock(second), clock(second) + 1000);
        }
        assertThat(timeline.joulesAt(clock(30))).isCloseTo(20, within(0.1));
        assertThat(timeline.problem()).isEqualTo("its energy counter stands still");
    }

    /** Where nothing tells how far steps are apart, the counter is taken at its word. */
    @Test
    void aCounterOfUnknownStepsIsNotCarriedOnAtALook() {
        EnergyTimeline timeline = new EnergyTimeline();
        DeviceSample card = new DeviceSample("card", DeviceKind.GPU, "card");
        for (int second = 0; second <= 10; second++) {
            card.energyCounterJoules = 1000 + 150 * second;
            timeline.add(card, clock(second), clock(second) + 1000);
            assertThat(timeline.joulesAt(clock(second))).isCloseTo(150 * second, within(0.01));
        }
    }

    @Test
    void energyKeepsItsValueWhenTheSourceFallsSilent() {
        SimulatedLooks looks = looks(400, device -> { });
        looks.lostFrom = 20;
        looks.lostTo = 1e9;
        looks.runTo(20.5);
        double joules = looks.timeline.joulesAt(clock(20.5));
        assertThat(joules).isCloseTo(8000, within(100.0));
        looks.runTo(60);
        assertThat(looks.timeline.joulesAt(clock(60))).isEqualTo(joules);
        assertThat(looks.timeline.powerWatts()).isEqualTo(UNAVAILABLE);
        assertThat(looks.timeline.isAnswering()).isFalse();
    }

    @Test
    void aCounterWithoutPowerTellsIt() {
        SimulatedLooks looks = looks(400, device -> device.hasPower = false);
        looks.runTo(20);
        assertThat(looks.timeline.powerWatts()).isCloseTo(400, within(40.0));
        assertThat(looks.timeline.source()).isEqualTo(EnergySource.COUNTER);
        assertThat(looks.timeline.isReady()).isTrue();
    }

    @Test
    void powerAloneIsAnEstimateAndReadyAtOnce() {
        SimulatedLooks looks = looks(400, device -> device.hasCounter = false);
        looks.runTo(0.2);
        assertThat(looks.timeline.isReady()).isTrue();
        looks.runTo(10);
        EnergyInterval interval = looks.timeline.between(clock(2), clock(8));
        assertThat(interval.source()).isEqualTo(EnergySource.INTEGRATED);
        assertThat(interval.joules()).isCloseTo(2400, within(0.01));
        assertThat(interval.uncertaintyJoules()).isPositive();
        assertThat(interval.coverage()).isEqualTo(1);
    }

    @Test
    void aDeviceThatDrawsNothingUsesNothing() {
        SimulatedLooks looks = looks(0, device -> { });
        looks.runTo(20);
        assertThat(looks.timeline.isReady()).isTrue();
        EnergyInterval interval = looks.timeline.between(clock(10), clock(19));
        assertThat(interval.problem()).isNull();
        assertThat(interval.joules()).isZero();
        assertThat(looks.timeline.isAnswering()).isTrue();
    }

    @Test
    void whatTheCounterDidNotCountIsBridgedOrRefused() {
        for (boolean powered : new boolean[] {true, false}) {
            SimulatedLooks looks = looks(400, device -> device.hasPower = powered);
            looks.runTo(20);
            looks.device.sample.energyMissedNanos += 1_000_000_000L;
            looks.runTo(25);
            EnergyInterval interval = looks.timeline.between(clock(18), clock(23));
            assertThat(interval.isValid()).isEqualTo(powered);
            assertThat(powered ? "it was not counted for a while" : interval.problem())
                    .isEqualTo("it was not counted for a while");
            assertThat(looks.timeline.between(clock(22), clock(24)).isValid()).isTrue();
        }
    }

    @Test
    void tenMinutesAreRememberedAndOlderOnesSayThatTheyAreNot() {
        SimulatedLooks looks = looks(400, device -> { });
        looks.runTo(1300);
        assertThat(looks.timeline.between(clock(701), clock(1299)).joules()).isCloseTo(598 * 400, within(40.0));
        assertThat(looks.timeline.between(clock(600), clock(1299)).problem())
                .isEqualTo("it begins before what is remembered");
    }

    @Test
    void looksEveryMillisecondStayWithinTheMemory() {
        SimulatedLooks looks = looks(400, device -> device.step = 0.001);
        looks.interval = 0.001;
        looks.callSeconds = 1e-5;
        looks.runTo(150);
        assertThat(looks.timeline.between(clock(90), clock(149)).joules()).isCloseTo(59 * 400, within(2.0));
    }

    @Test
    void queriesOfAnotherThreadGetWholeAnswers() throws Exception {
        SimulatedLooks looks = looks(400, device -> { });
        looks.runTo(12);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            try {
                for (int i = 0; i < 20_000; i++) {
                    double joules = looks.timeline.between(clock(11), clock(11.5)).joules();
                    assertThat(joules).isCloseTo(200, within(60.0));
                }
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        reader.start();
        looks.runTo(200);
        reader.join();
        assertThat(failure.get()).isNull();
    }

    private static SimulatedLooks looks(double watts, Consumer<SimulatedDevice> driver) {
        Random random = new Random(3);
        SimulatedDevice device = new SimulatedDevice(Load.constant(watts), random);
        driver.accept(device);
        return new SimulatedLooks(device, random);
    }
}
