package collectors.gpu;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import collectors.gpu.nvml.Nvml;
import collectors.gpu.nvml.NvmlAnswer;
import collectors.gpu.nvml.NvmlFields;
import collectors.gpu.nvml.NvmlGpm;
import collectors.gpu.nvml.NvmlIdentity;
import collectors.gpu.nvml.NvmlReadings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bindings' numbers and signatures against the vendors' own headers, of each release that is at hand. */
class HeadersTest {

    private static final Map<String, Number> NVML = Map.ofEntries(
            entry("NVML_SUCCESS", Nvml.SUCCESS), entry("NVML_ERROR_UNINITIALIZED", Nvml.UNINITIALIZED),
            entry("NVML_ERROR_INVALID_ARGUMENT", Nvml.INVALID_ARGUMENT),
            entry("NVML_ERROR_NOT_SUPPORTED", Nvml.NOT_SUPPORTED),
            entry("NVML_ERROR_NO_PERMISSION", Nvml.NO_PERMISSION), entry("NVML_ERROR_NOT_FOUND", Nvml.NOT_FOUND),
            entry("NVML_ERROR_DRIVER_NOT_LOADED", Nvml.DRIVER_NOT_LOADED),
            entry("NVML_ERROR_FUNCTION_NOT_FOUND", Nvml.FUNCTION_NOT_FOUND),
            entry("NVML_ERROR_GPU_IS_LOST", Nvml.GPU_IS_LOST),
            entry("NVML_ERROR_RESET_REQUIRED", Nvml.RESET_REQUIRED),
            entry("NVML_ERROR_OPERATING_SYSTEM", Nvml.OPERATING_SYSTEM),
            entry("NVML_ERROR_LIB_RM_VERSION_MISMATCH", Nvml.LIB_RM_VERSION_MISMATCH),
            entry("NVML_ERROR_DEPRECATED", Nvml.DEPRECATED), entry("NVML_TEMPERATURE_GPU", NvmlReadings.TEMPERATURE_GPU),
            entry("NVML_DEVICE_NAME_V2_BUFFER_SIZE", NvmlAnswer.TEXT_BYTES),
            entry("NVML_DEVICE_UUID_V2_BUFFER_SIZE", NvmlAnswer.TEXT_BYTES),
            entry("NVML_DEVICE_ARCH_AMPERE", NvmlIdentity.ARCHITECTURE_AMPERE),
            entry("NVML_DEVICE_ARCH_UNKNOWN", Integer.toUnsignedLong(NvmlIdentity.ARCHITECTURE_UNKNOWN)),
            entry("NVML_FI_DEV_TOTAL_ENERGY_CONSUMPTION", NvmlFields.TOTAL_ENERGY_CONSUMPTION),
            entry("NVML_FI_DEV_POWER_AVERAGE", NvmlFields.POWER_AVERAGE),
            entry("NVML_FI_DEV_POWER_INSTANT", NvmlFields.POWER_INSTANT),
            entry("NVML_POWER_SCOPE_GPU", NvmlFields.SCOPE_GPU),
            entry("NVML_POWER_SCOPE_MODULE", NvmlFields.SCOPE_MODULE),
            entry("NVML_VALUE_TYPE_DOUBLE", NvmlFields.TYPE_DOUBLE),
            entry("NVML_VALUE_TYPE_UNSIGNED_INT", NvmlFields.TYPE_UNSIGNED_INT),
            entry("NVML_VALUE_TYPE_UNSIGNED_LONG", NvmlFields.TYPE_UNSIGNED_LONG),
            entry("NVML_VALUE_TYPE_UNSIGNED_LONG_LONG", NvmlFields.TYPE_UNSIGNED_LONG_LONG),
            entry("NVML_VALUE_TYPE_SIGNED_LONG_LONG", NvmlFields.TYPE_SIGNED_LONG_LONG),
            entry("sizeof(nvmlFieldValue_t)", NvmlFields.FIELD_BYTES),
            entry("offsetof(nvmlFieldValue_t, fieldId)", NvmlFields.FIELD_ID_OFFSET),
            entry("offsetof(nvmlFieldValue_t, scopeId)", NvmlFields.SCOPE_ID_OFFSET),
            entry("offsetof(nvmlFieldValue_t, timestamp)", NvmlFields.TIMESTAMP_OFFSET),
            entry("offsetof(nvmlFieldValue_t, valueType)", NvmlFields.VALUE_TYPE_OFFSET),
            entry("offsetof(nvmlFieldValue_t, nvmlReturn)", NvmlFields.CODE_OFFSET),
            entry("offsetof(nvmlFieldValue_t, value)", NvmlFields.VALUE_OFFSET),
            entry("offsetof(nvmlPciInfo_t, busId)", NvmlIdentity.PCI_BUS_ID_OFFSET),
            entry("nvmlMemory_v2", NvmlReadings.MEMORY_V2_VERSION), entry("offsetof(nvmlMemory_v2_t, total)", 8),
            entry("offsetof(nvmlMemory_v2_t, used)", 32), entry("offsetof(nvmlMemory_t, total)", 0),
            entry("offsetof(nvmlMemory_t, used)", 16), entry("offsetof(nvmlUtilization_t, gpu)", 0),
            entry("offsetof(nvmlUtilization_t, memory)", 4),
            entry("NVML_GPM_METRIC_SM_UTIL", NvmlGpm.SM_UTIL),
            entry("NVML_GPM_METRIC_ANY_TENSOR_UTIL", NvmlGpm.ANY_TENSOR_UTIL),
            entry("NVML_GPM_METRIC_DRAM_BW_UTIL", NvmlGpm.DRAM_BW_UTIL),
            entry("NVML_GPM_METRICS_GET_VERSION", NvmlGpm.METRICS_GET_VERSION),
            entry("offsetof(nvmlGpmMetricsGet_t, numMetrics)", 4),
            entry("offsetof(nvmlGpmMetricsGet_t, sample1)", NvmlGpm.SAMPLE_1_OFFSET),
            entry("offsetof(nvmlGpmMetricsGet_t, sample2)", NvmlGpm.SAMPLE_2_OFFSET),
            entry("offsetof(nvmlGpmMetricsGet_t, metrics)", NvmlGpm.METRICS_OFFSET),
            entry("sizeof(nvmlGpmMetricsGet_t) <= 65536", NvmlGpm.METRICS_GET_BYTES / 65536),
            entry("sizeof(nvmlGpmMetric_t)", NvmlGpm.METRIC_BYTES), entry("offsetof(nvmlGpmMetric_t, metricId)", 0),
            entry("offsetof(nvmlGpmMetric_t, nvmlReturn)", NvmlGpm.METRIC_CODE_OFFSET),
            entry("offsetof(nvmlGpmMetric_t, value)", NvmlGpm.METRIC_VALUE_OFFSET),
            entry("NVML_GPM_SUPPORT_VERSION", NvmlGpm.SUPPORT_VERSION),
            entry("sizeof(nvmlGpmSupport_t)", NvmlGpm.SUPPORT_BYTES),
            entry("offsetof(nvmlGpmSupport_t, isSupportedDevice)", NvmlGpm.IS_SUPPORTED_OFFSET),
            entry("nvmlTemperature_v1", NvmlReadings.TEMPERATURE_V1_VERSION),
            entry("offsetof(nvmlTemperature_v1_t, sensorType)", 4),
            entry("offsetof(nvmlTemperature_v1_t, temperature)", 8));

    private static final Map<String, Number> ROCM_SMI = Map.ofEntries(
            entry("RSMI_STATUS_SUCCESS", GpuSource.SUCCESS), entry("RSMI_STATUS_INVALID_ARGS", RocmSmi.INVALID_ARGS),
            entry("RSMI_STATUS_NOT_SUPPORTED", RocmSmi.NOT_SUPPORTED),
            entry("RSMI_STATUS_FILE_ERROR", RocmSmi.FILE_ERROR), entry("RSMI_STATUS_PERMISSION", RocmSmi.PERMISSION),
            entry("RSMI_STATUS_INTERNAL_EXCEPTION", RocmSmi.INTERNAL_EXCEPTION),
            entry("RSMI_STATUS_INPUT_OUT_OF_BOUNDS", RocmSmi.INPUT_OUT_OF_BOUNDS),
            entry("RSMI_STATUS_INIT_ERROR", RocmSmi.INIT_ERROR),
            entry("RSMI_STATUS_NOT_YET_IMPLEMENTED", RocmSmi.NOT_YET_IMPLEMENTED),
            entry("RSMI_STATUS_NOT_FOUND", RocmSmi.NOT_FOUND), entry("RSMI_STATUS_NO_DATA", RocmSmi.NO_DATA),
            entry("RSMI_STATUS_UNEXPECTED_DATA", RocmSmi.UNEXPECTED_DATA),
            entry("(int) RSMI_STATUS_UNKNOWN_ERROR", RocmSmi.UNKNOWN_ERROR),
            entry("RSMI_SW_COMP_DRIVER", RocmSmi.DRIVER_COMPONENT),
            entry("RSMI_TEMP_TYPE_EDGE", RocmSmi.TEMPERATURE_EDGE),
            entry("RSMI_TEMP_TYPE_JUNCTION", RocmSmi.TEMPERATURE_JUNCTION),
            entry("RSMI_TEMP_CURRENT", RocmSmi.TEMPERATURE_CURRENT), entry("RSMI_MEM_TYPE_VRAM", RocmSmi.MEMORY_VRAM),
            entry("RSMI_INIT_FLAG_THRAD_ONLY_MUTEX", RocmSmi.INIT_THREAD_ONLY_MUTEX),
            entry("RSMI_CURRENT_POWER", RocmSmi.CURRENT_POWER));

    private static final Map<String, Number> AMD_SMI = Map.ofEntries(
            entry("AMDSMI_STATUS_SUCCESS", GpuSource.SUCCESS),
            entry("AMDSMI_STATUS_NOT_SUPPORTED", AmdSmi.NOT_SUPPORTED),
            entry("AMDSMI_STATUS_NOT_YET_IMPLEMENTED", AmdSmi.NOT_YET_IMPLEMENTED),
            entry("AMDSMI_STATUS_NO_PERM", AmdSmi.NO_PERM), entry("AMDSMI_STATUS_NOT_FOUND", AmdSmi.NOT_FOUND),
            entry("AMDSMI_STATUS_DRIVER_NOT_LOADED", AmdSmi.DRIVER_NOT_LOADED),
            entry("AMDSMI_STATUS_NO_DATA", AmdSmi.NO_DATA), entry("AMDSMI_INIT_AMD_GPUS", AmdSmi.INIT_AMD_GPUS),
            entry("offsetof(amdsmi_asic_info_t, market_name)", AmdSmi.MARKET_NAME_OFFSET),
            entry("sizeof(amdsmi_asic_info_t) <= 4096", AmdSmi.ASIC_INFO_BYTES / 4096));

    @TempDir
    Path folder;

    @Test
    void nvmlHasTheNumbersAndSignaturesOfItsHeaders() throws Exception {
        everyHeaderAgrees("nvml.h", ".", "tests/fixtures/nvml/header.c", NVML);
    }

    @Test
    void rocmSmiHasTheNumbersAndSignaturesOfItsHeaders() throws Exception {
        everyHeaderAgrees("rocm_smi.h", "..", "tests/fixtures/rocm_smi/header.c", ROCM_SMI);
    }

    @Test
    void amdSmiHasTheNumbersAndSignaturesOfItsHeaders() throws Exception {
        everyHeaderAgrees("amdsmi.h", "..", "tests/fixtures/amd_smi/header.c", AMD_SMI);
    }

    /** Each header alone may lack names; together they have all. */
    private void everyHeaderAgrees(String header, String include, String program, Map<String, Number> expected)
            throws Exception {
        List<Path> headers = GpuLibraries.named(header.replace(".", "\\."));
        assertThat(headers).as("releases of " + header).hasSizeGreaterThanOrEqualTo(2);
        Set<String> told = new HashSet<>();
        for (Path file : headers) {
            String release = GpuLibraries.packageOf(file);
            Map<String, Number> facts = facts(file.getParent().resolve(include), program, release);
            assertThat(facts).as(release).isNotEmpty().allSatisfy((name, number) ->
                    assertThat(number.longValue()).as(release + ": " + name).isEqualTo(expected.get(name).longValue()));
            told.addAll(facts.keySet());
        }
        assertThat(told).isEqualTo(expected.keySet());
    }

    private Map<String, Number> facts(Path include, String program, String release) throws Exception {
        Path executable = folder.resolve(release);
        List<String> command = new ArrayList<>(List.of("gcc", "-std=gnu11", "-w", "-I", include.toString(), "-o",
                executable.toString()));
        for (Path needed : GpuLibraries.named("libdrm")) {
            command.addAll(List.of("-I", needed.getParent().toString())); // rocm_smi.h includes libdrm/drm.h
        }
        command.add(FakeLibrary.find(program).toString());
        if (release.startsWith("librocm-smi-dev_") && !release.startsWith("librocm-smi-dev_5")) {
            command.add("-DROCM_6");
        }
        FakeLibrary.run(command);
        Map<String, Number> facts = new HashMap<>();
        GpuLibraries.run(List.of(executable.toString())).lines().forEach(line -> {
            int space = line.lastIndexOf(' ');
            facts.put(line.substring(0, space), Long.parseLong(line.substring(space + 1)));
        });
        return facts;
    }
}
