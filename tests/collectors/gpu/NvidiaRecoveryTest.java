package collectors.gpu;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import collectors.CollectorUnavailableException;
import collectors.DeviceSample;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** GPUs and drivers that go and come back, on a clock that the tests turn. */
class NvidiaRecoveryTest {

    private static final long SWEEP_NANOS = 50_000_000L;
    private static final long SECOND = 1_000_000_000L;
    private static final long PROMISED_NANOS = 5 * SECOND;

    private final FakeNvml fake = FakeNvml.create();
    private GpuCollector collector;
    private long failedInitialisations;
    private long now = -3 * SECOND; // System.nanoTime may be negative

    @AfterEach
    void nothingWasMisused() {
        collector.close();
        assertThat(fake.violation()).isNull();
        assertThat(fake.calls("nvmlShutdown")).isEqualTo(fake.calls("nvmlInit_v2") - failedInitialisations);
        assertThat(fake.references()).isZero();
    }

    @Test
    void lostGpuComesBackByItselfAndTheOthersGoOnMeanwhile() throws Exception {
        open("gpus=4;counting=0;energy_mj=9000");
        fake.set("gpu2.error=15");
        for (int i = 0; i < 600; i++) {
            List<DeviceSample> samples = sweep();
            assertThat(NvidiaCollectorTest.numbers(samples.get(2))).containsOnly(UNAVAILABLE);
            assertThat(samples.get(2).problem).isEqualTo("NVML: GPU is lost (NVML code 15)");
            for (int other : new int[] {0, 1, 3}) {
                assertThat(samples.get(other).powerWatts).isEqualTo(300);
                assertThat(samples.get(other).energyCounterJoules).isEqualTo(9);
                assertThat(samples.get(other).temperatureCelsius).isEqualTo(40);
            }
        }
        assertThat(fake.calls("nvmlInit_v2")).as("initialised in 30 s").isBetween(5L, 15L);

        fake.set("gpu2.error=0");
        assertThat(nanosUntilPowerOf(2)).isLessThan(PROMISED_NANOS);
        assertThat(collector.collect(now).get(2).problem).isNull();
    }

    @Test
    void gpuThatLeftTheBusShiftsTheIndicesAndTheOthersKeepTheirOwnNumbers() throws Exception {
        open("gpus=4;gpu0.power_mw=100000;gpu1.power_mw=110000;gpu2.power_mw=120000;gpu3.power_mw=130000");
        fake.set("gpu1.removed=1");
        for (int i = 0; i < 200; i++) {
            assertThat(sweep().stream().map(sample -> sample.powerWatts))
                    .containsExactly(100.0, UNAVAILABLE, 120.0, 130.0);
        }
        fake.set("gpu1.removed=0");
        assertThat(nanosUntilPowerOf(1)).isLessThan(PROMISED_NANOS);
        assertThat(sweep().stream().map(sample -> sample.powerWatts)).containsExactly(100.0, 110.0, 120.0, 130.0);
    }

    @Test
    void gpuThatWasLostAtOpeningIsNeverTakenForAnother() throws Exception {
        open("gpus=2;gpu0.power_mw=100000;gpu1.power_mw=110000;gpu0.error.nvmlDeviceGetHandleByIndex_v2=15");
        fake.set("gpu0.removed=1;gpu0.error.nvmlDeviceGetHandleByIndex_v2=0");
        for (int i = 0; i < 200; i++) {
            assertThat(sweep().stream().map(sample -> sample.powerWatts)).containsExactly(UNAVAILABLE, 110.0);
        }
        fake.set("gpu0.removed=0");
        assertThat(nanosUntilPowerOf(0)).isLessThan(PROMISED_NANOS);
        assertThat(sweep().stream().map(sample -> sample.powerWatts)).containsExactly(100.0, 110.0);
    }

    @Test
    void reloadedDriverIsInitialisedAnewWithNewHandles() throws Exception {
        open("gpus=8;counting=0;energy_mj=9000");
        fake.set("reload=1;energy_mj=250");
        assertThat(sweep()).allSatisfy(sample -> {
            assertThat(sample.powerWatts).isEqualTo(300);
            assertThat(sample.energyCounterJoules).isEqualTo(0.25);
            assertThat(sample.problem).isNull();
        });
        assertThat(fake.calls("nvmlInit_v2")).isEqualTo(2);
    }

    @Test
    void driverThatStaysAwayIsTriedUntilItIsBack() throws Exception {
        open("gpus=2");
        fake.set("reload=1;error.nvmlInit_v2=9");
        for (int i = 0; i < 400; i++) {
            assertThat(sweep()).allSatisfy(sample -> {
                assertThat(NvidiaCollectorTest.numbers(sample)).containsOnly(UNAVAILABLE);
                assertThat(sample.problem).isEqualTo("NVML: Driver Not Loaded (NVML code 9)");
            });
        }
        failedInitialisations = fake.calls("nvmlInit_v2") - 1;
        assertThat(failedInitialisations).isBetween(5L, 12L);

        fake.set("error.nvmlInit_v2=0");
        assertThat(nanosUntilPowerOf(0)).isLessThan(PROMISED_NANOS);
        assertThat(collector.collect(now).get(1).powerWatts).isEqualTo(300);
    }

    @Test
    void closingWhileTheDriverIsAwayShutsNothingDownTwice() throws Exception {
        open("gpus=1");
        fake.set("reload=1;error.nvmlInit_v2=18");
        assertThat(sweep().get(0).problem).isEqualTo("NVML: Driver/library version mismatch (NVML code 18)");
        failedInitialisations = 1;
        collector.close();
        assertThat(fake.calls("nvmlShutdown")).isEqualTo(1);
    }

    @Test
    void flappingGpuDoesNotMakeTheLibraryBeInitialisedAtEverySweep() throws Exception {
        open("gpus=2");
        for (int i = 0; i < 400; i++) {
            fake.set("gpu0.error=" + (i % 2 == 0 ? 15 : 0));
            assertThat(sweep().get(1).powerWatts).isEqualTo(300);
        }
        assertThat(fake.calls("nvmlInit_v2")).as("initialised in 20 s").isLessThan(12);
    }

    private void open(String settings) throws CollectorUnavailableException {
        collector = fake.collector(settings, FakeNvml.ALL);
        sweep();
    }

    private List<DeviceSample> sweep() {
        now += SWEEP_NANOS;
        return collector.collect(now);
    }

    private long nanosUntilPowerOf(int gpu) {
        long start = now;
        double watts = UNAVAILABLE;
        while (watts == UNAVAILABLE && now - start < 60 * SECOND) {
            watts = sweep().get(gpu).powerWatts;
        }
        return now - start;
    }
}
