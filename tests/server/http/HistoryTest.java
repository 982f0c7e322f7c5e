package server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import energy.DeviceReading;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import telemetry.sampling.PowerSecond;

class HistoryTest {

    private static final DeviceReading GPU = DeviceReading.newBuilder().setId("GPU-1").setPlatform("nvidia").build();
    private static final DeviceReading CPU = DeviceReading.newBuilder().setId("package-0").setPlatform("rapl").build();
    private static final String LOST = "\"GPU is lost\": reboot";

    private final History history = new History();

    @Test
    void beforeTheFirstSecondItIsEmpty() {
        assertThat(history.json(List.of(GPU), 0)).isEqualTo(
                "{\"period_millis\":1000,\"unix_millis\":[],\"total_watts\":[],\"total_gaps\":[],\"devices\":[]}");
    }

    @Test
    void tenMinutesAreKept() {
        for (int second = 0; second < 700; second++) {
            add(second, second, gpu(300, null));
        }
        JsonObject json = json(0);
        JsonArray times = json.getAsJsonArray("unix_millis");
        assertThat(times).hasSize(History.MAX_POINTS);
        assertThat(times.get(0).getAsLong()).isEqualTo(100_000);
        assertThat(times.get(599).getAsLong()).isEqualTo(699_000);
        assertThat(json.getAsJsonArray("total_watts").get(599).getAsDouble()).isEqualTo(699);
        assertThat(column(json, 0, "power_watts").get(0).getAsDouble()).isEqualTo(300);
        assertThat(column(json, 0, "utilization_percent").get(0).getAsDouble()).isEqualTo(50);
        assertThat(column(json, 0, "memory_used_mb").get(0).isJsonNull()).isTrue();
    }

    @Test
    void whoKnowsTheFirstSecondsGetsTheOthers() {
        for (int second = 1; second <= 5; second++) {
            add(second, 10 * second, gpu(10 * second, second == 2 || second == 5 ? LOST : null));
        }
        JsonObject json = json(3000);
        assertThat(json.getAsJsonArray("unix_millis").toString()).isEqualTo("[4000,5000]");
        assertThat(column(json, 0, "power_watts").toString()).isEqualTo("[40.0,50.0]");
        assertThat(gaps(json, 0)).hasSize(1);
        assertThat(json(5000).getAsJsonArray("unix_millis")).isEmpty();
    }

    @Test
    void aDeviceThatComesLaterHasNoPowerBefore() {
        add(1, 300, gpu(300, null));
        add(2, 380, gpu(300, null), cpu(80));
        assertThat(column(json(0), 0, "power_watts").toString()).isEqualTo("[300.0,300.0]");
        assertThat(column(json(0), 1, "power_watts").toString()).isEqualTo("[null,80.0]");
    }

    @Test
    void gapsAreToldWithTheirReasons() {
        add(1, 380, gpu(300, null), cpu(80));
        add(2, -1, gpu(-1, LOST), cpu(80));
        add(3, -1, gpu(-1, LOST), cpu(80));
        add(4, -1, gpu(-1, "asleep"), cpu(80));
        JsonObject json = json(0);
        assertThat(json.getAsJsonArray("total_watts").toString()).isEqualTo("[380.0,null,null,null]");
        assertThat(column(json, 0, "power_watts").toString()).isEqualTo("[300.0,null,null,null]");
        assertThat(gaps(json, 0)).hasSize(2);
        JsonObject lost = gaps(json, 0).get(0).getAsJsonObject();
        assertThat(lost.get("first_unix_millis").getAsLong()).isEqualTo(2000);
        assertThat(lost.get("last_unix_millis").getAsLong()).isEqualTo(3000);
        assertThat(lost.get("reason").getAsString()).isEqualTo(LOST);
        assertThat(gaps(json, 1)).isEmpty();
        assertThat(json.getAsJsonArray("total_gaps").get(0).getAsJsonObject().get("reason").getAsString())
                .isEqualTo("nvidia 0: " + LOST);
    }

    private static PowerSecond.Device gpu(double watts, String problem) {
        return new PowerSecond.Device("nvidia", 0, "GPU-1", watts, problem, 50, -1);
    }

    private static PowerSecond.Device cpu(double watts) {
        return new PowerSecond.Device("rapl", 0, "package-0", watts, null, -1, -1);
    }

    private void add(int second, double totalWatts, PowerSecond.Device... devices) {
        String problem = Arrays.stream(devices).map(PowerSecond.Device::problem).filter(Objects::nonNull).findFirst()
                .map(why -> "nvidia 0: " + why).orElse(null);
        history.add(new PowerSecond((second - 1) * 1_000_000_000L, second * 1_000_000_000L, totalWatts, problem,
                List.of(devices)));
    }

    private JsonObject json(long afterUnixMillis) {
        return JsonParser.parseString(history.json(List.of(GPU, CPU), afterUnixMillis)).getAsJsonObject();
    }

    private static JsonArray column(JsonObject json, int device, String name) {
        return json.getAsJsonArray("devices").get(device).getAsJsonObject().getAsJsonArray(name);
    }

    private static JsonArray gaps(JsonObject json, int device) {
        return column(json, device, "gaps");
    }
}
