package collectors.replay.file;

import collectors.Accounting;
import collectors.DeviceKind;
import collectors.DeviceSample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Puts the rows of a table together to readings: a row of the whole machine, and behind it one for each device. */
abstract class TableReader implements RecordingReader {

    /** What is known of the hosts, by name. */
    final Map<String, RecordedHost> hosts = new HashMap<>();
    /** What {@link #damage} tells. */
    String damage;

    private static final String TOTAL = "total";
    /** What a monitor too old for a total has instead. */
    private static final String PRIMARY = "primary";
    private static final String IN_TOTAL = "in_total";

    private boolean begun;
    private boolean more;

    /** Goes to the next row; false when there is none. */
    abstract boolean advance() throws IOException;

    /** A cell of the row; empty when there is nothing in it, or no such column. */
    abstract String text(String column);

    /** A cell of the row; unavailable when there is nothing in it, or no such column. */
    abstract double number(String column);

    /** The row's time, Unix time in nanoseconds. */
    abstract long unixNanos();

    @Override
    public final RecordedReading next() throws IOException {
        if (!begun) {
            begun = true;
            more = advance();
        }
        while (more && !isFirstRow()) {
            more = advance();
        }
        if (!more) {
            return null;
        }
        long unixNanos = unixNanos();
        RecordedHost host = host(text("host"));
        String platform = text("platform");
        double memory = number("host_memory_used_mb");
        List<RecordedDevice> devices = new ArrayList<>();
        more = advance();
        while (more && !isFirstRow()) {
            devices.add(device());
            more = advance();
        }
        // Where the file is cut, rows of its last reading may be missing.
        return !more && damage() != null ? null : new RecordedReading(unixNanos, host, platform, memory, devices);
    }

    private boolean isFirstRow() {
        String kind = text("kind");
        return kind.equals(TOTAL) || kind.equals(PRIMARY);
    }

    private RecordedDevice device() {
        String problem = text("problem");
        double inTotal = number(IN_TOTAL);
        return new RecordedDevice(text("device_id"), (int) number("index"), kind(text("kind")), text("name"),
                text("platform"), accounting(text("accounting")), energy(text("energy_source")),
                number("power_watts"), number("energy_joules"), number("temperature_celsius"),
                number("memory_used_mb"), number("memory_total_mb"), number("utilization_percent"),
                number("memory_utilization_percent"), number("sm_activity_percent"),
                number("tensor_activity_percent"), number("dram_activity_percent"), number("power_limit_watts"),
                DeviceSample.isAvailable(inTotal) ? inTotal > 0 : null, problem.equals(DeviceSample.ASLEEP), problem);
    }

    /** A kind by its name on the wire; a monitor newer than this one may have others. */
    static DeviceKind kind(String name) {
        for (DeviceKind kind : DeviceKind.values()) {
            if (kind.name().equals(name.toUpperCase(Locale.ROOT))) {
                return kind;
            }
        }
        return DeviceKind.OTHER;
    }

    static Accounting accounting(String name) {
        return switch (name) {
            case "added" -> Accounting.ADDED;
            case "contained" -> Accounting.CONTAINED;
            default -> Accounting.BESIDE;
        };
    }

    static RecordedDevice.Energy energy(String name) {
        return switch (name) {
            case "counter" -> RecordedDevice.Energy.COUNTER;
            case "integrated" -> RecordedDevice.Energy.INTEGRATED;
            default -> RecordedDevice.Energy.UNAVAILABLE;
        };
    }

    private RecordedHost host(String name) {
        return hosts.computeIfAbsent(name, unknown -> new RecordedHost(unknown, null, null));
    }

    @Override
    public String damage() {
        return damage;
    }
}
