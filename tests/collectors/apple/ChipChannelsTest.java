package collectors.apple;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names as tools print them on real chips. */
class ChipChannelsTest {

    @Test
    void theCpuIsOneChannelOrOneForEachDie() {
        assertThat(channels("ECPU", "PCPU", "CPU Energy").cpu()).containsExactly("CPU Energy");
        assertThat(channels("DIE_0_CPU Energy", "DIE_1_CPU Energy").cpu()).hasSize(2);
        assertThat(channels("DIE_0_CPU Energy", "DIE_1_CPU Energy", "CPU Energy").cpu()).as("contains both")
                .containsExactly("CPU Energy");
        assertThat(channels("ECPU", "PCPU", "GPU CPU Energy").cpu()).isEmpty();
    }

    @Test
    void theGpuIsWithoutItsParts() {
        assertThat(channels("GPU0_0", "GPU SRAM0_0", "GPU Energy", "GPU CS0").gpu()).containsExactly("GPU Energy");
    }

    @Test
    void neuralEngineAndMemoryAreTheirOutermostChannels() {
        assertThat(channels("ANE", "ANE0", "ANE0_1").neuralEngine()).containsExactly("ANE");
        assertThat(channels("ANE0_0", "ANE0_1").neuralEngine()).hasSize(2);
        assertThat(channels("ANECPU", "PLANE", "ANE SRAM").neuralEngine()).isEmpty();
        assertThat(channels("DRAM0_0", "DRAM0_1", "DCS0_0", "AMCC0_1").dram()).hasSize(2);
    }

    @Test
    void clustersAreToldFromTheirCores() {
        assertThat(channels("ECPU0", "ECPU1", "ECPU", "PCPU0", "PCPU", "ECPM", "ECPUDTL00").clusters())
                .isEqualTo(Map.of("E", List.of("ECPU"), "P", List.of("PCPU")));
        assertThat(channels("EACC_CPU0", "EACC_CPU", "PACC0_CPU1", "PACC0_CPU", "PACC1_CPU", "PACC1_CPU2_SRAM")
                .clusters()).isEqualTo(Map.of("E", List.of("EACC_CPU"), "P", List.of("PACC0_CPU", "PACC1_CPU")));
        assertThat(channels("MCPU0_0", "MCPU0", "MCPU1_0", "MCPU1", "PACC_0", "PCPU", "SCPU").clusters()).isEqualTo(
                Map.of("M", List.of("MCPU0", "MCPU1"), "P", List.of("PCPU"), "S", List.of("SCPU")));
        assertThat(channels("DIE_0_EACC_CPU", "DIE_1_EACC_CPU").clusters().get("E")).hasSize(2);
        assertThat(channels("ECPU0", "ECPU1").clusters()).as("of cores alone").isEmpty();
    }

    @Test
    void aUnitIsOneOfEnergyOrUnknown() {
        assertThat(List.of("mJ", "uJ", "nJ", "J", "", "mW", "ticks")).extracting(EnergyChannel::joulesPer)
                .containsExactly(1e-3, 1e-6, 1e-9, 1.0, -1.0, -1.0, -1.0);
    }

    private static ChipChannels channels(String... names) {
        return new ChipChannels(List.of(names));
    }
}
