package server;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import collectors.DeviceKind;
import collectors.DeviceSample;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnergyMeterTest {

    private static final double THOUSANDTH = 0.001;
    private static final double INTERVAL = 0.05;

    private final EnergyMeter meter = new EnergyMeter(50);
    private final DeviceSample sample = new DeviceSample("gpu", DeviceKind.GPU, "GPU");
    private double now;

    // Without a counter: power is integrated.

    @Test
    void constantPowerIsExact() {
        assertThat(integrate(t -> 100, 20, new Random(1), 0)).isCloseTo(2000, within(1e-6));
        assertThat(meter.source()).isEqualTo(EnergyMeter.Source.INTEGRATED);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aRampWithJitterIsWithinAThousandth(long seed) {
        double joules = integrate(t -> 50 + 20 * t, 30, new Random(seed), 0.4);
        assertThat(joules).isCloseTo(50 * now + 10 * now * now, within(THOUSANDTH * joules));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aSineWithJitterIsWithinAThousandth(long seed) {
        double radians = 2 * Math.PI / 4;
        double joules = integrate(t -> 200 + 150 * Math.sin(radians * t), 40, new Random(seed), 0.4);
        double exact = 200 * now + 150 / radians * (1 - Math.cos(radians * now));
        assertThat(joules).isCloseTo(exact, within(THOUSANDTH * exact));
    }

    /** An edge is known to one sample: up to half an interval of the step's height, which adds up as chance does. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aSquareWaveIsWithinWhatItsEdgesHide(long seed) {
        double joules = integrate(t -> t % 2 < 1 ? 400 : 50, 200, new Random(seed), 0.4);
        double periods = Math.floor(now / 2);
        double rest = now - 2 * periods;
        double exact = 450 * periods + 400 * Math.min(rest, 1) + 50 * Math.max(rest - 1, 0);
        assertThat(joules).isCloseTo(exact, within(THOUSANDTH * exact + 350 * INTERVAL / 2 * Math.sqrt(now)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shortGapsAreBridgedAndLongOnesAddNothing(long seed) {
        Random random = new Random(seed);
        double exact = 0;
        int longGaps = 0;
        sample.powerWatts = 100;
        meter.add(sample, nanos(0));
        for (int i = 0; i < 2000; i++) {
            double gap = random.nextInt(50) == 0 ? 0.3 + random.nextDouble() : INTERVAL * (1 + 3 * random.nextDouble());
            now += gap;
            if (gap <= 0.25) {
                exact += 100 * gap;
            } else {
                longGaps++;
            }
            meter.add(sample, nanos(now));
        }
        assertThat(longGaps).isPositive();
        assertThat(meter.gaps()).isEqualTo(longGaps);
        assertThat(meter.joules()).isCloseTo(exact, within(1e-3));
    }

    @Test
    void samplesWithoutPowerAreBridgedUpToAGap() {
        power(100, 0);
        power(UNAVAILABLE, 0.05);
        power(UNAVAILABLE, 0.10);
        power(100, 0.15);
        assertThat(meter.joules()).isCloseTo(15, within(1e-9));
        power(UNAVAILABLE, 0.2);
        assertThat(meter.isAnswering()).isFalse();
        power(100, 1.0);
        assertThat(meter.joules()).as("0.85 s of silence").isCloseTo(15, within(1e-9));
        assertThat(meter.gaps()).isEqualTo(1);
    }

    // With a counter: its differences are exact.

    @Test
    void theCounterWinsOverWhatPowerSays() {
        for (int i = 0; i <= 200; i++) {
            counter(700, 1000 + i * 15.0, i * INTERVAL); // 300 W counted, 700 W told
        }
        assertThat(meter.source()).isEqualTo(EnergyMeter.Source.COUNTER);
        assertThat(meter.joules()).isEqualTo(3000);
    }

    @Test
    void aWrapWithAKnownRangeIsExactManyTimes() {
        sample.energyCounterRangeJoules = 262.143;
        double exact = 0;
        for (int i = 0; i <= 10_000; i++) {
            exact = i * 7.5;
            counter(UNAVAILABLE, (100 + exact) % 262.143, i * INTERVAL);
        }
        assertThat(meter.joules()).isCloseTo(exact, within(1e-3));
        assertThat(meter.resets()).isZero();
    }

    @Test
    void aResetStartsANewBaselineAndAddsNothing() {
        counter(100, 5000, 0);
        counter(100, 5005, 0.05);
        counter(100, 2, 0.10);
        assertThat(meter.joules()).isEqualTo(5);
        counter(100, 7, 0.15);
        assertThat(meter.joules()).isEqualTo(10);
        assertThat(meter.resets()).isEqualTo(1);
    }

    @Test
    void aJumpBeyondWhatTheDeviceCanDrawAddsNothing() {
        sample.powerLimitWatts = 700;
        counter(300, 100, 0);
        counter(300, 115, 0.05);
        counter(300, 90_000, 0.10);
        counter(300, 90_015, 0.15);
        assertThat(meter.joules()).isEqualTo(30);
    }

    @Test
    void whatACounterHidFromUsIsAddedWhenItIsBack() {
        counter(200, 100, 0);
        counter(200, 110, 0.05);
        for (int i = 2; i < 40; i++) {
            counter(200, UNAVAILABLE, i * INTERVAL);
        }
        counter(200, 500, 2.0);
        assertThat(meter.joules()).isEqualTo(400);
        assertThat(meter.source()).isEqualTo(EnergyMeter.Source.COUNTER);
    }

    /** From the sixth second on power is integrated; the counter's return must not add those joules again. */
    @Test
    void aCounterThatIsGoneForLongIsIntegratedOverAndNotCountedTwice() {
        counter(200, 100, 0);
        counter(200, 110, 0.05);
        for (int i = 2; i < 400; i++) {
            counter(200, UNAVAILABLE, i * INTERVAL);
        }
        assertThat(meter.source()).isEqualTo(EnergyMeter.Source.INTEGRATED);
        counter(200, 4100, 20.0);
        assertThat(meter.joules()).isCloseTo(4000, within(0.001 * 4000));
        counter(200, 4110, 20.05);
        assertThat(meter.joules()).isCloseTo(4010, within(0.001 * 4000));
        assertThat(meter.source()).isEqualTo(EnergyMeter.Source.COUNTER);
    }

    @Test
    void aCounterPublishedInBatchesIsExactAfterEach() {
        for (int i = 0; i <= 840; i++) {
            int batches = (int) (i * INTERVAL / 2.1);
            counter(80, 1000 + batches * 2.1 * 80, i * INTERVAL);
        }
        assertThat(meter.source()).isEqualTo(EnergyMeter.Source.COUNTER);
        assertThat(meter.joules()).isCloseTo(20 * 2.1 * 80, within(1e-6));
        assertThat(meter.resets()).isZero();
    }

    @Test
    void aCounterThatNeverMovesIsReplacedByIntegrationWithoutAJump() {
        double before = 0;
        for (int i = 0; i <= 400; i++) {
            counter(500, 77, i * INTERVAL);
            assertThat(meter.joules() - before).isLessThanOrEqualTo(500 * INTERVAL + 1e-9);
            before = meter.joules();
        }
        assertThat(meter.source()).isEqualTo(EnergyMeter.Source.INTEGRATED);
        assertThat(meter.joules()).isCloseTo(500 * 20, within(1e-6));
    }

    @Test
    void aCounterThatStopsWhilePowerIsDrawnLosesNothing() {
        for (int i = 0; i <= 400; i++) {
            counter(100, Math.min(i, 100) * 5.0, i * INTERVAL);
        }
        assertThat(meter.source()).isEqualTo(EnergyMeter.Source.INTEGRATED);
        assertThat(meter.joules()).isCloseTo(2000, within(0.001 * 2000));
    }

    @Test
    void aCounterThatMakesNoSenseIsReplacedByIntegration() {
        for (int i = 0; i <= 200; i++) {
            counter(100, i * 1e6, i * INTERVAL); // 20 MW
        }
        assertThat(meter.source()).isEqualTo(EnergyMeter.Source.INTEGRATED);
        assertThat(meter.joules()).isCloseTo(1000, within(1e-6));
    }

    @Test
    void aCounterAloneThatStopsIsUnavailableAndNotZero() {
        counter(UNAVAILABLE, 10, 0);
        counter(UNAVAILABLE, 20, 0.05);
        counter(UNAVAILABLE, 20, 4.9);
        assertThat(meter.isAnswering()).isTrue();
        counter(UNAVAILABLE, 20, 5.1);
        assertThat(meter.isAnswering()).isFalse();
        assertThat(meter.powerWatts()).isEqualTo(UNAVAILABLE);
        counter(UNAVAILABLE, 21, 5.2);
        assertThat(meter.isAnswering()).isTrue();
        assertThat(meter.joules()).isEqualTo(11);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void inAnyStormJoulesNeverDecreaseAndNeverExceedWhatTheDeviceCanDraw(long seed) {
        Random random = new Random(seed);
        sample.powerLimitWatts = 700;
        double truth = 0;
        double offset = 0;
        double shown = 0;
        for (int i = 0; i < 20_000; i++) {
            double step = INTERVAL * (0.5 + random.nextDouble());
            now += step;
            double watts = 700 * random.nextDouble();
            truth += watts * step;
            double read = truth + offset;
            switch (random.nextInt(40)) {
                case 0 -> offset = -truth; // a reset
                case 1 -> read = 4_294_967.295;
                case 2 -> read = random.nextDouble() * 1e9;
                case 3, 4 -> read = UNAVAILABLE;
                default -> {
                    // as it is
                }
            }
            if (random.nextInt(30) == 0) {
                meter.addNothing();
            } else {
                counter(random.nextInt(20) == 0 ? UNAVAILABLE : watts, read, now);
            }
            assertThat(meter.joules()).isGreaterThanOrEqualTo(shown);
            shown = meter.joules();
        }
        assertThat(shown).isBetween(0.2 * truth, 1.2 * truth);
    }

    private double integrate(DoubleUnaryOperator watts, double seconds, Random random, double jitter) {
        while (now < seconds) {
            power(watts.applyAsDouble(now), now);
            now += INTERVAL * (1 + jitter * (random.nextDouble() - 0.5));
        }
        power(watts.applyAsDouble(now), now);
        return meter.joules();
    }

    private void power(double watts, double seconds) {
        counter(watts, UNAVAILABLE, seconds);
    }

    private void counter(double watts, double joules, double seconds) {
        sample.powerWatts = watts;
        sample.energyCounterJoules = joules;
        meter.add(sample, nanos(seconds));
    }

    private static long nanos(double seconds) {
        return Math.round(seconds * 1e9);
    }
}
