package server.http;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import com.google.protobuf.InvalidProtocolBufferException;
import energy.DeviceReading;
import energy.ReadingDetails;
import energy.TelemetryReading;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import telemetry.wire.DetailsEncoder;
import telemetry.wire.Reading;
import telemetry.wire.ReadingJson;

/**
 * The last ten minutes, a point a second: what a page shows as soon as it is opened. Readings come from the thread that
 * publishes them, questions from any other. Some 200 bytes a point on a machine with eight GPUs.
 */
final class History {

    static final String PATH = "/history";
    static final int MAX_POINTS = 600;
    private static final long PERIOD_NANOS = 1_000_000_000L;

    /** What is kept of a device at each point. */
    private static final int VALUES = 3;

    private record Point(long unixMillis, float totalWatts, float[] values) {
    }

    private final Deque<Point> points = new ArrayDeque<>();
    /** By platform, index and id: the latest reading of each device, in the order of their columns. */
    private final Map<String, DeviceReading> devices = new LinkedHashMap<>();
    private long nextNanos;

    /** Keeps a reading, if it is time for the next point. */
    void take(Reading reading) {
        if (points.isEmpty() || reading.dueNanos() - nextNanos >= 0) {
            boolean onTime = !points.isEmpty() && reading.dueNanos() - nextNanos < PERIOD_NANOS;
            nextNanos = (onTime ? nextNanos : reading.dueNanos()) + PERIOD_NANOS;
            try {
                add(TelemetryReading.parseFrom(DetailsEncoder.append(reading, 0)));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("what was encoded here cannot be parsed", e);
            }
        }
    }

    private synchronized void add(TelemetryReading reading) {
        ReadingDetails details = reading.getDetails();
        for (DeviceReading device : details.getDevicesList()) {
            devices.put(key(device), device);
        }
        float[] values = new float[VALUES * devices.size()];
        Arrays.fill(values, (float) UNAVAILABLE);
        List<String> columns = List.copyOf(devices.keySet());
        for (DeviceReading device : details.getDevicesList()) {
            int at = VALUES * columns.indexOf(key(device));
            values[at] = (float) device.getPowerWatts();
            values[at + 1] = (float) device.getUtilizationPercent();
            values[at + 2] = (float) device.getMemoryUsedMb();
        }
        points.add(new Point(reading.getTimestampNanos() / 1_000_000, (float) details.getTotal().getPowerWatts(),
                values));
        if (points.size() > MAX_POINTS) {
            points.remove();
        }
    }

    /** Columns: times in Unix milliseconds, the total's watts, and each device as it is now with its three columns. */
    synchronized String json() {
        StringBuilder json = new StringBuilder(16 * points.size() * (2 + VALUES * devices.size()));
        json.append("{\"unix_millis\":[");
        points.forEach(point -> json.append(point.unixMillis).append(','));
        close(json).append(",\"total_watts\":[");
        points.forEach(point -> append(json, point.totalWatts));
        close(json).append(",\"devices\":[");
        int column = 0;
        for (DeviceReading device : devices.values()) {
            json.append("{\"device\":").append(ReadingJson.json(device));
            for (String name : new String[] {"power_watts", "utilization_percent", "memory_used_mb"}) {
                int at = column++;
                json.append(",\"").append(name).append("\":[");
                points.forEach(point -> append(json, at < point.values.length ? point.values[at] : UNAVAILABLE));
                close(json);
            }
            json.append("},");
        }
        return close(json).append('}').toString();
    }

    private static void append(StringBuilder json, double value) {
        if (isAvailable(value)) {
            json.append(Math.round(10 * value) / 10.0).append(',');
        } else {
            json.append("null,");
        }
    }

    /** Ends a list, whose last comma is one too many. */
    private static StringBuilder close(StringBuilder json) {
        if (json.charAt(json.length() - 1) == ',') {
            json.setLength(json.length() - 1);
        }
        return json.append(']');
    }

    private static String key(DeviceReading device) {
        return device.getPlatform() + " " + device.getIndex() + " " + device.getId();
    }
}
