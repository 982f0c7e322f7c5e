package collectors.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.NoSuchDeviceException;
import collectors.host.OperatingSystem;
import collectors.registry.CollectorRegistry;
import collectors.registry.NullCollector;
import collectors.registry.Searched;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceSelectionTest {

    private static final DeviceSelection.Filter CUDA = new DeviceSelection.Filter(true, "CUDA_VISIBLE_DEVICES");
    private static final List<String> UUIDS = List.of("GPU-aa11", "GPU-aa22", "GPU-bb33", "GPU-cc44");

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "unset", value = {
        "visible | unset                  | 0 1 2 3",
        "visible | 2,0                    | 0 2",
        "visible | 1, 9, 2                | 1",
        "visible | GPU-bb,GPU-aa22        | 1 2",
        "visible | 3,3                    | 3",
        "visible | MIG-second             | 1",
        "visible | 0,-1,2                 | 0",
        "all     | 1                      | 0 1 2 3",
        "0,2     | 1                      | 0 2",
        "gpu-CC44| 1                      | 3",
    })
    void theRuntimesRulesDecideWhatIsVisible(String choice, String variable, String expected) throws Exception {
        assertThat(select(choice, variable)).extracting(String::valueOf).containsExactly(expected.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"visible | -1", "visible | ''", "visible | 4,0", "visible | GPU-aa"})
    void hidingEveryGpuIsARefusalThatNamesTheRemedy(String choice, String variable) {
        assertThatThrownBy(() -> select(choice, variable)).isInstanceOf(CollectorUnavailableException.class)
                .hasMessageContaining("CUDA_VISIBLE_DEVICES=" + variable).hasMessageContaining("--devices all");
    }

    @Test
    void aListThatNamesNoGpuOfTheMachineIsRefused() {
        assertThatThrownBy(() -> select("0,7", null)).isInstanceOf(NoSuchDeviceException.class)
                .hasMessageContaining("'7'").hasMessageContaining("from 0 to 3");
    }

    @Test
    void autoDetectionThatFindsNoneOfTheNamedDevicesFails() {
        CollectorRegistry registry = new CollectorRegistry();
        Set<OperatingSystem> everywhere = EnumSet.allOf(OperatingSystem.class);
        registry.detect("gpus", everywhere, context -> {
            select("7", null);
            return new NullCollector();
        });
        registry.detect(CollectorRegistry.NONE, everywhere, context -> new NullCollector());
        assertThatThrownBy(() -> Searched.of(registry, CollectorRegistry.AUTO, null, false))
                .isInstanceOf(NoSuchDeviceException.class).hasMessageContaining("--devices names '7'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "unset", value = {
        "3,1,0 | 1     | unset | unset | 1",
        "3,1,0 | 0,2   | unset | unset | 0 3",
        "unset | unset | 2     | 1     | 2",
        "unset | ''    | 2     | unset | 2",
        "unset | unset | unset | 1,0   | 0 1",
        "unset | 0,7,1 | unset | unset | 0",
    })
    void everyVariableChoosesAmongThoseThatTheOneBeforeLeft(String rocr, String hip, String cuda, String ordinal,
                                                             String expected) throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("ROCR_VISIBLE_DEVICES", rocr);
        environment.put("HIP_VISIBLE_DEVICES", hip);
        environment.put("CUDA_VISIBLE_DEVICES", cuda);
        environment.put("GPU_DEVICE_ORDINAL", ordinal);
        environment.values().removeIf(Objects::isNull);
        List<Integer> selected = DeviceSelection.select(FakeNvml.context("visible", environment),
                new AmdSysfs(Path.of("/sys")).filters(), UUIDS.size(), UUIDS::get, uuid -> -1);
        assertThat(selected).extracting(String::valueOf).containsExactly(expected.split(" "));
    }

    private static List<Integer> select(String choice, String variable) throws CollectorUnavailableException {
        CollectorContext context = new CollectorContext(Path.of("/sys"), Path.of("/proc"),
                variable == null ? Map.of() : Map.of("CUDA_VISIBLE_DEVICES", variable), 50, choice,
                CollectorContext.MacosPower.COMBINED);
        return DeviceSelection.select(context, List.of(CUDA), UUIDS.size(), UUIDS::get,
                uuid -> uuid.equals("MIG-second") ? 1 : -1);
    }
}
