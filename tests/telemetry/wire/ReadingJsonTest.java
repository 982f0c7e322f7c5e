package telemetry.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import energy.DeviceReading;
import energy.EnergySource;
import energy.GpuInfo;
import energy.ReadingDetails;
import energy.SystemInfo;
import energy.TelemetryReading;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReadingJsonTest {

    private static final TelemetryReading READING = TelemetryReading.newBuilder()
            .setPowerWatts(123.5).setEnergyJoules(1e10).setTemperatureCelsius(-1).setCpuMemoryUsageMb(2048)
            .setGpuMemoryTotalMb(Double.NaN).setPlatform("simulated").setTimestampNanos(1_700_000_000_123_456_789L)
            .setSystemInfo(SystemInfo.newBuilder().setHostName("box").setCpuCount(8))
            .setGpuInfo(GpuInfo.newBuilder().setName("Thing x1"))
            .build();

    private static final TelemetryReading WITH_DETAILS = READING.toBuilder()
            .setDetails(ReadingDetails.newBuilder().setSequence(7).setIntervalMs(50)
            .setSweepMs(0.25).setDroppedReadings(3)
            .addDevices(DeviceReading.newBuilder().setId("0").setKind("gpu").setName("Thing").setPowerWatts(123.5)
                    .setMemoryUsedMb(-1).setEnergySource(EnergySource.ENERGY_SOURCE_COUNTER).setAccounting("added"))
            .addDevices(DeviceReading.newBuilder().setId("1").setPowerWatts(-1).setProblem("it is \"lost\"\n")))
            .build();

    @Test
    void whatIsUnavailableIsNullAndZeroIsZero() {
        assertThat(ReadingJson.json(READING)).startsWith(
                "{\"power_watts\":123.5,\"energy_joules\":1.0E10,\"temperature_celsius\":null,"
                + "\"gpu_memory_usage_mb\":0.0,\"cpu_memory_usage_mb\":2048.0,\"platform\":\"simulated\","
                + "\"timestamp_nanos\":1700000000123456789,\"system_info\":{\"os_name\":\"\",")
                .contains("\"host_name\":\"box\",\"cpu_count\":8,").endsWith("\"gpu_memory_total_mb\":null}");
    }

    @Test
    void devicesComeWithTheDetails() {
        assertThat(ReadingJson.json(READING)).doesNotContain("devices", "sequence");
        assertThat(ReadingJson.json(WITH_DETAILS))
                .contains("\"devices\":[{\"id\":\"0\",\"index\":0,\"kind\":\"gpu\",\"name\":\"Thing\",")
                .contains("\"power_watts\":123.5,", "\"memory_used_mb\":null,", "\"energy_source\":\"counter\"")
                .contains("},{\"id\":\"1\",", "\"energy_source\":\"unavailable\"")
                .contains("}],\"sequence\":7,\"interval_ms\":50.0,\"sweep_ms\":0.25,\"dropped_readings\":3,");
    }

    @Test
    void everyFieldOfTheContractIsThereInItsOrder() {
        assertThat(names(ReadingJson.json(ONE_DEVICE)))
                .containsExactlyElementsOf(names(TelemetryReading.getDescriptor()).toList());
    }

    @Test
    void aTextIsEscapedAndStaysOnItsLine() {
        assertThat(ReadingJson.json(WITH_DETAILS)).contains("\"problem\":\"it is \\\"lost\\\"\\u000a\",")
                .doesNotContain("\n");
        String odd = "back\\slash \u0001\t\u007f é \u2028 😀";
        assertThat(ReadingJson.json(READING.toBuilder().setPlatform(odd).build()))
                .contains("\"platform\":\"back\\\\slash \\u0001\\u0009\u007f é \u2028 😀\",");
    }

    private static final TelemetryReading ONE_DEVICE = READING.toBuilder()
            .setDetails(ReadingDetails.newBuilder().addDevices(DeviceReading.getDefaultInstance())).build();

    private static List<String> names(String json) {
        return Pattern.compile("\"(\\w+)\":").matcher(json).results().map(match -> match.group(1)).toList();
    }

    private static Stream<String> names(Descriptor message) {
        // What the details tell stands at the top level.
        return message.getFields().stream().flatMap(field -> Stream.concat(
                Stream.of(field.getName()).filter(name -> !name.equals("details")),
                field.getJavaType() == FieldDescriptor.JavaType.MESSAGE ? names(field.getMessageType())
                        : Stream.empty()));
    }
}
