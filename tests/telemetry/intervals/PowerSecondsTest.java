package telemetry.intervals;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import collectors.DeviceKind;
import collectors.DeviceSample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import telemetry.accounting.DeviceState;
import telemetry.accounting.MeteredDevice;

/** The seconds of devices whose load is known in closed form, in simulated time. */
class PowerSecondsTest {

    private static final String LOST = "GPU is lost";
    private static final double STEP_SECONDS = 0.1;
    private static final long SECOND_NANOS = 1_000_000_000L;
    /** Joules at 100 W in one second and 500 W in the next. */
    private static final DoubleUnaryOperator BY_TURNS =
            time -> 600 * Math.floor(time / 2) + 100 * Math.min(1, time % 2) + 500 * Math.max(0, time % 2 - 1);

    private final MonotonicClock clock = new MonotonicClock();
    /** A whole second of the clock, so that the first second is the next one. */
    private final long startNanos = System.nanoTime() - Math.floorMod(clock.unixNanos(System.nanoTime()), 1_000_000_000L);
    private final List<DeviceState> states = new ArrayList<>();
    private final List<MeteredDevice> devices = new ArrayList<>();
    private final List<DeviceSample> samples = new ArrayList<>();
    private final List<PowerSecond> told = new ArrayList<>();
    private final PowerSeconds seconds = new PowerSeconds(states, clock, 50_000_000);

    PowerSecondsTest() {
        seconds.setListener(told::add);
    }

    /** 100 W and 300 W by turns, half a second each: a look at one moment sees one of the two. */
    @Test
    void aSecondIsTheMeanOfItsJoules() {
        DeviceSample gpu = add("GPU-1");
        run(0, 20, 0.05, time -> counter(gpu, time, t -> 200 * t - 100 * Math.abs((t + 0.5) % 1 - 0.5) + 50));
        assertThat(told).hasSizeBetween(18, 19);
        for (PowerSecond second : told.subList(1, told.size())) {
            assertThat(second.totalWatts()).isCloseTo(200, within(6.0));
            assertThat(second.problem()).isNull();
        }
    }

    @Test
    void secondsAreWholeAndMeetAndTheirJoulesAddUp() {
        DeviceSample gpu = add("GPU-1");
        DoubleUnaryOperator joules = time -> 250 * time - 60 * Math.cos(2 * time);
        run(0, 30, 0.05, time -> counter(gpu, time, joules));
        double sum = 0;
        for (int i = 0; i < told.size(); i++) {
            assertThat(told.get(i).endUnixNanos() % 1_000_000_000L).isZero();
            assertThat(told.get(i).endUnixNanos() - told.get(0).endUnixNanos()).isEqualTo(i * 1_000_000_000L);
            sum += i < 2 ? 0 : told.get(i).totalWatts();
        }
        double begin = (told.get(1).endUnixNanos() - clock.unixNanos(startNanos)) / 1e9;
        double end = (told.get(told.size() - 1).endUnixNanos() - clock.unixNanos(startNanos)) / 1e9;
        assertThat(sum).isCloseTo(joules.applyAsDouble(end) - joules.applyAsDouble(begin), within(6.0));
    }

    /** With nobody listening the sensors are asked once a second, at its ends. */
    @Test
    void aLookASecondIsEnough() {
        DeviceSample gpu = add("GPU-1");
        devices.get(0).timeline().askEvery(SECOND_NANOS);
        double begin = (seconds.nearestWhole(nanos(0.3), SECOND_NANOS) - startNanos) / 1e9;
        run(begin, 40, 1, time -> counter(gpu, time, BY_TURNS));
        assertThat(told.subList(3, told.size())).hasSizeGreaterThan(30).allSatisfy(second ->
                assertThat(second.totalWatts()).isCloseTo(mean(second, BY_TURNS), within(45.0)));
    }

    /** Whoever looked leaves: what was learnt of the counter's steps before serves the first seldom looks. */
    @Test
    void noSecondIsUnknownWhenThePaceChanges() {
        DeviceSample gpu = add("GPU-1");
        devices.get(0).timeline().askEvery(50_000_000);
        run(0.02, 15, 0.05, time -> counter(gpu, time, BY_TURNS));
        devices.get(0).timeline().askEvery(SECOND_NANOS);
        run(15.001, 40, 1, time -> counter(gpu, time, BY_TURNS));
        assertThat(told.subList(3, told.size())).hasSizeGreaterThan(30).allSatisfy(second ->
                assertThat(second.totalWatts()).isCloseTo(mean(second, BY_TURNS), within(60.0)));
    }

    /** 100 W in one second, 500 W in the next: looks in the midst of seconds do not tell which joules are of which. */
    @Test
    void joulesThatMayBeOfAnotherSecondAreNotTold() {
        DeviceSample gpu = add("GPU-1");
        devices.get(0).timeline().askEvery(SECOND_NANOS);
        run(0.5, 40, 1, time -> counter(gpu, time, BY_TURNS));
        assertThat(told.subList(3, told.size())).hasSizeGreaterThan(30).allSatisfy(second -> {
            assertThat(second.totalWatts()).isEqualTo(UNAVAILABLE);
            assertThat(second.problem()).endsWith("too far apart to tell this second from the others");
        });
    }

    /** The machine was busy: of the seconds around a gap that is no hole yet, some are known and none is wrong. */
    @Test
    void aGapBetweenLooksMovesNoJoulesFromSecondToSecond() {
        for (double gap = 0.1; gap < 2.5; gap += 0.15) {
            told.clear();
            DeviceSample gpu = add("GPU-" + gap);
            devices.get(devices.size() - 1).timeline().askEvery(SECOND_NANOS);
            states.get(states.size() - 1).inTotal = true;
            double from = 100 * gap;
            double stop = from + 10.75;
            run(from, stop, 0.25, time -> counter(gpu, time, BY_TURNS));
            run(stop + gap, from + 20, 0.25, time -> counter(gpu, time, BY_TURNS));
            int device = states.size() - 1;
            for (PowerSecond second : told.subList(6, told.size())) {
                double watts = second.devices().get(device).watts();
                assertThat(watts == UNAVAILABLE ? mean(second, BY_TURNS) : watts).as("gap of " + gap + " s")
                        .isCloseTo(mean(second, BY_TURNS), within(80.0));
            }
        }
    }

    /** The counter stopped being read a moment before the second ended, and the load rose in that moment. */
    @Test
    void aSecondWhoseEndNobodyHasSeenIsToldLateOrAsUnknown() {
        for (double silence : new double[] {0.2, 5}) {
            told.clear();
            DeviceSample gpu = add("GPU-" + silence);
            int device = devices.size() - 1;
            DoubleUnaryOperator rising = time -> 100 * time + 400 * Math.max(0, time % 100 - 10.86);
            double from = 100 * device;
            run(from, from + 10.9, 0.05, time -> counter(gpu, time, rising));
            for (double time = from + 10.9; time < from + 10.9 + silence; time += 0.05) {
                devices.get(device).fill(states.get(device), nanos(time));
                states.get(device).silence("does not answer");
                seconds.look(nanos(time));
            }
            run(from + 10.9 + silence, from + 20, 0.05, time -> counter(gpu, time, rising));
            PowerSecond second = at(from + 10.5);
            if (silence < 1) {
                assertThat(second.devices().get(device).watts()).isCloseTo(mean(second, rising), within(10.0));
            } else {
                assertThat(second.devices().get(device).watts()).isEqualTo(UNAVAILABLE);
                assertThat(second.devices().get(device).problem()).isEqualTo("does not answer");
            }
        }
    }

    @Test
    void aLostDeviceIsAGapWithItsReasonAndSoIsTheTotal() {
        DeviceSample gpu = add("GPU-1");
        DeviceSample other = add("GPU-2");
        run(0, 20, 0.05, time -> {
            counter(other, time, t -> 80 * t);
            counter(gpu, time, t -> 300 * t);
            if (time > 8 && time < 13) {
                gpu.clear();
                gpu.problem = LOST;
            }
        });
        PowerSecond lost = at(10.5);
        assertThat(lost.totalWatts()).isEqualTo(UNAVAILABLE);
        assertThat(lost.problem()).contains("GPU-1").endsWith(": " + LOST);
        assertThat(lost.devices().get(0).watts()).isEqualTo(UNAVAILABLE);
        assertThat(lost.devices().get(0).problem()).isEqualTo(LOST);
        assertThat(lost.devices().get(1).watts()).isCloseTo(80, within(2.0));
        for (double moment : new double[] {5.5, 17.5}) {
            assertThat(at(moment).totalWatts()).isCloseTo(380, within(6.0));
            assertThat(at(moment).devices().get(0).problem()).isNull();
        }
    }

    @Test
    void nothingIsKnownOfATimeInWhichNobodyAsked() {
        DeviceSample gpu = add("GPU-1");
        run(0, 10, 0.05, time -> power(gpu, 150));
        run(14, 20, 0.05, time -> power(gpu, 150));
        assertThat(at(12.5).devices().get(0).watts()).isEqualTo(UNAVAILABLE);
        assertThat(at(12.5).devices().get(0).problem()).startsWith("it gave nothing for 100 %");
        assertThat(at(11.5).devices().get(0).utilizationPercent()).isEqualTo(UNAVAILABLE);
        assertThat(at(16.5).totalWatts()).isCloseTo(150, within(0.1));
        assertThat(at(16.5).devices().get(0).utilizationPercent()).isEqualTo(42);
    }

    /** A mean of the last second says too little about a second's joules, and yet what the power was like. */
    @Test
    void powerThatIsTooCoarseForJoulesIsShownAsItWasTold() {
        DeviceSample gpu = add("GPU-1");
        gpu.powerAveragingSeconds = 2;
        run(0, 12, 0.05, time -> power(gpu, 200 + 20 * time));
        assertThat(states.get(0).timeline.between(nanos(6), nanos(7)).isValid()).isFalse();
        assertThat(at(6.5).totalWatts()).isCloseTo(330, within(2.0));
    }

    /** Apple's counters are published in batches of up to 2.2 s, whose mean is the power: nobody knows it any finer. */
    @Test
    void aCounterOfLongStepsIsShownByWhatItsPowerTold() {
        DeviceSample chip = add("chip");
        run(0, 30, 0.05, time -> {
            double step = 2.1 * Math.floor(time / 2.1 + 1e-6);
            chip.energyCounterJoules = 20 * step;
            chip.powerWatts = 20;
            chip.powerAveragingSeconds = 2.1;
        });
        assertThat(told.subList(8, told.size())).allSatisfy(second ->
                assertThat(second.totalWatts()).isCloseTo(20, within(0.1)));
    }

    private DeviceSample add(String id) {
        DeviceSample sample = new DeviceSample(id, DeviceKind.GPU, "GPU");
        MeteredDevice device = new MeteredDevice(new DeviceSample(id, DeviceKind.GPU, "GPU"));
        DeviceState state = new DeviceState("fake", true, samples.size(), device);
        state.inTotal = true;
        samples.add(sample);
        devices.add(device);
        states.add(state);
        return sample;
    }

    private interface Load {
        void at(double seconds);
    }

    private void run(double from, double to, double interval, Load load) {
        for (double time = from; time < to; time += interval) {
            load.at(time);
            for (int i = 0; i < devices.size(); i++) {
                devices.get(i).take(samples.get(i), nanos(time), nanos(time));
                devices.get(i).fill(states.get(i), nanos(time));
            }
            seconds.look(nanos(time));
        }
    }

    /** A counter that is published every tenth of a second. */
    private static void counter(DeviceSample sample, double time, DoubleUnaryOperator joules) {
        sample.problem = null;
        sample.energyCounterJoules = joules.applyAsDouble(STEP_SECONDS * Math.floor(time / STEP_SECONDS + 1e-6));
    }

    private static void power(DeviceSample sample, double watts) {
        sample.powerWatts = watts;
        sample.utilizationPercent = 42;
    }

    /** The closed form. */
    private double mean(PowerSecond second, DoubleUnaryOperator joules) {
        double end = Math.rint((second.endUnixNanos() - clock.unixNanos(startNanos)) / 1e9);
        return joules.applyAsDouble(end) - joules.applyAsDouble(end - 1);
    }

    private PowerSecond at(double seconds) {
        return told.stream().filter(second -> Math.abs((second.endUnixNanos() - clock.unixNanos(startNanos)) / 1e9 - 0.5
                - seconds) < 0.01).findFirst().orElseThrow();
    }

    private long nanos(double seconds) {
        return startNanos + Math.round(seconds * 1e9);
    }
}
