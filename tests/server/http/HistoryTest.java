package server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import energy.DeviceReading;
import energy.ReadingDetails;
import energy.TelemetryReading;
import energy.TotalReading;
import java.util.List;
import org.junit.jupiter.api.Test;
import telemetry.wire.Reading;

class HistoryTest {

    private static final DeviceReading GPU = DeviceReading.newBuilder().setId("GPU-1").setPlatform("nvidia")
            .setPowerWatts(300).setUtilizationPercent(50).setMemoryUsedMb(-1).build();
    private static final DeviceReading CPU = DeviceReading.newBuilder().setId("package-0").setPlatform("rapl")
            .setPowerWatts(80).setUtilizationPercent(-1).setMemoryUsedMb(-1).build();

    private final History history = new History();

    @Test
    void beforeTheFirstReadingItIsEmpty() {
        assertThat(history.json()).isEqualTo("{\"unix_millis\":[],\"total_watts\":[],\"devices\":[]}");
    }

    @Test
    void onePointASecondIsKeptAndTenMinutesOfThem() {
        for (int tick = 0; tick < 20 * 700; tick++) {
            take(tick * 50L, tick / 20, List.of(GPU));
        }
        JsonObject json = json();
        JsonArray times = json.getAsJsonArray("unix_millis");
        assertThat(times).hasSize(History.MAX_POINTS);
        assertThat(times.get(599).getAsLong() - times.get(0).getAsLong()).isEqualTo(599_000);
        assertThat(times.get(599).getAsLong()).isEqualTo(699_000);
        assertThat(json.getAsJsonArray("total_watts").get(599).getAsDouble()).isEqualTo(699);
        assertThat(column(json, 0, "power_watts").get(0).getAsDouble()).isEqualTo(300);
        assertThat(column(json, 0, "memory_used_mb").get(0).isJsonNull()).isTrue();
    }

    @Test
    void aDeviceThatComesLaterOrIsGoneIsUnavailableInBetween() {
        take(0, 300, List.of(GPU));
        take(1000, 380, List.of(GPU, CPU));
        take(2000, 80, List.of(CPU));
        assertThat(column(json(), 0, "power_watts").toString()).isEqualTo("[300.0,300.0,null]");
        assertThat(column(json(), 1, "power_watts").toString()).isEqualTo("[null,80.0,80.0]");
    }

    private void take(long millis, double totalWatts, List<DeviceReading> devices) {
        byte[] message = TelemetryReading.newBuilder().setTimestampNanos(millis * 1_000_000).build().toByteArray();
        byte[] details = TelemetryReading.newBuilder().setDetails(ReadingDetails.newBuilder().addAllDevices(devices)
                .setTotal(TotalReading.newBuilder().setPowerWatts(totalWatts))).build().toByteArray();
        history.take(new Reading(1, millis * 1_000_000, 0, message, details));
    }

    private JsonObject json() {
        return JsonParser.parseString(history.json()).getAsJsonObject();
    }

    private static JsonArray column(JsonObject json, int device, String name) {
        return json.getAsJsonArray("devices").get(device).getAsJsonObject().getAsJsonArray(name);
    }
}
