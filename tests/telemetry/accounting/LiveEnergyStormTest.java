package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import collectors.DeviceKind;
import collectors.DeviceSample;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Everything that can go wrong with a device's sensors, at random: seeds tell of what failed. */
class LiveEnergyStormTest {

    private static final int SEEDS = 300;
    private static final double MAX_WATTS = 300;
    /** What may be drawn in half the time between two looks. */
    private static final double HALF_A_LOOK = MAX_WATTS * 0.05 / 2;

    private enum Fault { NONE, SILENT, NO_COUNTER, NO_POWER, NEITHER, FROZEN, STOPPED, RESET, JUMP, SENTINEL }

    private final LiveMeter meter = new LiveMeter();
    private final DeviceSample sample = new DeviceSample("gpu", DeviceKind.GPU, "GPU");
    private double trueJoules;
    private double counter = 1000;
    private long nowNanos;

    @Test
    void joulesNeverFallNeverExceedWhatWasUsedAndAreExactAgainAfterwards() {
        for (int seed = 0; seed < SEEDS; seed++) {
            new LiveEnergyStormTest().storm(seed);
        }
    }

    private void storm(int seed) {
        Random random = new Random(seed);
        sample.powerLimitWatts = MAX_WATTS;
        calm(seed, 6); // a counter that fails in its trial would not be asked again
        for (int spell = 0; spell < 60; spell++) {
            Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
            int samples = 1 + random.nextInt(random.nextBoolean() ? 4 : 300);
            double frozen = counter;
            for (int i = 0; i < samples; i++) {
                pass(fault != Fault.STOPPED);
                fill(fault, frozen, random);
                add("seed " + seed + ", spell " + spell + ", " + fault, fault == Fault.SILENT);
            }
        }
        double leftOver = calm(seed, 120);
        assertThat(meter.joules()).as("seed %s: nothing is made up", seed).isLessThan(1.01 * trueJoules + 500);
        // A counter that stood still and tells at least half of what power told is believed: 15 s at 300 W, at most.
        assertThat(leftOver).as("seed %s: what power has told more", seed).isLessThan(4500);
        double joules = meter.joules();
        double truth = trueJoules;
        calm(seed, 20);
        assertThat(meter.joules() - joules).as("seed %s: in calm", seed).isCloseTo(trueJoules - truth, within(HALF_A_LOOK));
        assertThat(meter.source()).as("seed %s: %s", seed, meter.timeline().problem()).isEqualTo(EnergySource.COUNTER);
    }

    /** Returns by how much less than was used the meter has risen meanwhile. */
    private double calm(int seed, double seconds) {
        double joules = meter.joules();
        double truth = trueJoules;
        for (int i = 0; i < seconds * 20; i++) {
            pass(true);
            fill(Fault.NONE, 0, null);
            add("seed " + seed + ", calm", false);
        }
        return trueJoules - truth - (meter.joules() - joules);
    }

    private void pass(boolean counting) {
        double before = watts();
        nowNanos += 50_000_000L;
        double joules = (before + watts()) / 2 * 0.05;
        trueJoules += joules;
        counter += counting ? joules : 0;
    }

    private double watts() {
        return 200 + 100 * Math.sin(nowNanos / 1e9);
    }

    private void fill(Fault fault, double frozen, Random random) {
        sample.powerWatts = watts();
        if (fault == Fault.RESET && random.nextInt(20) == 0) {
            counter = random.nextDouble() * counter / 2;
        }
        sample.energyCounterJoules = counter;
        switch (fault) {
            case NO_COUNTER -> sample.energyCounterJoules = UNAVAILABLE;
            case NO_POWER -> sample.powerWatts = UNAVAILABLE;
            case NEITHER -> sample.powerWatts = sample.energyCounterJoules = UNAVAILABLE;
            case FROZEN -> sample.energyCounterJoules = frozen;
            case JUMP -> sample.energyCounterJoules += random.nextInt(20) == 0 ? 1e6 * random.nextDouble() : 0;
            case SENTINEL -> {
                sample.energyCounterJoules = random.nextBoolean() ? 1.8446744073709552e16 : counter;
                sample.powerWatts = random.nextBoolean() ? 4294967.295 : sample.powerWatts;
            }
            default -> {
                // as it is
            }
        }
        SampleCheck.clean(sample);
    }

    private void add(String when, boolean silent) {
        double before = meter.joules();
        if (silent) {
            meter.addNothing();
        } else {
            meter.add(sample, nowNanos);
        }
        assertThat(meter.joules()).as(when).isGreaterThanOrEqualTo(before);
        assertThat(meter.joules()).as(when + ": more than was ever used").isLessThan(1.05 * trueJoules + 500);
    }
}
