package collectors.gpu.nvml;

import static collectors.DeviceSample.UNAVAILABLE;

/** What works inside one GPU: always between its latest two samples. */
final class NvmlActivity {

    /** A mean over a longer time tells nothing of now. */
    private static final long MAX_SPAN_NANOS = 10_000_000_000L;

    private final NvmlGpm gpm;
    private long older;
    private long newer;
    private boolean hasSample;
    private long takenNanos;
    private double smPercent = UNAVAILABLE;
    private double tensorPercent = UNAVAILABLE;
    private double dramPercent = UNAVAILABLE;

    NvmlActivity(NvmlGpm gpm) {
        this.gpm = gpm;
        older = gpm.allocate();
        newer = gpm.allocate();
    }

    /** Takes a sample and forgets it: some GPUs claim support and refuse then. */
    int tryOut(long device) {
        return older == 0 || newer == 0 ? Nvml.UNKNOWN : gpm.take(device, newer);
    }

    /**
     * Takes a sample, and compares it with the one before. The percentages are unavailable while there is none.
     *
     * @param nowNanos {@link System#nanoTime}
     */
    int update(long device, long nowNanos) {
        smPercent = UNAVAILABLE;
        tensorPercent = UNAVAILABLE;
        dramPercent = UNAVAILABLE;
        int code = gpm.take(device, older);
        if (code != Nvml.SUCCESS) {
            hasSample = false;
            return code;
        }
        long taken = older;
        older = newer;
        newer = taken;
        boolean isPair = hasSample && nowNanos - takenNanos <= MAX_SPAN_NANOS;
        hasSample = true;
        takenNanos = nowNanos;
        if (isPair) {
            code = gpm.compare(older, newer);
            if (code == Nvml.SUCCESS) {
                smPercent = gpm.percent(NvmlGpm.SM_UTIL);
                tensorPercent = gpm.percent(NvmlGpm.ANY_TENSOR_UTIL);
                dramPercent = gpm.percent(NvmlGpm.DRAM_BW_UTIL);
            }
        }
        return code;
    }

    double smPercent() {
        return smPercent;
    }

    double tensorPercent() {
        return tensorPercent;
    }

    double dramPercent() {
        return dramPercent;
    }

    void close() {
        if (older != 0) {
            gpm.free(older);
        }
        if (newer != 0) {
            gpm.free(newer);
        }
    }
}
