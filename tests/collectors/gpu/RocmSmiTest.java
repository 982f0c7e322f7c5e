package collectors.gpu;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import collectors.CollectorUnavailableException;
import collectors.DeviceSample;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where the library is looked for, what its releases lack, and the bits of its ids. */
class RocmSmiTest {

    private static final Path SYSFS = Path.of("/sys");

    @Test
    void namesComeBeforeFoldersAndTheFolderAskedForBeforeTheOthers() {
        assertThat(AmdSource.libraryCandidates(List.of("lib.so.2", "lib.so"), Map.of("ROCM_PATH", "/home/me/rocm"),
                List.of("/opt/rocm-6.9.3", "/opt/rocm-6.10.0", "/opt/rocm-5.7.1", "/opt/rocm/core-9.9",
                        "/opt/rocm/core-10.0"))).containsExactly(
                "lib.so.2", "lib.so", "/home/me/rocm/lib/lib.so.2", "/home/me/rocm/lib/lib.so",
                "/opt/rocm/lib/lib.so.2", "/opt/rocm/lib/lib.so",
                "/opt/rocm/core-10.0/lib/lib.so.2", "/opt/rocm/core-10.0/lib/lib.so",
                "/opt/rocm-6.10.0/lib/lib.so.2", "/opt/rocm-6.10.0/lib/lib.so");
    }

    @Test
    void withoutAFolderOnlyTheUsualPlacesAreTried() {
        assertThat(AmdSource.libraryCandidates(List.of("lib.so"), Map.of("ROCM_PATH", ""), List.of()))
                .containsExactly("lib.so", "/opt/rocm/lib/lib.so");
    }

    @Test
    void everySonameThatARocmReleaseHasIsTriedFromTheNewestToTheBareName() {
        assertThat(RocmSmi.candidates(Map.of(), List.of())).startsWith("librocm_smi64.so.8", "librocm_smi64.so.7",
                "librocm_smi64.so.6", "librocm_smi64.so.5", "librocm_smi64.so.1", "librocm_smi64.so");
        assertThat(AmdSmi.candidates(Map.of(), List.of("/opt/rocm/core-10.0"))).startsWith("libamd_smi.so.28",
                "libamd_smi.so.27", "libamd_smi.so.26", "libamd_smi.so.25", "libamd_smi.so.24", "libamd_smi.so.23",
                "libamd_smi.so.0", "libamd_smi.so").contains("/opt/rocm/core-10.0/lib/libamd_smi.so.27");
    }

    @Test
    void everyReleasesPowerFunctionIsUsed() throws Exception {
        for (FakeRocmSmi release : List.of(FakeRocmSmi.without("rsmi_dev_power_get"),
                FakeRocmSmi.without("rsmi_dev_power_get", "rsmi_dev_current_socket_power_get"),
                FakeRocmSmi.without("rsmi_dev_power_ave_get", "rsmi_dev_current_socket_power_get"))) {
            assertThat(read(release, "power_uw=412000000").powerWatts).isEqualTo(412);
        }
    }

    @Test
    void averageStandsInWhereTheChipHasNothingElse() throws Exception {
        assertThat(read(FakeRocmSmi.without(), "power_uw=90500000;error.rsmi_dev_power_get=2;"
                + "error.rsmi_dev_current_socket_power_get=2").powerWatts).isEqualTo(90.5);
    }

    @Test
    void everyOptionalSymbolMayBeMissing() throws Exception {
        DeviceSample sample = read(FakeRocmSmi.without("rsmi_status_string", "rsmi_dev_name_get",
                "rsmi_dev_unique_id_get", "rsmi_dev_pci_id_get", "rsmi_dev_power_get",
                "rsmi_dev_current_socket_power_get", "rsmi_dev_power_ave_get", "rsmi_dev_power_cap_get",
                "rsmi_dev_energy_count_get", "rsmi_dev_temp_metric_get", "rsmi_dev_memory_usage_get",
                "rsmi_dev_memory_total_get", "rsmi_dev_busy_percent_get"), "");
        assertThat(NvidiaCollectorTest.numbers(sample)).containsOnly(UNAVAILABLE);
        assertThat(sample.id).isEqualTo("amd-0");
        assertThat(sample.name).isEqualTo("AMD GPU");
        assertThat(sample.problem).isEqualTo("power and energy: this ROCm SMI is too old or too new for it");
    }

    @Test
    void libraryThatIsNoneIsRefusedAndTheNextIsTried() throws Exception {
        FakeRocmSmi none = FakeRocmSmi.without("rsmi_num_monitor_devices");
        assertThatThrownBy(() -> none.load("", SYSFS)).isInstanceOf(CollectorUnavailableException.class)
                .hasMessageContaining(none.file() + " is too old or no ROCm SMI");
        assertThatThrownBy(() -> RocmSmi.load(List.of("libno-such-thing.so.1"), SYSFS))
                .hasMessage("ROCm SMI (librocm_smi64) is not installed");
        RocmSmi right = RocmSmi.load(List.of(none.file().toString(), FakeRocmSmi.without().file().toString()),
                SYSFS);
        assertThat(right.describe(2)).isEqualTo("RSMI_STATUS_NOT_SUPPORTED: not supported here (ROCm SMI code 2)");
        assertThat(right.describe(-1)).isEqualTo("RSMI_STATUS (ROCm SMI code 4294967295)");
    }

    @Test
    void theDriversVersionIsToldWhereTheLibraryTellsIt() throws Exception {
        assertThat(FakeRocmSmi.without().load("", SYSFS).version()).isEqualTo(", driver 6.8.5");
        assertThat(FakeRocmSmi.without("rsmi_version_str_get").load("", SYSFS).version()).isEmpty();
    }

    @Test
    void idsAreWrittenAsOthersWriteThem() {
        assertThat(AmdSource.pciAddressOf(0x1_0000_c100L)).isEqualTo("0001:c1:00.0");
        assertThat(AmdSource.pciAddressOf(0x5000_0a2bL)).as("partition 5, or 3").isEqualTo("0000:0a:05.0");
        assertThat(AmdSource.uuidOf(0x00ab_0000_0000_0001L)).isEqualTo("GPU-00ab000000000001");
        assertThat(AmdSource.uuidOf(0xfedc_0000_0000_0001L)).isEqualTo("GPU-fedc000000000001");
        assertThat(AmdSource.uuidOf(0)).isNull();
    }

    /** 2^32 units of 2^-16 J are 65536 J; with 15.3 µJ it would be 176 J more. */
    @Test
    void theUnitOfEnergyIsTheChipsAndNotTheLibrarysRoundOne() throws Exception {
        for (String rounded : List.of("15.3", "15.259", "15.2587890625")) {
            assertThat(read(FakeRocmSmi.without(), "counter=4294967296;resolution=" + rounded).energyCounterJoules)
                    .isCloseTo(65536, within(1e-6));
        }
        assertThat(read(FakeRocmSmi.without(), "counter=4294967296;resolution=30.5").energyCounterJoules)
                .isCloseTo(4294967296.0 * 30.5 / 1e6, within(1e-6));
    }

    private static DeviceSample read(FakeRocmSmi fake, String settings) throws CollectorUnavailableException {
        try (GpuCollector collector = fake.collector(settings, FakeNvml.ALL)) {
            DeviceSample sample = collector.collect().get(0);
            assertThat(fake.violation()).isNull();
            return sample;
        }
    }
}
