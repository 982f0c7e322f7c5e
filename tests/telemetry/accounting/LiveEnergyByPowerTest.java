package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import collectors.DeviceKind;
import collectors.DeviceSample;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The live stream of a device that gives power alone, against curves whose integral is known. */
class LiveEnergyByPowerTest {

    private static final int SEEDS = 100;
    private static final double INTERVAL = 0.05;
    private static final double PER_MILLE = 0.001;

    private final DeviceSample sample = new DeviceSample("gpu", DeviceKind.GPU, "GPU");
    private LiveMeter meter = new LiveMeter();

    @Test
    void nothingIsKnownBeforeTheFirstSample() {
        assertThat(meter.source()).isEqualTo(EnergySource.UNAVAILABLE);
        assertThat(meter.isAnswering()).isFalse();
        assertThat(meter.powerWatts()).isEqualTo(UNAVAILABLE);
        add(0, UNAVAILABLE);
        assertThat(meter.source()).isEqualTo(EnergySource.UNAVAILABLE);
        assertThat(meter.isAnswering()).isFalse();
    }

    @Test
    void constantPowerIsIntegratedExactly() {
        sampleEvenly(watts -> 100, 20);
        assertThat(meter.joules()).isCloseTo(2000, within(1e-9));
        assertThat(meter.source()).isEqualTo(EnergySource.INTEGRATED);
        assertThat(meter.powerWatts()).isEqualTo(100);
    }

    @Test
    void aRampIsIntegratedExactly() {
        sampleEvenly(t -> 50 + 30 * t, 10);
        assertThat(meter.joules()).isCloseTo(50 * 10 + 30 * 10 * 10 / 2.0, within(1e-6));
    }

    @Test
    void aSineIsWithinAPerMille() {
        for (double periodSeconds : new double[] {20, 5, 2}) {
            meter = new LiveMeter();
            sampleEvenly(sine(periodSeconds), 12.35);
            double exact = sineJoules(periodSeconds, 12.35);
            assertThat(meter.joules()).as("period %s s", periodSeconds).isCloseTo(exact, within(PER_MILLE * exact));
        }
    }

    /** Each edge lies somewhere between two samples: half the step times the interval is the most it can be off. */
    @Test
    void aSquareWaveIsOffByHalfAnIntervalPerEdgeAtMost() {
        DoubleUnaryOperator square = t -> t % 2 < 1 ? 300 : 100;
        for (int seed = 0; seed < SEEDS; seed++) {
            meter = new LiveMeter();
            double last = sampleJittered(square, 10.5, new Random(seed));
            double exact = 400 * Math.floor(last / 2) + 300 * Math.min(last % 2, 1) + 100 * Math.max(last % 2 - 1, 0);
            int edges = (int) last;
            assertThat(meter.joules()).as("seed %s", seed)
                    .isCloseTo(exact, within(edges * 200 * 1.8 * INTERVAL / 2));
        }
    }

    /** Edges up and down are off by the same. */
    @Test
    void wholePeriodsOfASquareWaveAreWithinAPerMille() {
        sampleEvenly(t -> (t + 1e-9) % 2 < 1 ? 300 : 100, 100);
        assertThat(meter.joules()).isCloseTo(20_000, within(PER_MILLE * 20_000));
    }

    @Test
    void samplesOffTheirTimeMatterLessThanAPerMille() {
        for (int seed = 0; seed < SEEDS; seed++) {
            meter = new LiveMeter();
            double last = sampleJittered(sine(3), 20, new Random(seed));
            double exact = sineJoules(3, last);
            assertThat(meter.joules()).as("seed %s", seed).isCloseTo(exact, within(PER_MILLE * exact));
        }
    }

    /** Between two holes there are enough looks for the cadence to be what it was. */
    @Test
    void aShortHoleIsBridgedAndALongOneAddsNothing() {
        for (int seed = 0; seed < SEEDS; seed++) {
            meter = new LiveMeter();
            Random random = new Random(seed);
            double exact = 0;
            long now = 0;
            add(0, ramp(0));
            for (int look = 1; now < 60_000; look++) {
                boolean hole = look % 40 == 0;
                long next = now + (hole ? 50 * (2 + random.nextInt(12)) : 50);
                for (long missing = now + 50; missing < next; missing += 50) {
                    if (random.nextBoolean()) {
                        meter.addNothing();
                    } else {
                        add(missing / 1e3, UNAVAILABLE);
                    }
                    assertThat(meter.isAnswering()).isFalse();
                    assertThat(meter.powerWatts()).isEqualTo(UNAVAILABLE);
                }
                add(next / 1e3, ramp(next / 1e3));
                if (next - now <= 250) {
                    exact += (ramp(now / 1e3) + ramp(next / 1e3)) / 2 * (next - now) / 1e3;
                }
                now = next;
            }
            assertThat(meter.joules()).as("seed %s", seed).isCloseTo(exact, within(1e-6));
        }
    }

    @Test
    void aSlowMeterBridgesLongerHoles() {
        meter = new LiveMeter();
        add(0, 100);
        add(4.9, 100);
        assertThat(meter.joules()).isCloseTo(490, within(1e-9));
        add(10, 100);
        assertThat(meter.joules()).isCloseTo(490, within(1e-9));
    }

    private static double ramp(double seconds) {
        return 20 + 5 * seconds;
    }

    private static DoubleUnaryOperator sine(double periodSeconds) {
        return t -> 200 + 150 * Math.sin(2 * Math.PI * t / periodSeconds);
    }

    private static double sineJoules(double periodSeconds, double seconds) {
        double radians = 2 * Math.PI / periodSeconds;
        return 200 * seconds + 150 / radians * (1 - Math.cos(radians * seconds));
    }

    private void sampleEvenly(DoubleUnaryOperator watts, double seconds) {
        for (int i = 0; i <= Math.round(seconds / INTERVAL); i++) {
            add(i * INTERVAL, watts.applyAsDouble(i * INTERVAL));
        }
    }

    /** Samples up to 0.4 intervals before or after their time; returns the last one's. */
    private double sampleJittered(DoubleUnaryOperator watts, double seconds, Random random) {
        double now = 0;
        add(0, watts.applyAsDouble(0));
        for (int i = 1; i <= Math.round(seconds / INTERVAL); i++) {
            now = (i + 0.8 * (random.nextDouble() - 0.5)) * INTERVAL;
            add(now, watts.applyAsDouble(now));
        }
        return now;
    }

    private void add(double seconds, double watts) {
        sample.powerWatts = watts;
        meter.add(sample, Math.round(seconds * 1e9));
    }
}
