package telemetry.wire;

import collectors.DeviceSample;
import energy.DeviceReading;
import energy.GpuInfo;
import energy.SystemInfo;
import energy.TelemetryReading;
import java.util.Locale;

/**
 * Writes a reading as JSON, on one line: the fields have their names and order in energy.proto, a number that is
 * unavailable is null. What stands from number 100 on is there when the reading has it.
 */
public final class ReadingJson {

    private static final String SOURCE_PREFIX = "ENERGY_SOURCE_";
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder out = new StringBuilder(1024);

    private ReadingJson() {
    }

    /** One object, without a line end. */
    public static String json(TelemetryReading reading) {
        ReadingJson json = new ReadingJson();
        json.out.append('{');
        json.write(reading);
        return json.out.toString();
    }

    /** The same, with a first field "host": the machine that the reading comes from. */
    public static String json(String host, TelemetryReading reading) {
        ReadingJson json = new ReadingJson();
        json.out.append('{');
        json.text("host", host);
        json.write(reading);
        return json.out.toString();
    }

    private void write(TelemetryReading reading) {
        number("power_watts", reading.getPowerWatts());
        number("energy_joules", reading.getEnergyJoules());
        number("temperature_celsius", reading.getTemperatureCelsius());
        number("gpu_memory_usage_mb", reading.getGpuMemoryUsageMb());
        number("cpu_memory_usage_mb", reading.getCpuMemoryUsageMb());
        text("platform", reading.getPlatform());
        integer("timestamp_nanos", reading.getTimestampNanos());
        write(reading.getSystemInfo());
        write(reading.getGpuInfo());
        number("cpu_power_watts", reading.getCpuPowerWatts());
        number("cpu_energy_joules", reading.getCpuEnergyJoules());
        number("ane_power_watts", reading.getAnePowerWatts());
        number("ane_energy_joules", reading.getAneEnergyJoules());
        number("gpu_compute_utilization_pct", reading.getGpuComputeUtilizationPct());
        number("gpu_memory_bandwidth_utilization_pct", reading.getGpuMemoryBandwidthUtilizationPct());
        number("gpu_tensor_core_utilization_pct", reading.getGpuTensorCoreUtilizationPct());
        number("gpu_memory_total_mb", reading.getGpuMemoryTotalMb());
        if (reading.getSequence() != 0) {
            name("devices").append('[');
            for (DeviceReading device : reading.getDevicesList()) {
                write(device);
            }
            out.append(']');
            integer("sequence", reading.getSequence());
            number("interval_ms", reading.getIntervalMs());
            number("sweep_ms", reading.getSweepMs());
            integer("dropped_readings", reading.getDroppedReadings());
        }
        out.append('}');
    }

    private void write(SystemInfo system) {
        name("system_info").append('{');
        text("os_name", system.getOsName());
        text("os_version", system.getOsVersion());
        text("kernel_version", system.getKernelVersion());
        text("host_name", system.getHostName());
        integer("cpu_count", Integer.toUnsignedLong(system.getCpuCount()));
        text("cpu_brand", system.getCpuBrand());
        out.append('}');
    }

    private void write(GpuInfo gpu) {
        name("gpu_info").append('{');
        text("name", gpu.getName());
        text("vendor", gpu.getVendor());
        integer("device_id", gpu.getDeviceId());
        text("device_type", gpu.getDeviceType());
        text("backend", gpu.getBackend());
        out.append('}');
    }

    private void write(DeviceReading device) {
        separate();
        out.append('{');
        text("id", device.getId());
        integer("index", Integer.toUnsignedLong(device.getIndex()));
        text("kind", device.getKind());
        text("name", device.getName());
        text("platform", device.getPlatform());
        number("power_watts", device.getPowerWatts());
        number("energy_joules", device.getEnergyJoules());
        number("temperature_celsius", device.getTemperatureCelsius());
        number("memory_used_mb", device.getMemoryUsedMb());
        number("memory_total_mb", device.getMemoryTotalMb());
        number("utilization_percent", device.getUtilizationPercent());
        number("power_limit_watts", device.getPowerLimitWatts());
        text("energy_source", device.getEnergySource().name().replace(SOURCE_PREFIX, "").toLowerCase(Locale.ROOT));
        text("accounting", device.getAccounting());
        text("problem", device.getProblem());
        out.append('}');
    }

    private void number(String name, double value) {
        name(name);
        if (DeviceSample.isAvailable(value)) {
            out.append(value);
        } else {
            out.append("null");
        }
    }

    private void integer(String name, long value) {
        name(name).append(value);
    }

    private void text(String name, String value) {
        name(name).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private StringBuilder name(String name) {
        separate();
        return out.append('"').append(name).append("\":");
    }

    private void separate() {
        char last = out.charAt(out.length() - 1);
        if (last != '{' && last != '[') {
            out.append(',');
        }
    }
}
