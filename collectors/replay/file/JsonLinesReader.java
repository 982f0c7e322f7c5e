package collectors.replay.file;

import collectors.GpuInfo;
import collectors.host.HostInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** JSON Lines: an object for each machine, and one for each reading behind that of its machine. */
final class JsonLinesReader implements RecordingReader {

    private final TextInput text;
    private final Map<String, RecordedHost> hosts = new HashMap<>();
    private RecordedHost latestHost = new RecordedHost("", null, null);
    private String line;
    private long number = 1;
    private String damage;

    JsonLinesReader(Path file, TextInput text, String first) throws IOException {
        this.text = text;
        this.line = first;
        try {
            String type = Json.text(Json.object(first), "type");
            if (!type.equals("host") && !type.equals("reading")) {
                throw RecordingReader.notOurs(file, "its first line is no host and no reading");
            }
        } catch (IllegalArgumentException e) {
            throw RecordingReader.notOurs(file, "its first line is no JSON");
        }
    }

    @Override
    public RecordedReading next() throws IOException {
        while (line != null) {
            String current = line;
            RecordedReading reading;
            try {
                reading = take(Json.object(current));
            } catch (IllegalArgumentException e) {
                damage = "line " + number + " cannot be read";
                line = null;
                return null;
            }
            advance();
            if (reading != null) {
                return reading;
            }
        }
        return null;
    }

    private void advance() throws IOException {
        line = text.line();
        number++;
        if (line == null && text.isCut()) {
            damage = "it ends in the midst of line " + number;
        }
    }

    private RecordedReading take(Map<?, ?> object) {
        if (Json.text(object, "type").equals("host")) {
            latestHost = host(object);
            hosts.put(latestHost.name(), latestHost);
            return null;
        }
        if (!Json.text(object, "type").equals("reading") || !object.containsKey("timestamp_nanos")) {
            throw new IllegalArgumentException("neither a host nor a reading");
        }
        String name = Json.text(object, "host");
        RecordedHost host = name.isEmpty() ? latestHost
                : hosts.computeIfAbsent(name, unknown -> new RecordedHost(unknown, null, null));
        return new RecordedReading(Json.integer(object, "timestamp_nanos"), host, Json.text(object, "platform"),
                Json.number(object, "cpu_memory_usage_mb"),
                Json.objects(object, "devices").stream().map(JsonLinesReader::device).toList());
    }

    /** A machine, as every format but CSV describes it. */
    static RecordedHost host(Map<?, ?> object) {
        Map<?, ?> system = Json.object(object, "system_info");
        Map<?, ?> gpu = Json.object(object, "gpu_info");
        return new RecordedHost(Json.text(object, "host"),
                new HostInfo(Json.text(system, "os_name"), Json.text(system, "os_version"),
                        Json.text(system, "kernel_version"), Json.text(system, "host_name"),
                        (int) Json.integer(system, "cpu_count"), Json.text(system, "cpu_brand")),
                new GpuInfo(Json.text(gpu, "name"), Json.text(gpu, "vendor"), Json.integer(gpu, "device_id"),
                        Json.text(gpu, "device_type"), Json.text(gpu, "backend")));
    }

    private static RecordedDevice device(Map<?, ?> device) {
        double power = Json.number(device, "power_watts");
        return new RecordedDevice(Json.text(device, "id"), (int) Json.integer(device, "index"),
                TableReader.kind(Json.text(device, "kind")), Json.text(device, "name"),
                Json.text(device, "platform"), TableReader.accounting(Json.text(device, "accounting")),
                TableReader.energy(Json.text(device, "energy_source")), power, Json.number(device, "energy_joules"),
                Json.number(device, "temperature_celsius"), Json.number(device, "memory_used_mb"),
                Json.number(device, "memory_total_mb"), Json.number(device, "utilization_percent"),
                Json.number(device, "memory_utilization_percent"), Json.number(device, "sm_activity_percent"),
                Json.number(device, "tensor_activity_percent"), Json.number(device, "dram_activity_percent"),
                Json.number(device, "power_limit_watts"),
                device.get("in_total") instanceof Boolean inTotal ? inTotal : null,
                Boolean.TRUE.equals(device.get("asleep")), Json.text(device, "problem"));
    }

    @Override
    public String damage() {
        return damage;
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
