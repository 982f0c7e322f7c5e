package cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Texts made after the tools' documentation; none was recorded on a card. */
class VendorToolTest {

    @Test
    void nvidiaSmiTellsOneGpuALine() {
        assertThat(VendorTool.parseNvidiaSmi("""
                0, GPU-5ee0, 71.53, 700.00, 34, NVIDIA H100 80GB HBM3
                1, GPU-77aa, [N/A], [Not Supported], 40, NVIDIA GB10, rev 2
                """)).containsExactly(new VendorTool.Gpu(0, "GPU-5ee0", "NVIDIA H100 80GB HBM3", 71.53, 700, 34),
                new VendorTool.Gpu(1, "GPU-77aa", "NVIDIA GB10, rev 2", -1, -1, 40));
        assertThat(VendorTool.parseNvidiaSmi("No devices were found\n")).isEmpty();
    }

    @Test
    void amdSmiHasAListInEitherForm() {
        String list = "[{\"gpu\": 0, \"power\": {\"socket_power\": {\"value\": 61, \"unit\": \"W\"}}, "
                + "\"temperature\": {\"edge\": \"N/A\"}}, {\"gpu\": 1, \"power\": \"N/A\"}]";
        List<VendorTool.Gpu> expected = List.of(new VendorTool.Gpu(0, "", "", 61, -1, -1),
                new VendorTool.Gpu(1, "", "", -1, -1, -1));
        assertThat(VendorTool.parseAmdSmi(list)).isEqualTo(expected);
        assertThat(VendorTool.parseAmdSmi("{\"gpu_data\": " + list + "}")).isEqualTo(expected);
    }

    @Test
    void rocmSmiNamesItsCardsAndMayWarnBefore() {
        assertThat(VendorTool.parseRocmSmi("WARNING: AMD GPU device(s) is/are in a low-power state\n"
                + "{\"card0\": {\"Current Socket Graphics Package Power (W)\": \"60.5\", "
                + "\"Temperature (Sensor edge) (C)\": \"41.0\"}, \"system\": {}}"))
                .containsExactly(new VendorTool.Gpu(0, "", "", 60.5, -1, 41));
    }

    @Test
    void aGpuIsFoundByItsUuidOrElseByItsIndex() {
        VendorTool.Gpu known = new VendorTool.Gpu(3, "GPU-1", "", 50, -1, -1);
        VendorTool.Gpu nameless = new VendorTool.Gpu(1, "", "", 60, -1, -1);
        VendorTool tool = new VendorTool("x-smi", List.of(known, nameless), null);
        assertThat(tool.of("GPU-1", 0)).isSameAs(known);
        assertThat(tool.of("0000:03:00.0", 1)).isSameAs(nameless);
        assertThat(tool.of("GPU-9", 3)).isNull();
    }
}
