package collectors.gpu.nvml;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.gpu.NativeSearch;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/**
 * What works inside a GPU: NVML's GPM, which Hopper and later have with drivers from 525 on. The library keeps counters
 * in a sample, and tells what was busy between two samples of the same GPU; nvml.h wants more than 100 ms between them.
 * No privilege is needed. The streaming that newer headers know is for root to set, and is left as it is.
 */
public final class NvmlGpm {

    /** {@code nvmlGpmMetricId_t}: the share of SMs that were busy, percent. */
    public static final int SM_UTIL = 2;
    /** {@code nvmlGpmMetricId_t}: the share of time in which tensor cores worked, on numbers of any kind, percent. */
    public static final int ANY_TENSOR_UTIL = 5;
    /** {@code nvmlGpmMetricId_t}: the share of the memory's bandwidth that was used, percent. */
    public static final int DRAM_BW_UTIL = 10;

    /** {@code nvmlGpmMetricsGet_t}, whose array of metrics grew from release to release under the same version. */
    public static final int METRICS_GET_VERSION = 1;
    public static final int SAMPLE_1_OFFSET = 8;
    public static final int SAMPLE_2_OFFSET = 16;
    public static final int METRICS_OFFSET = 24;
    /** Room for more metrics than any release has; the latest, 13.5, has 477. */
    public static final int METRICS_GET_BYTES = 64 * 1024;
    /** {@code nvmlGpmMetric_t}. */
    public static final int METRIC_BYTES = 40;
    public static final int METRIC_CODE_OFFSET = 4;
    public static final int METRIC_VALUE_OFFSET = 8;
    /** {@code nvmlGpmSupport_t}. */
    public static final int SUPPORT_VERSION = 1;
    public static final int SUPPORT_BYTES = 8;
    public static final int IS_SUPPORTED_OFFSET = 4;

    private static final int[] METRICS = {SM_UTIL, ANY_TENSOR_UTIL, DRAM_BW_UTIL};

    private static final class Natives {
        static native int nvmlGpmQueryDeviceSupport(long device, long support);

        static native int nvmlGpmSampleAlloc(long sample);

        static native int nvmlGpmSampleFree(long sample);

        static native int nvmlGpmSampleGet(long device, long sample);

        static native int nvmlGpmMetricsGet(long metrics);
    }

    private final Memory metrics = new Memory(METRICS_GET_BYTES);
    private final long metricsAddress = Pointer.nativeValue(metrics);
    private final Memory answer = new Memory(SUPPORT_BYTES);
    private final long answerAddress = Pointer.nativeValue(answer);

    private NvmlGpm() {
        metrics.clear();
    }

    /** Binds the functions, or gives null where the library lacks one. */
    static NvmlGpm bind(NativeLibrary library) {
        return NativeSearch.bind(Natives.class, library) ? new NvmlGpm() : null;
    }

    /** Whether the GPU has it: success, or the code that says why not. */
    int support(long device) {
        answer.setInt(0, SUPPORT_VERSION);
        answer.setInt(IS_SUPPORTED_OFFSET, 0);
        int code = Natives.nvmlGpmQueryDeviceSupport(device, answerAddress);
        return code == Nvml.SUCCESS && answer.getInt(IS_SUPPORTED_OFFSET) == 0 ? Nvml.NOT_SUPPORTED : code;
    }

    /** A sample's buffer, to be {@linkplain #free freed}; 0 when there is none to be had. */
    long allocate() {
        answer.setLong(0, 0);
        return Natives.nvmlGpmSampleAlloc(answerAddress) == Nvml.SUCCESS ? answer.getLong(0) : 0;
    }

    void free(long sample) {
        Natives.nvmlGpmSampleFree(sample);
    }

    /** Reads the counters into a sample. */
    int take(long device, long sample) {
        return Natives.nvmlGpmSampleGet(device, sample);
    }

    /** Computes the {@link #percent} of every metric between two samples of a GPU. */
    int compare(long older, long newer) {
        metrics.setInt(0, METRICS_GET_VERSION);
        metrics.setInt(4, METRICS.length);
        metrics.setLong(SAMPLE_1_OFFSET, older);
        metrics.setLong(SAMPLE_2_OFFSET, newer);
        for (int i = 0; i < METRICS.length; i++) {
            metrics.setInt(at(i), METRICS[i]);
            metrics.setInt(at(i) + METRIC_CODE_OFFSET, Nvml.NOT_SUPPORTED);
        }
        return Natives.nvmlGpmMetricsGet(metricsAddress);
    }

    /** One of the metrics, by the latest {@link #compare}; unavailable when it was not told. */
    double percent(int metric) {
        for (int i = 0; i < METRICS.length; i++) {
            if (METRICS[i] == metric && metrics.getInt(at(i) + METRIC_CODE_OFFSET) == Nvml.SUCCESS) {
                return metrics.getDouble(at(i) + METRIC_VALUE_OFFSET);
            }
        }
        return UNAVAILABLE;
    }

    private static long at(int metric) {
        return METRICS_OFFSET + (long) metric * METRIC_BYTES;
    }
}
