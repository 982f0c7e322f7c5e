package cli;

import energy.DeviceReading;
import energy.TelemetryReading;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A column of a recording that has a row for each device of a reading, and one before them for the total.
 *
 * @param name  as in energy.proto
 * @param value of a row; null where it is unavailable
 */
record RecordColumn(String name, Type type, Function<Row, Object> value) {

    /** What a column holds. */
    enum Type {
        /** A {@link Long}: nanoseconds of Unix time. */
        TIME,
        /** A {@link Long}. */
        INTEGER,
        /** A {@link Double}. */
        NUMBER,
        /** A {@link String}. */
        TEXT
    }

    /**
     * A row.
     *
     * @param device null for the total
     */
    record Row(String host, TelemetryReading reading, DeviceReading device) {
    }

    /** All of them, in order. */
    static final List<RecordColumn> ALL = List.of(
            new RecordColumn("timestamp", Type.TIME, row -> row.reading().getTimestampNanos()),
            new RecordColumn("host", Type.TEXT, Row::host),
            new RecordColumn("sequence", Type.INTEGER, row -> row.reading().getSequence()),
            text("platform", TelemetryReading::getPlatform, DeviceReading::getPlatform),
            text("kind", reading -> "total", DeviceReading::getKind),
            new RecordColumn("device_index", Type.INTEGER,
                    row -> row.device() == null ? null : Integer.toUnsignedLong(row.device().getIndex())),
            text("device_id", reading -> null, DeviceReading::getId),
            text("name", reading -> null, DeviceReading::getName),
            text("accounting", reading -> null, DeviceReading::getAccounting),
            number("power_watts", EnergyPart::totalWatts, DeviceReading::getPowerWatts),
            number("energy_joules", EnergyPart::totalJoules, DeviceReading::getEnergyJoules),
            text("energy_source", reading -> null, Figures::source),
            number("temperature_celsius", TelemetryReading::getTemperatureCelsius,
                    DeviceReading::getTemperatureCelsius),
            number("memory_used_mb", TelemetryReading::getGpuMemoryUsageMb, DeviceReading::getMemoryUsedMb),
            number("memory_total_mb", TelemetryReading::getGpuMemoryTotalMb, DeviceReading::getMemoryTotalMb),
            number("utilization_percent", TelemetryReading::getGpuComputeUtilizationPct,
                    DeviceReading::getUtilizationPercent),
            number("power_limit_watts", reading -> -1, DeviceReading::getPowerLimitWatts));

    private static RecordColumn text(String name, Function<TelemetryReading, String> total,
                                     Function<DeviceReading, String> device) {
        return new RecordColumn(name, Type.TEXT,
                row -> row.device() == null ? total.apply(row.reading()) : device.apply(row.device()));
    }

    private static RecordColumn number(String name, ToDoubleFunction<TelemetryReading> total,
                                       ToDoubleFunction<DeviceReading> device) {
        return new RecordColumn(name, Type.NUMBER, row -> Figures.orNull(
                row.device() == null ? total.applyAsDouble(row.reading()) : device.applyAsDouble(row.device())));
    }
}
