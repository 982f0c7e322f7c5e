package cli.record;

import cli.options.UserError;
import energy.DeviceReading;
import energy.EnergySource;
import energy.GpuInfo;
import energy.ReadingDetails;
import energy.SystemInfo;
import energy.TelemetryReading;
import energy.TotalReading;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Readings to be recorded, each with its number in every value; as a program, records them until it is killed. */
final class RecordedReadings {

    static final String HOST = "node-ü,\"1\"";
    static final String NAME = "=Größe, \"GPU\"\nβ 1";
    static final long FIRST_NANOS = 1_700_000_000_123_456_789L;
    static final long STEP_NANOS = 50_000_001;

    private RecordedReadings() {
    }

    /** Reading number n, from 1 on: a GPU with all values, and one with none. */
    static TelemetryReading reading(long n) {
        return TelemetryReading.newBuilder()
                .setPowerWatts(n + 0.1).setEnergyJoules(n / 3.0).setTemperatureCelsius(-1).setGpuMemoryUsageMb(n)
                .setCpuMemoryUsageMb(n + 0.5)
                .setPlatform("test")
                .setSystemInfo(SystemInfo.newBuilder().setHostName("node").setCpuCount(8))
                .setGpuInfo(GpuInfo.newBuilder().setName("GPU x1")).setTimestampNanos(FIRST_NANOS + n * STEP_NANOS)
                .setDetails(ReadingDetails.newBuilder().setSequence(n)
                .setTotal(TotalReading.newBuilder().setPowerWatts(n + 0.1).setEnergyJoules(n / 3.0))
                .addDevices(DeviceReading.newBuilder().setId("GPU-" + n % 3).setIndex(0).setKind("gpu").setName(NAME)
                        .setPlatform("test").setPowerWatts(n + 0.1).setEnergyJoules(n / 3.0)
                        .setTemperatureCelsius(40.5).setMemoryUsedMb(n).setMemoryTotalMb(8192)
                        .setUtilizationPercent(n % 101).setPowerLimitWatts(300).setSmActivityPercent(n % 100)
                        .setTensorActivityPercent(n % 99).setDramActivityPercent(0)
                        .setMemoryUtilizationPercent(n % 98).setInTotal(true)
                        .setEnergySource(EnergySource.ENERGY_SOURCE_COUNTER).setAccounting("added"))
                .addDevices(DeviceReading.newBuilder().setId("dram").setIndex(1).setKind("dram")
                        .setPlatform("test").setPowerWatts(-1).setEnergyJoules(-1).setTemperatureCelsius(-1)
                        .setMemoryUsedMb(-1).setMemoryTotalMb(-1).setUtilizationPercent(-1).setPowerLimitWatts(-1)
                        .setMemoryUtilizationPercent(-1).setProblem("asleep, \"deeply\"")
                        .setSmActivityPercent(-1).setTensorActivityPercent(-1).setDramActivityPercent(-1)
                        .setAccounting("beside")))
                .build();
    }

    /** Records to files at once, as quickly as it goes, Parquet with groups of so many bytes: those, and the files. */
    public static void main(String... arguments) {
        for (String path : List.of(arguments).subList(1, arguments.length)) {
            new Thread(() -> record(Path.of(path), Long.parseLong(arguments[0]))).start();
        }
    }

    private static void record(Path path, long groupBytes) {
        try (RecordFile file = path.toString().endsWith(".parquet")
                ? new ParquetFile(path, groupBytes) : RecordFile.create(path, true, false)) {
            for (long n = 1; ; n++) {
                file.append(HOST, reading(n));
                if (n == 1) {
                    System.out.println("records " + path);
                }
            }
        } catch (UserError | IOException e) {
            throw new IllegalStateException(path.toString(), e);
        }
    }
}
