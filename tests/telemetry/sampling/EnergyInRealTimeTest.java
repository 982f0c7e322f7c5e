package telemetry.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import collectors.gpu.FakeNvml;
import energy.DeviceEnergy;
import energy.EnergyResponse;
import energy.IntervalEnergy;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Marks and their energy with the habits of NVML, in real time, from the library to the answer: right within 4 %, or not
 * available with the reason.
 */
class EnergyInRealTimeTest {

    private static final double RIGHT = 0.04;
    /** Steps of 100 ms with jitter, and power that is a mean of the last second. */
    private static final String HABITS = ";power_mw=400000;fields=0;energy_publish_ms=100;energy_jitter_ms=4"
            + ";power_average_ms=1000;power_publish_ms=100";
    private static final int INTERVAL_MILLIS = 50;
    private static final long READY_MILLIS = 20_000;
    private static final long CLOSE_MILLIS = 5_000;
    /** Long enough for power that is a mean of a second to tell it. */
    private static final long READY_INTERVAL_NANOS = 2_000_000_000L;

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private FakeNvml fake;
    private Sampler sampler;

    @BeforeEach
    void onlyWhereTheClockIsTheLibrarys() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "System.nanoTime is not the fake's clock here");
        fake = FakeNvml.create();
    }

    @AfterEach
    void end() throws Exception {
        if (sampler != null) {
            sampler.close();
        }
        executor.shutdownNow();
        long begun = System.nanoTime();
        while (fake.references() > 0 && System.nanoTime() - begun < CLOSE_MILLIS * 1_000_000) {
            Thread.sleep(10); // the next test begins with a library that nobody uses
        }
        assertThat(fake.references()).isZero();
        assertThat(fake.violation()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {10_000, 30_000})
    void eightGpusThatAreSlowToAnswerLoseNothing(int callMicros) throws Exception {
        start("gpus=8;call_us=" + callMicros + HABITS);
        assertRight(measure(1000), 8);
        assertRight(measure(3000), 8);
    }

    @Test
    void aLoadThatSwitchesIsRightOverASecondAndOverLess() throws Exception {
        start("gpus=4;load_period_ms=700;load_high_ms=350;load_high_mw=700000;load_low_mw=90000" + HABITS);
        assertRight(measure(1000), 4);
        assertRight(measure(3000), 4);
    }

    @Test
    void aGpuThatIsLostIsNamedAndOneThatReturnsKnowsWhatItUsed() throws Exception {
        start("gpus=4" + HABITS);
        long from = sampler.mark();
        Thread.sleep(500);
        fake.set("gpu2.removed=1");
        Thread.sleep(1500);
        long lost = sampler.mark();
        EnergyResponse during = energy(from, lost);
        assertThat(during.getTotal().getValid()).isFalse();
        assertThat(during.getTotal().getProblem()).contains("gave nothing");
        assertThat(during.getDevices(2).getEnergy().getValid()).isFalse();
        assertRight(during.getDevices(0), from, lost, 0);
        fake.set("gpu2.removed=0");
        Thread.sleep(4000);
        long to = sampler.mark();
        EnergyResponse whole = energy(from, to);
        for (int gpu = 0; gpu < 4; gpu++) {
            if (whole.getDevices(gpu).getEnergy().getValid()) {
                assertRight(whole.getDevices(gpu), from, to, gpu);
            } else {
                assertThat(gpu).as("only the one that was away may be unknown").isEqualTo(2);
                assertThat(whole.getDevices(gpu).getEnergy().getProblem()).isNotBlank();
            }
        }
    }

    @Test
    void aMomentsSentinelForPowerIsNoReading() throws Exception {
        start("gpus=1;limit_mw=700000;fields=0;power_mw=500000;counting=0");
        long from = sampler.mark();
        for (int i = 0; i < 5; i++) {
            Thread.sleep(400);
            fake.set("gpu0.power_mw=19000000");
            Thread.sleep(60);
            fake.set("gpu0.power_mw=500000");
        }
        Thread.sleep(400);
        long to = sampler.mark();
        IntervalEnergy gpu = energy(from, to).getDevices(0).getEnergy();
        double drawn = 500 * (to - from) / 1e9;
        assertThat(gpu.getValid()).as(gpu.getProblem()).isTrue();
        assertThat(gpu.getJoules()).isCloseTo(drawn, within(RIGHT * drawn));
        assertThat(gpu.getPeakWatts()).isLessThan(1000);
    }

    private void start(String settings) throws Exception {
        sampler = new Sampler(fake.open(settings), new FixedHost(), new FixedHost().info(), new Broadcast(), executor,
                INTERVAL_MILLIS);
        sampler.start();
        long begun = System.nanoTime();
        while (!energy(sampler.mark() - READY_INTERVAL_NANOS, 0).getTotal().getValid()) {
            assertThat(System.nanoTime() - begun).as("ready in time").isLessThan(READY_MILLIS * 1_000_000);
            Thread.sleep(100);
        }
    }

    private record Measured(EnergyResponse answer, long from, long to) {
    }

    private Measured measure(long millis) throws Exception {
        long from = sampler.mark();
        Thread.sleep(millis);
        long to = sampler.mark();
        return new Measured(energy(from, to), from, to);
    }

    private EnergyResponse energy(long from, long to) throws Exception {
        return sampler.energy(from, to).get(20, TimeUnit.SECONDS);
    }

    private void assertRight(Measured measured, int gpus) {
        assertThat(measured.answer.getTotal().getValid()).as(measured.answer.getTotal().getProblem()).isTrue();
        double drawn = 0;
        for (int gpu = 0; gpu < gpus; gpu++) {
            drawn += drawn(gpu, measured.from, measured.to);
        }
        double joules = measured.answer.getTotal().getJoules();
        assertThat(joules).as("drawn %s", drawn).isCloseTo(drawn, within(RIGHT * drawn));
        assertThat(drawn).isBetween(measured.answer.getTotal().getLeastJoules(),
                measured.answer.getTotal().getMostJoules());
    }

    private void assertRight(DeviceEnergy device, long from, long to, int gpu) {
        double drawn = drawn(gpu, from, to);
        assertThat(device.getEnergy().getValid()).as(device.getEnergy().getProblem()).isTrue();
        assertThat(device.getEnergy().getJoules()).as("gpu %s", gpu).isCloseTo(drawn, within(RIGHT * drawn));
    }

    /** Marks are Unix time; the library's clock is that of {@link System#nanoTime}. */
    private double drawn(int gpu, long from, long to) {
        long offset = sampler.mark() - System.nanoTime();
        return fake.drawnJoules(gpu, from - offset, to - offset);
    }
}
