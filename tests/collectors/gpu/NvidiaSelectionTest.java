package collectors.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import collectors.CollectorUnavailableException;
import collectors.DeviceSample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NvidiaSelectionTest {

    private static final String MIG = "MIG-8f2c1a4e-8d2b-5c0e-9a53-2f5a5c7d1e90";
    private static final String FOUR = "gpus=4;gpu2.mig=1;gpu2.mig_uuid=" + MIG + ";gpu0.power_mw=100000;"
            + "gpu1.power_mw=110000;gpu2.power_mw=120000;gpu3.power_mw=130000";

    private final FakeNvml fake = FakeNvml.create();
    private GpuCollector collector;

    @AfterEach
    void nothingUndefinedWasDone() {
        if (collector != null) {
            collector.close();
        }
        assertThat(fake.violation()).isNull();
        assertThat(fake.references()).isZero();
    }

    @Test
    void onlyTheVisibleGpusAreMeasuredAndNamed() throws Exception {
        assertThat(watts("visible", "3,1")).containsExactly(110.0, 130.0);
        assertThat(collector.gpuInfo().name()).isEqualTo("NVIDIA H100 80GB HBM3 x2");
        assertThat(collector.collect()).extracting(gpu -> gpu.machineIndex).containsExactly(1, 3);
    }

    @Test
    void withoutTheVariableEveryGpuIsVisible() throws Exception {
        collector = fake.collector(FOUR, FakeNvml.context("visible", Map.of()));
        assertThat(collector.collect()).hasSize(4);
    }

    @Test
    void migInstancesStandForTheirBoardOnce() throws Exception {
        assertThat(watts("visible", MIG)).containsExactly(120.0);
        collector.close();
        assertThat(watts("visible", MIG + "," + MIG + ",2")).containsExactly(120.0);
    }

    @Test
    void anInstanceNamedTheOldWayStandsForTheBoardThatItNames() throws Exception {
        assertThat(watts("visible", "MIG-GPU-00000000-0000-0000-0000-000000000003/1/0")).containsExactly(130.0);
    }

    @Test
    void anUnknownInstanceIsNoGpu() {
        assertThatThrownBy(() -> watts("visible", "MIG-unknown")).isInstanceOf(CollectorUnavailableException.class)
                .hasMessageContaining("hides every GPU");
    }

    @Test
    void aListWinsOverTheEnvironment() throws Exception {
        assertThat(watts("GPU-00000000-0000-0000-0000-000000000001,0", "3")).containsExactly(100.0, 110.0);
    }

    @Test
    void aHiddenGpuNeverTakesThePlaceOfALostOne() throws Exception {
        assertThat(watts("visible", "0,1")).containsExactly(100.0, 110.0);
        fake.set("gpu0.removed=1"); // GPUs 1 to 3 are 0 to 2 from the next nvmlInit on
        double[] last = {0, 0};
        for (long now = System.nanoTime(), i = 0; i < 100; i++) {
            List<DeviceSample> samples = collector.collect(now + i * 100_000_000L);
            last = samples.stream().mapToDouble(sample -> sample.powerWatts).toArray();
            assertThat(last[0]).isIn(100.0, DeviceSample.UNAVAILABLE);
            assertThat(last[1]).isIn(110.0, DeviceSample.UNAVAILABLE);
        }
        assertThat(last).containsExactly(DeviceSample.UNAVAILABLE, 110.0);
    }

    private List<Double> watts(String devices, String visible) throws CollectorUnavailableException {
        collector = fake.collector(FOUR, 
                FakeNvml.context(devices, Map.of("CUDA_VISIBLE_DEVICES", visible)));
        return collector.collect().stream().map(sample -> sample.powerWatts).toList();
    }
}
