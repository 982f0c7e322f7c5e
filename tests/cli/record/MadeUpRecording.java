package cli.record;

import energy.DeviceReading;
import energy.EnergySource;
import energy.GpuInfo;
import energy.ReadingDetails;
import energy.SystemInfo;
import energy.TelemetryReading;
import energy.TotalReading;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Readings of a machine whose power and joules are known in closed form: a GPU that counts its energy, one whose power
 * is integrated and that is lost for a while, and a CPU of another collector, which turns up some readings later.
 */
final class MadeUpRecording {

    static final long BEGIN_NANOS = 1_700_000_000_123_456_789L;
    static final long STEP_NANOS = 50_000_000;
    static final int READINGS = 200;
    /** Between these two readings nothing was recorded for so long. */
    static final int BEFORE_GAP = 120;
    static final long GAP_NANOS = 4_000_000_000L;

    private MadeUpRecording() {
    }

    /** The moment of reading n, from 0 on, since the first one. */
    static long nanos(int n) {
        return n * STEP_NANOS + (n * 7919 % 5) * 1_000_000L + (n > BEFORE_GAP ? GAP_NANOS : 0);
    }

    /** What the first GPU draws. */
    static double watts(int n) {
        return n % 20 < 10 ? 400 : 100 + n % 3;
    }

    /** What it has counted, each power from its reading on. */
    static double joules(int n) {
        double joules = 1000;
        for (int i = 0; i < n; i++) {
            joules += watts(i) * (nanos(i + 1) - nanos(i)) / 1e9;
        }
        return joules;
    }

    static boolean isLost(int n) {
        return n >= 60 && n < 80;
    }

    static List<TelemetryReading> readings() {
        List<TelemetryReading> readings = new ArrayList<>();
        for (int n = 0; n < READINGS; n++) {
            readings.add(reading(n, "node-ü"));
        }
        return readings;
    }

    static TelemetryReading reading(int n, String host) {
        ReadingDetails.Builder details = ReadingDetails.newBuilder().setSequence(n + 1)
                .setTotal(TotalReading.newBuilder().setPowerWatts(watts(n)).setEnergyJoules(joules(n)))
                .addDevices(device("GPU-0", 0, "nvidia").setPowerWatts(watts(n)).setEnergyJoules(joules(n))
                        .setMemoryUtilizationPercent(n % 50).setEnergySource(EnergySource.ENERGY_SOURCE_COUNTER));
        DeviceReading.Builder second = device("GPU-1", 1, "nvidia").setInTotal(false)
                .setEnergySource(EnergySource.ENERGY_SOURCE_INTEGRATED);
        details.addDevices(isLost(n)
                ? second.setPowerWatts(-1).setTemperatureCelsius(-1).setEnergyJoules(50).setProblem("lost, \"gone\"")
                : second.setPowerWatts(200).setEnergyJoules(n * 10));
        if (n >= 5) {
            details.addDevices(device("intel-rapl:0", 0, "rapl").setKind("cpu_package").setAccounting("beside")
                    .setPowerWatts(90).setEnergyJoules(nanos(n) * 90e-9)
                    .setEnergySource(EnergySource.ENERGY_SOURCE_COUNTER));
        }
        return TelemetryReading.newBuilder().setPlatform("nvidia").setTimestampNanos(BEGIN_NANOS + nanos(n))
                .setCpuMemoryUsageMb(1000 + n).setTemperatureCelsius(-1).setGpuMemoryUsageMb(2048)
                .setSystemInfo(SystemInfo.newBuilder().setOsName("Debian").setHostName(host).setCpuCount(64)
                        .setCpuBrand("EPYC"))
                .setGpuInfo(GpuInfo.newBuilder().setName("NVIDIA H100 x2").setVendor("NVIDIA").setDeviceType("GPU")
                        .setBackend("NVML"))
                .setDetails(details).build();
    }

    private static DeviceReading.Builder device(String id, int index, String platform) {
        return DeviceReading.newBuilder().setId(id).setIndex(index).setKind("gpu").setName("=NVIDIA, \"H100\"\nβ")
                .setPlatform(platform).setAccounting("added").setInTotal(true).setTemperatureCelsius(40.5)
                .setMemoryUsedMb(1024).setMemoryTotalMb(81920).setUtilizationPercent(55).setPowerLimitWatts(700)
                .setMemoryUtilizationPercent(-1);
    }

    /** Writes readings; the ending of the name says how. */
    static Path write(Path file, List<TelemetryReading> readings) throws Exception {
        try (RecordFile target = RecordFile.create(file, true, false)) {
            for (TelemetryReading reading : readings) {
                target.append("node-ü", reading);
            }
        }
        return file;
    }
}
