package collectors.apple;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import collectors.Units;
import java.util.List;

/** What the GPU's driver says in the registry: the statistics of IOAccelerator, without privilege. */
final class GpuStatistics implements AutoCloseable {

    private static final String SERVICE = "IOAccelerator";

    private final CoreFoundation foundation;
    private final IoKit ioKit;
    private final long statisticsKey;
    private final long utilizationKey;
    private final long memoryKey;
    private final int service;

    /** Percent of time in which the GPU worked. */
    double utilizationPercent = UNAVAILABLE;
    /** MiB of the machine's memory that it uses now. */
    double memoryUsedMb = UNAVAILABLE;

    GpuStatistics(CoreFoundation foundation, IoKit ioKit) {
        this.foundation = foundation;
        this.ioKit = ioKit;
        statisticsKey = foundation.createString("PerformanceStatistics");
        utilizationKey = foundation.createString("Device Utilization %");
        memoryKey = foundation.createString("In use system memory");
        service = choose(ioKit.services(SERVICE));
    }

    /** The first that tells its utilization; the others are given back. */
    private int choose(List<Integer> services) {
        int chosen = 0;
        for (int candidate : services) {
            if (chosen == 0) {
                read(candidate);
                if (isAvailable(utilizationPercent)) {
                    chosen = candidate;
                    continue;
                }
            }
            ioKit.release(candidate);
        }
        return chosen;
    }

    /** Asks the driver. */
    void read() {
        if (service != 0) {
            read(service);
        }
    }

    private void read(int from) {
        utilizationPercent = UNAVAILABLE;
        memoryUsedMb = UNAVAILABLE;
        long statistics = ioKit.createProperty(from, statisticsKey);
        if (foundation.isDictionary(statistics)) {
            utilizationPercent = foundation.number(statistics, utilizationKey);
            double bytes = foundation.number(statistics, memoryKey);
            memoryUsedMb = isAvailable(bytes) ? bytes / Units.BYTES_PER_MIB : UNAVAILABLE;
        }
        foundation.release(statistics);
    }

    @Override
    public void close() {
        if (service != 0) {
            ioKit.release(service);
        }
        foundation.release(statisticsKey);
        foundation.release(utilizationKey);
        foundation.release(memoryKey);
    }
}
