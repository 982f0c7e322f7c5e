package collectors.gpu;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import collectors.CollectorContext;
import collectors.DeviceSample;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What works inside GPUs, on a fake whose counters run on a clock that the test sets. */
class NvidiaActivityTest {

    private static final CollectorContext PROFILED = new CollectorContext(Path.of("/sys"), Path.of("/proc"), Map.of(),
            50, "all", CollectorContext.MacosPower.COMBINED, true);
    private static final long MILLIS = 1_000_000;

    private final FakeNvml fake = FakeNvml.create();
    private GpuCollector collector;
    private long now = TimeUnit.SECONDS.toNanos(1000);

    @AfterEach
    void nothingWasMisused() {
        collector.close();
        assertThat(fake.violation()).isNull();
        assertThat(fake.references()).isZero();
    }

    @Test
    void theShareOfTheTimeBetweenTwoSamplesIsTold() throws Exception {
        open("gpm_clock_ms=1000;sm=80;tensor=40;dram=20");
        assertThat(activity(0)).containsExactly(UNAVAILABLE, UNAVAILABLE, UNAVAILABLE);
        fake.set("gpm_clock_ms=1100;sm=40;tensor=0;dram=10"); // half of the time so, half so
        fake.set("gpm_clock_ms=1200");
        assertThat(activity(200)).containsExactly(new double[] {60, 20, 15}, within(1e-6));
        fake.set("gpm_clock_ms=1500;sm=100");
        assertThat(activity(300)).as("the latest pair alone")
                .containsExactly(new double[] {40, 0, 10}, within(1e-6));
    }

    @Test
    void samplesAreFurtherApartThanTheLibraryWants() throws Exception {
        open("gpus=1");
        activity(0);
        long before = fake.calls("nvmlGpmSampleGet");
        activity(50);
        activity(50);
        assertThat(fake.calls("nvmlGpmSampleGet")).isEqualTo(before);
        activity(50);
        assertThat(fake.calls("nvmlGpmSampleGet")).isEqualTo(before + 1);
    }

    @Test
    void nothingIsAskedUnlessItIsWanted() throws Exception {
        collector = fake.collector("sm=80", FakeNvml.ALL);
        activity(0);
        assertThat(activity(200)).containsExactly(UNAVAILABLE, UNAVAILABLE, UNAVAILABLE);
        assertThat(fake.calls("nvmlGpm*")).isZero();
        assertThat(collector.isProfiling()).isFalse();
    }

    @Test
    void aGpuWithoutItIsNamedAndMeasuredAllTheSame() throws Exception {
        open("gpus=3;gpu1.gpm=0;gpu2.error.nvmlGpmSampleGet=4;sm=80");
        assertThat(collector.isProfiling()).isTrue();
        assertThat(collector.source()).endsWith(", driver 570.00, profiled but for 1: Not Supported (NVML code 3), "
                + "2: Insufficient Permissions (NVML code 4)");
        activity(0);
        activity(200);
        assertThat(collector.collect(now)).satisfiesExactly(
                gpu -> assertThat(gpu.smActivityPercent).isBetween(79.9, 80.1),
                gpu -> assertThat(gpu.smActivityPercent).isEqualTo(UNAVAILABLE),
                gpu -> assertThat(gpu.smActivityPercent).isEqualTo(UNAVAILABLE))
                .allSatisfy(gpu -> assertThat(gpu.powerWatts).isEqualTo(300));
    }

    @Test
    void whereNoGpuHasItTheCollectorSaysSo() throws Exception {
        open("gpus=2;gpm=0");
        assertThat(collector.isProfiling()).isFalse();
        collector.close();
        collector = FakeNvml.without("nvmlGpmSampleGet").collector("gpus=1", PROFILED);
        assertThat(collector.isProfiling()).isFalse();
        assertThat(collector.source()).endsWith("profiled but for 0: Function Not Found (NVML code 13)");
    }

    @Test
    void aFailureTakesTheSharesAwayUntilThereAreTwoSamplesAgain() throws Exception {
        open("gpm_clock_ms=1000;sm=80");
        activity(0);
        fake.set("gpm_clock_ms=1200;error.nvmlGpmSampleGet=999");
        assertThat(activity(200)).containsExactly(UNAVAILABLE, UNAVAILABLE, UNAVAILABLE);
        assertThat(collector.collect(now).get(0).powerWatts).isEqualTo(300);
        fake.set("gpm_clock_ms=9000;error.nvmlGpmSampleGet=0;sm=30");
        assertThat(activity(10_000)).as("one sample").containsExactly(UNAVAILABLE, UNAVAILABLE, UNAVAILABLE);
        fake.set("gpm_clock_ms=9200");
        assertThat(activity(200)[0]).isCloseTo(30, within(1e-6));
        fake.set("gpm_clock_ms=9400;error.nvmlGpmMetricsGet=999");
        assertThat(activity(200)).containsExactly(UNAVAILABLE, UNAVAILABLE, UNAVAILABLE);
    }

    @Test
    void samplesOfADriverThatWasLoadedAnewAreNotComparedWithOlderOnes() throws Exception {
        open("gpm_clock_ms=1000;sm=80");
        activity(0);
        fake.set("reload=1;gpm_clock_ms=1200");
        assertThat(activity(200)[0]).isEqualTo(UNAVAILABLE);
        fake.set("sm=10");
        fake.set("gpm_clock_ms=1400");
        assertThat(activity(200)[0]).isCloseTo(10, within(1e-6));
    }

    private void open(String settings) throws Exception {
        collector = fake.collector(settings, PROFILED);
    }

    /** What works inside the first GPU so many milliseconds later. */
    private double[] activity(long millis) {
        now += millis * MILLIS;
        DeviceSample gpu = collector.collect(now).get(0);
        return new double[] {gpu.smActivityPercent, gpu.tensorActivityPercent, gpu.dramActivityPercent};
    }
}
