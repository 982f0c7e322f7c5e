package cli;

import energy.DeviceReading;
import energy.EnergySource;
import energy.TelemetryReading;
import java.nio.file.Path;

/** Records made-up readings as fast as it can, until it is killed or the number is reached that it was given. */
public final class RecordingLoop {

    private static final int ROWS_PER_GROUP = 20;

    private RecordingLoop() {
    }

    /** FILE [NUMBER]. */
    public static void main(String... arguments) throws Exception {
        Path path = Path.of(arguments[0]);
        long most = arguments.length > 1 ? Long.parseLong(arguments[1]) : Long.MAX_VALUE;
        try (RecordFile file = path.toString().endsWith(".parquet") ? new ParquetFile(path, ROWS_PER_GROUP)
                : RecordFile.create(path)) {
            System.out.println("recording");
            for (long i = 1; i <= most; i++) {
                file.append("böx, \"1\"", reading(i));
                file.flush();
            }
        }
    }

    /** Reading number i: i W of the first device, nothing of the second. */
    static TelemetryReading reading(long i) {
        return TelemetryReading.newBuilder().setPlatform("test").setTimestampNanos(1_000_000_000L * i + 7)
                .setSequence(i).setPowerWatts(i).setEnergyJoules(i / 3.0).setTemperatureCelsius(-1)
                .setGpuMemoryUsageMb(-1).setGpuMemoryTotalMb(-1).setGpuComputeUtilizationPct(-1)
                .setCpuPowerWatts(-1).setCpuEnergyJoules(-1).setAnePowerWatts(-1).setAneEnergyJoules(-1)
                .addDevices(DeviceReading.newBuilder().setId("=1").setIndex(0).setName("Grüße").setKind("gpu")
                        .setPlatform("test").setAccounting("added").setPowerWatts(i).setEnergyJoules(i / 3.0)
                        .setEnergySource(EnergySource.ENERGY_SOURCE_COUNTER).setTemperatureCelsius(40.5)
                        .setMemoryUsedMb(0).setMemoryTotalMb(-1).setUtilizationPercent(-1).setPowerLimitWatts(-1))
                .addDevices(DeviceReading.newBuilder().setId("b").setIndex(1).setName("B").setKind("gpu")
                        .setPlatform("test").setAccounting("contained").setPowerWatts(-1).setEnergyJoules(-1)
                        .setTemperatureCelsius(-1).setMemoryUsedMb(-1).setMemoryTotalMb(-1)
                        .setUtilizationPercent(-1).setPowerLimitWatts(-1))
                .build();
    }
}
