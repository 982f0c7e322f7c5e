package telemetry.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import collectors.DeviceKind;
import collectors.DeviceSample;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import telemetry.accounting.DeviceState;
import telemetry.accounting.MeteredDevice;

/** Which device a name means, on a machine of three GPUs and two packages of which one has an id like an address. */
class DeviceNamesTest {

    private final List<DeviceState> machine = new ArrayList<>(List.of(
            state("nvidia", true, 0, "GPU-aaaa1111"), state("nvidia", true, 1, "GPU-aaaa2222"),
            state("nvidia", true, 2, "GPU-aaaa2222-3"), state("rapl", false, 0, "package-0"),
            state("amd", false, 0, "0000:03:00.0")));

    @ParameterizedTest
    @CsvSource({"0, GPU-aaaa1111", "2, GPU-aaaa2222-3", "' 1 ', GPU-aaaa2222", "GPU-aaaa1111, GPU-aaaa1111",
        "gpu-AAAA1, GPU-aaaa1111", "GPU-aaaa2222, GPU-aaaa2222", "GPU-aaaa2222-, GPU-aaaa2222-3",
        "nvidia:2, GPU-aaaa2222-3", "rapl:0, package-0", "p, package-0", "0000:03, 0000:03:00.0",
        "0000:03:00.0, 0000:03:00.0"})
    void aDeviceIsNamedByItsIndexItsIdOrItsPlatform(String name, String id) {
        assertThat(find(name)).containsExactly(id);
    }

    @Test
    void theyComeInTheOrderOfTheMachineAndEachOnce() {
        assertThat(find("rapl:0", "2", "0", "GPU-aaaa1111", "nvidia:0"))
                .containsExactly("GPU-aaaa1111", "GPU-aaaa2222-3", "package-0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            3            | there is no device '3': there are nvidia:0 GPU-aaaa1111, nvidia:1 GPU-aaaa2222, nvidia:2
            -1           | there is no device '-1'
            ''           | there is no device ''
            0,1          | there is no device '0,1'
            rapl:1       | there is no device 'rapl:1'
            intel:0      | there is no device 'intel:0'
            99999999999  | there is no device '99999999999'
            MIG-123      | there is no device 'MIG-123'
            GPU-aaaa     | 'GPU-aaaa' fits 3 devices: name one of nvidia:0 GPU-aaaa1111, nvidia:1 GPU-aaaa2222, nvidia:2
            """)
    void aNameThatFitsNoneOrSeveralIsRefusedWithThoseThatThereAre(String name, String message) {
        assertThatThrownBy(() -> find(name == null ? "" : name)).isInstanceOf(UnknownDeviceException.class)
                .hasMessageContaining(message);
    }

    @Test
    void theBeginningOfAnIdFitsNothingWhileAnotherDeviceMayComeThatHasIt() {
        assertThatThrownBy(() -> DeviceNames.find(List.of("GPU-aaaa1"), machine, false))
                .hasMessageContaining("there is no device 'GPU-aaaa1'");
        assertThat(DeviceNames.find(List.of("GPU-aaaa1111", "1", "rapl:0"), machine, false)).hasSize(3);
    }

    @Test
    void theMessageIsOneLineThatFitsIntoAStatusWhateverWasNamed() {
        for (int i = 1; i < 600; i++) {
            machine.add(state("drm", false, i, "a-name-as-long-as-it-gets-" + "x".repeat(200) + i));
        }
        assertThatThrownBy(() -> find("\n\u0000" + "y".repeat(60_000))).satisfies(e -> assertThat(e.getMessage())
                .satisfies(message -> assertThat(message.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(6_000))
                .doesNotContainPattern("\\p{Cntrl}").endsWith(" and 564 more"));
        assertThatThrownBy(() -> DeviceNames.find(Collections.nCopies(257, "0"), machine, true))
                .hasMessage("257 devices are named: name from 1 to 256");
        machine.clear();
        assertThatThrownBy(() -> find("0")).hasMessage("there is no device '0': nothing is measured here");
    }

    private List<String> find(String... names) {
        return DeviceNames.find(List.of(names), machine, true).stream().map(device -> device.sample.id).toList();
    }

    private static DeviceState state(String platform, boolean primary, int index, String id) {
        return new DeviceState(platform, primary, index, new MeteredDevice(new DeviceSample(id, DeviceKind.GPU, id)));
    }
}
