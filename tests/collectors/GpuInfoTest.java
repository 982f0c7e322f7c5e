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
}
