package cli.record;

import cli.options.Version;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import energy.GpuInfo;
import energy.SystemInfo;
import energy.TelemetryReading;
import java.util.LinkedHashMap;
import java.util.Map;
import telemetry.wire.ReadingJson;

/** The machines that a file's readings come from, with what would be the same in every reading. */
final class RecordedHosts {

    private record Description(String platform, SystemInfo system, GpuInfo gpu) {
    }

    private final Map<String, Description> hosts = new LinkedHashMap<>();

    /** Remembers the machine of a reading; returns whether it is new, or has changed. */
    boolean add(String host, TelemetryReading reading) {
        Description description =
                new Description(reading.getPlatform(), reading.getSystemInfo(), reading.getGpuInfo());
        return !description.equals(hosts.put(host, description));
    }

    /** One machine as JSON. */
    JsonObject json(String host) {
        Description description = hosts.get(host);
        JsonObject json = new JsonObject();
        json.addProperty("type", "host");
        json.addProperty("host", host);
        json.addProperty("platform", description.platform);
        json.add("system_info", JsonParser.parseString(ReadingJson.json(description.system)));
        json.add("gpu_info", JsonParser.parseString(ReadingJson.json(description.gpu)));
        json.addProperty("recorder_version", Version.NUMBER);
        return json;
    }

    /** All machines as a JSON array. */
    String json() {
        JsonArray array = new JsonArray();
        hosts.keySet().forEach(host -> array.add(json(host)));
        return array.toString();
    }
}
