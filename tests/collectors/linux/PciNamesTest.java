package collectors.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PciNamesTest {

    private static final String PCI_IDS = String.join("\n",
            "# a comment", "1002  Advanced Micro Devices, Inc. [AMD/ATI]", "\t5690  Another vendor's",
            "8086  Intel Corporation", "\t4f80  DG2", "\t5690  DG2 [Arc A770M]",
            "\t\t8086 1020  A board [Not it]", "\t56c0  Data Center GPU Flex 170",
            "9999  Somebody", "\te20b  Not Intel's", "");

    @TempDir
    private Path device;

    @ParameterizedTest
    @CsvSource({"8086, 5690, Arc A770M", "1002, 5690, Another vendor's", "8086, 56c0, Data Center GPU Flex 170",
        "8086, 4f80, DG2", "8086, e20b, ", "8086, 1020, ", "8087, 5690, "})
    void aDeviceIsCalledByItsNameOnTheMarketWhereItHasOne(String vendor, String id, String name) {
        assertThat(PciNames.find(PCI_IDS, vendor, id)).isEqualTo(name);
    }

    @Test
    void intelsCardsHaveTheirModelsNameAndNeverANumberOfPci() throws Exception {
        Files.writeString(device.resolve("device"), "0xe20b\n");
        assertThat(PciNames.gpu(device)).isEqualTo("Intel Arc B580");
        Files.writeString(device.resolve("device"), "0x0000\n");
        assertThat(PciNames.gpu(device)).isEqualTo("Intel GPU");
        Files.delete(device.resolve("device"));
        assertThat(PciNames.gpu(device)).isEqualTo("Intel GPU");
    }
}
