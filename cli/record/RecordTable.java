package cli.record;

import cli.options.Figures;
import collectors.DeviceSample;
import energy.DeviceReading;
import energy.EnergySource;
import energy.TelemetryReading;
import java.util.List;

/**
 * Readings as rows of a table: one for every device, and before them one of the kind "total" with the machine's watts
 * and joules as the monitor adds them up, and the primary devices' mean temperature and memory.
 */
final class RecordTable {

    /** The kind of the row with all that is measured, nothing counted twice. */
    private static final String TOTAL = "total";
    /** The kind of the row that replaces it when the monitor is too old for a total: the primary devices alone. */
    private static final String PRIMARY = "primary";

    /** The columns in order. Watts, joules, degrees Celsius, MiB and percent, as in the names. */
    static final List<Column> COLUMNS = List.of(
            new Column("timestamp", Type.TIME),
            new Column("host", Type.TEXT),
            new Column("sequence", Type.INTEGER),
            new Column("device_id", Type.TEXT),
            new Column("index", Type.INTEGER),
            new Column("kind", Type.TEXT),
            new Column("name", Type.TEXT),
            new Column("platform", Type.TEXT),
            new Column("power_watts", Type.NUMBER),
            new Column("energy_joules", Type.NUMBER),
            new Column("temperature_celsius", Type.NUMBER),
            new Column("memory_used_mb", Type.NUMBER),
            new Column("memory_total_mb", Type.NUMBER),
            new Column("utilization_percent", Type.NUMBER),
            new Column("power_limit_watts", Type.NUMBER),
            new Column("energy_source", Type.TEXT),
            new Column("accounting", Type.TEXT),
            new Column("sm_activity_percent", Type.NUMBER),
            new Column("tensor_activity_percent", Type.NUMBER),
            new Column("dram_activity_percent", Type.NUMBER));

    private RecordTable() {
    }

    enum Type { TIME, INTEGER, NUMBER, TEXT }

    record Column(String name, Type type) {
    }

    /** Takes the cells of a row one by one, in the order of the columns. */
    interface Cells {

        /** Nanoseconds of Unix time. */
        void time(long unixNanos);

        void integer(long value);

        void number(double value);

        void text(String value);

        /** A cell with nothing in it. */
        void none();

        void endRow();
    }

    /** Writes the rows of one reading. */
    static void write(String host, TelemetryReading reading, Cells cells) {
        boolean hasTotal = reading.getDetails().hasTotal();
        begin(host, reading, cells);
        cells.none();
        cells.none();
        cells.text(hasTotal ? TOTAL : PRIMARY);
        cells.none();
        text(cells, reading.getPlatform());
        number(cells, hasTotal ? reading.getDetails().getTotal().getPowerWatts() : reading.getPowerWatts());
        number(cells, hasTotal ? reading.getDetails().getTotal().getEnergyJoules() : reading.getEnergyJoules());
        number(cells, reading.getTemperatureCelsius());
        number(cells, reading.getGpuMemoryUsageMb());
        for (int i = 0; i < 8; i++) { // the rest is a device's alone
            cells.none();
        }
        cells.endRow();
        for (DeviceReading device : reading.getDetails().getDevicesList()) {
            begin(host, reading, cells);
            write(device, cells);
            cells.endRow();
        }
    }

    private static void begin(String host, TelemetryReading reading, Cells cells) {
        cells.time(reading.getTimestampNanos());
        text(cells, host);
        if (reading.getDetails().getSequence() == 0) { // a server that knows no sequence
            cells.none();
        } else {
            cells.integer(reading.getDetails().getSequence());
        }
    }

    private static void write(DeviceReading device, Cells cells) {
        text(cells, device.getId());
        cells.integer(Integer.toUnsignedLong(device.getIndex()));
        text(cells, device.getKind());
        text(cells, device.getName());
        text(cells, device.getPlatform());
        number(cells, device.getPowerWatts());
        number(cells, device.getEnergyJoules());
        number(cells, device.getTemperatureCelsius());
        number(cells, device.getMemoryUsedMb());
        number(cells, device.getMemoryTotalMb());
        number(cells, device.getUtilizationPercent());
        number(cells, device.getPowerLimitWatts());
        boolean energy = device.getEnergySource() != EnergySource.ENERGY_SOURCE_UNAVAILABLE;
        text(cells, energy ? Figures.source(device) : "");
        text(cells, device.getAccounting());
        number(cells, device.getSmActivityPercent());
        number(cells, device.getTensorActivityPercent());
        number(cells, device.getDramActivityPercent());
    }

    private static void number(Cells cells, double value) {
        if (DeviceSample.isAvailable(value)) {
            cells.number(value);
        } else {
            cells.none();
        }
    }

    private static void text(Cells cells, String value) {
        if (value.isEmpty()) {
            cells.none();
        } else {
            cells.text(value);
        }
    }
}
