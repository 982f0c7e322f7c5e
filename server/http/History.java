package server.http;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import com.google.gson.JsonPrimitive;
import energy.DeviceReading;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import telemetry.sampling.PowerSecond;
import telemetry.wire.ReadingJson;

/**
 * The last ten minutes, a point a second, each the mean of its second: what a page shows as soon as it is opened, and
 * then adds to. Points come from the thread that makes readings, questions from any other. Some 200 bytes a point on a
 * machine with eight GPUs.
 */
final class History {

    static final String PATH = "/history";
    static final int MAX_POINTS = 600;

    /** What is kept of a device at each point, as the JSON names it. */
    private static final String[] VALUES = {"power_watts", "utilization_percent", "memory_used_mb"};

    /** Values and problems by the devices' columns; no problems where there are none. */
    private record Point(long unixMillis, float totalWatts, String totalProblem, float[] values, String[] problems) {

        double value(int device, int value) {
            int at = VALUES.length * device + value;
            return at < values.length ? values[at] : UNAVAILABLE;
        }

        /** Why the power of a device is unavailable; null when it is not, or the device was not known yet. */
        String problem(int device) {
            return problems == null || device >= problems.length ? null : problems[device];
        }
    }

    private final List<Point> points = new ArrayList<>();
    /** By platform, index and id: the column of each device. */
    private final Map<String, Integer> columns = new LinkedHashMap<>();
    private long periodMillis = 1000;

    /** Keeps a second. */
    synchronized void add(PowerSecond second) {
        for (PowerSecond.Device device : second.devices()) {
            columns.putIfAbsent(key(device.platform(), device.index(), device.id()), columns.size());
        }
        periodMillis = (second.endUnixNanos() - second.beginUnixNanos()) / 1_000_000;
        float[] values = new float[VALUES.length * columns.size()];
        Arrays.fill(values, (float) UNAVAILABLE);
        String[] problems = null;
        for (PowerSecond.Device device : second.devices()) {
            int column = columns.get(key(device.platform(), device.index(), device.id()));
            values[VALUES.length * column] = (float) device.watts();
            values[VALUES.length * column + 1] = (float) device.utilizationPercent();
            values[VALUES.length * column + 2] = (float) device.memoryUsedMb();
            if (device.problem() != null) {
                problems = problems == null ? new String[columns.size()] : problems;
                problems[column] = device.problem();
            }
        }
        if (points.size() == MAX_POINTS) {
            points.remove(0);
        }
        points.add(new Point(second.endUnixNanos() / 1_000_000, (float) second.totalWatts(), second.problem(), values,
                problems));
    }

    /**
     * Columns: when each second ended in Unix milliseconds, the total's watts, and each device as it is now with its
     * three columns. Beside every column of watts stands when and why it has gaps.
     *
     * @param devices         as they are now
     * @param afterUnixMillis only seconds that ended later; 0 for all
     */
    synchronized String json(List<DeviceReading> devices, long afterUnixMillis) {
        int first = points.size();
        while (first > 0 && points.get(first - 1).unixMillis > afterUnixMillis) {
            first--;
        }
        List<Point> shown = points.subList(first, points.size());
        StringBuilder json = new StringBuilder(16 * shown.size() * (2 + VALUES.length * columns.size()) + 1024);
        json.append("{\"period_millis\":").append(periodMillis).append(",\"unix_millis\":[");
        shown.forEach(point -> json.append(point.unixMillis).append(','));
        close(json).append(",\"total_watts\":[");
        shown.forEach(point -> append(json, point.totalWatts));
        close(json).append(",\"total_gaps\":");
        appendGaps(json, shown, -1);
        json.append(",\"devices\":[");
        for (DeviceReading device : devices) {
            Integer column = columns.get(key(device.getPlatform(), device.getIndex(), device.getId()));
            if (column != null) {
                appendDevice(json, device, shown, column);
            }
        }
        return close(json).append('}').toString();
    }

    private static void appendDevice(StringBuilder json, DeviceReading device, List<Point> shown, int column) {
        json.append("{\"device\":").append(ReadingJson.json(device));
        for (int i = 0; i < VALUES.length; i++) {
            int value = i;
            json.append(",\"").append(VALUES[i]).append("\":[");
            shown.forEach(point -> append(json, point.value(column, value)));
            close(json);
        }
        json.append(",\"gaps\":");
        appendGaps(json, shown, column);
        json.append("},");
    }

    /** Runs of points without watts for one reason: the first and the last point's time, and the reason. */
    private static void appendGaps(StringBuilder json, List<Point> shown, int column) {
        json.append('[');
        for (int i = 0; i < shown.size(); i++) {
            String reason = reason(shown.get(i), column);
            if (reason != null) {
                int begin = i;
                while (i + 1 < shown.size() && reason.equals(reason(shown.get(i + 1), column))) {
                    i++;
                }
                json.append("{\"first_unix_millis\":").append(shown.get(begin).unixMillis)
                        .append(",\"last_unix_millis\":").append(shown.get(i).unixMillis)
                        .append(",\"reason\":").append(new JsonPrimitive(reason)).append("},");
            }
        }
        close(json);
    }

    private static String reason(Point point, int column) {
        return column < 0 ? point.totalProblem : point.problem(column);
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

    private static String key(String platform, int index, String id) {
        return platform + " " + index + " " + id;
    }
}
