package collectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GpuInfoTest {

    @Test
    void gpusOfOneModelAreCountedAndMixedOnesNamedAfterTheirVendor() {
        assertThat(GpuInfo.of(List.of("NVIDIA A100"), "NVIDIA", "NVML").name()).isEqualTo("NVIDIA A100 x1");
        assertThat(GpuInfo.of(List.of("X", "X", "X"), "AMD", "AMDSMI").name()).isEqualTo("X x3");
        assertThat(GpuInfo.of(List.of("X", "Y", "X"), "NVIDIA", "NVML").name()).isEqualTo("NVIDIA (3 GPUs)");
        assertThat(GpuInfo.of(List.of("X", "Y"), "AMD", "AMDSMI").name()).isEqualTo("AMD (2 GPUs)");
        assertThat(GpuInfo.of(List.of(), "AMD", "AMDSMI")).isEqualTo(GpuInfo.NONE);
    }

    @Test
    void someOfTheGpusAreCountedAndOneAloneHasItsIndex() {
        GpuInfo all = GpuInfo.of(List.of("A", "A", "B"), "AMD", "AMDSMI");
        assertThat(all.of(List.of("A", "A"), 1)).isEqualTo(new GpuInfo("A x2", "AMD", 0, "GPU", "AMDSMI"));
        assertThat(all.of(List.of("B"), 2)).isEqualTo(new GpuInfo("B x1", "AMD", 2, "GPU", "AMDSMI"));
        assertThat(all.of(List.of("A", "B"), 0).name()).isEqualTo("AMD (2 GPUs)");
        assertThat(all.of(List.of(), 0)).isEqualTo(GpuInfo.NONE);
        GpuInfo apple = new GpuInfo("Apple GPU", "Apple", "Integrated GPU", "powermetrics");
        assertThat(apple.of(List.of("Apple M4"), 1)).as("has neither count nor index").isEqualTo(apple);
    }
}
