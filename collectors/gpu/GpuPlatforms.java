package collectors.gpu;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceSample;
import collectors.NoSuchDeviceException;
import collectors.TelemetryCollector;
import collectors.gpu.nvml.Nvml;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Opens the GPUs of each vendor, through the best of its sources that works here. */
public final class GpuPlatforms {

    private GpuPlatforms() {
    }

    private interface Opening {
        GpuCollector open() throws CollectorUnavailableException;
    }

    /**
     * NVIDIA's, through NVML.
     *
     * @throws CollectorUnavailableException when there is no driver or no GPU that it lets us see
     */
    public static TelemetryCollector openNvidia(CollectorContext context) throws CollectorUnavailableException {
        Nvml nvml = Nvml.load(Nvml.candidates(System.getProperty("os.name"), context.environment()));
        return new GpuCollector(new NvmlSource(nvml, context.sysfs(), context.procfs(), context.gpm()), context);
    }

    /**
     * AMD's, through the first of ROCm SMI, AMD SMI and the kernel's files that shows a GPU and gives power or energy.
     *
     * @throws CollectorUnavailableException when none does, with the reason of each
     */
    public static TelemetryCollector openAmd(CollectorContext context) throws CollectorUnavailableException {
        List<String> folders = AmdSource.installedReleases();
        List<Opening> openings = List.of(
                () -> measuring(RocmSmi.load(RocmSmi.candidates(context.environment(), folders), context.sysfs()),
                        context),
                () -> measuring(AmdSmi.load(AmdSmi.candidates(context.environment(), folders), context.sysfs()),
                        context),
                () -> openFiles(context));
        Set<String> reasons = new LinkedHashSet<>();
        for (Opening opening : openings) {
            try {
                return opening.open();
            } catch (NoSuchDeviceException e) {
                throw e;
            } catch (CollectorUnavailableException e) {
                reasons.add(e.getMessage());
            }
        }
        throw new CollectorUnavailableException(String.join("; ", reasons));
    }

    /** AMD's, through the kernel's files alone. */
    public static TelemetryCollector openAmdFiles(CollectorContext context) throws CollectorUnavailableException {
        return openFiles(context);
    }

    private static GpuCollector openFiles(CollectorContext context) throws CollectorUnavailableException {
        return new GpuCollector(new AmdSysfs(context.sysfs()), context);
    }

    /** A library may be there and answer nothing; what the kernel shows is better then. */
    private static GpuCollector measuring(GpuSource source, CollectorContext context)
            throws CollectorUnavailableException {
        GpuCollector collector = new GpuCollector(source, context);
        List<DeviceSample> samples = collector.collect();
        if (samples.stream().noneMatch(sample -> sample.hasPowerOrEnergy() || sample.asleep)) {
            collector.close();
            throw new CollectorUnavailableException(source.name() + " gives neither power nor energy ("
                    + samples.get(0).name + ": " + samples.get(0).problem + ")");
        }
        return collector;
    }
}
