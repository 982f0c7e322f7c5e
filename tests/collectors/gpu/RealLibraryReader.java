package collectors.gpu;

import collectors.CollectorUnavailableException;
import collectors.DeviceSample;
import collectors.gpu.nvml.Nvml;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a vendor's library says through its collector, in a process of its own, as it may end that. Arguments: nvml, rocm
 * or amd, the library (or a ROCm SMI to use first, a colon, and the library), and gpu_metrics tables that are made anew before all sweeps but the third.
 */
final class RealLibraryReader {

    private static final int SWEEPS = 4;
    private static final long SECOND = 1_000_000_000L;

    private RealLibraryReader() {
    }

    public static void main(String... arguments) throws Exception {
        List<String> library = List.of(arguments[1].replaceFirst(".*:", ""));
        if (arguments[1].contains(":")) { // another library that is loaded and used before
            new GpuCollector(RocmSmi.load(List.of(arguments[1].replaceFirst(":.*", "")), Path.of("/sys")),
                    FakeNvml.ALL).close();
        }
        writeMetrics(arguments, 0);
        try (GpuCollector collector = new GpuCollector(switch (arguments[0]) {
            case "nvml" -> new NvmlSource(Nvml.load(library), Path.of("/sys"), Path.of("/proc"), false);
            case "rocm" -> RocmSmi.load(library, Path.of("/sys"));
            default -> AmdSmi.load(library, Path.of("/sys"));
        }, FakeNvml.ALL)) {
            System.out.println(collector.source() + ": " + collector.gpuInfo().name());
            for (int sweep = 1; sweep <= SWEEPS; sweep++) {
                if (sweep != 3) {
                    writeMetrics(arguments, sweep);
                }
                for (DeviceSample sample : collector.collect(sweep * 10 * SECOND)) {
                    System.out.printf(Locale.ROOT, "%d %s %s: %.3f W, %.3f J, %.1f C, %.0f of %.0f MiB, %.0f %%, "
                                    + "limit %.0f W, averaging %.0f s, %s%n", sweep, sample.id, sample.name,
                            sample.powerWatts, sample.energyCounterJoules, sample.temperatureCelsius,
                            sample.memoryUsedMb, sample.memoryTotalMb, sample.utilizationPercent,
                            sample.powerLimitWatts, sample.powerAveragingSeconds, sample.problem);
                }
            }
        } catch (CollectorUnavailableException e) {
            System.out.println("refused: " + e.getMessage());
        }
    }

    /** 65536 units are a joule: 1000 J and 100 more at each sweep. */
    private static void writeMetrics(String[] arguments, int sweep) throws Exception {
        for (int i = 2; i < arguments.length; i++) {
            Files.write(Path.of(arguments[i]),
                    AmdMachine.metrics(90, 65_536L * (1000 + 100 * sweep), SECOND * (sweep + 1)));
        }
    }
}
