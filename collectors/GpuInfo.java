package collectors;

import java.util.List;

/**
 * The GPUs of a collector, taken together, in the words that clients know.
 *
 * @param name       such as {@code "NVIDIA H200 x1"}
 * @param vendor     such as {@code "NVIDIA"}
 * @param deviceId   the index of a GPU that is measured alone, as its vendor counts them; else 0
 * @param deviceType such as {@code "GPU"}
 * @param backend    the interface they are read through, such as {@code "NVML"}
 */
public record GpuInfo(String name, String vendor, long deviceId, String deviceType, String backend) {

    /** No GPU: every field is empty. */
    public static final GpuInfo NONE = new GpuInfo("", "", "", "");

    private static final String COUNTED_TYPE = "GPU";

    /** Several GPUs, or the first. */
    public GpuInfo(String name, String vendor, String deviceType, String backend) {
        this(name, vendor, 0, deviceType, backend);
    }

    /** The same with the index of the one that is measured. */
    public GpuInfo withDeviceId(long index) {
        return new GpuInfo(name, vendor, index, deviceType, backend);
    }

    /** GPUs of the given models: {@code "<model> x<n>"}, or {@code "<vendor> (<n> GPUs)"} for mixed ones. */
    public static GpuInfo of(List<String> models, String vendor, String backend) {
        if (models.isEmpty()) {
            return NONE;
        }
        String name = models.stream().distinct().count() == 1
                ? models.get(0) + " x" + models.size()
                : vendor + " (" + models.size() + " GPUs)";
        return new GpuInfo(name, vendor, COUNTED_TYPE, backend);
    }

    /**
     * The same of some of the GPUs only. What is one with its chip or module, such as Apple's, stays what it is.
     *
     * @param models their names
     * @param index  of the first, told if it is the only one
     */
    public GpuInfo of(List<String> models, long index) {
        if (models.isEmpty() || !deviceType.equals(COUNTED_TYPE)) {
            return models.isEmpty() ? NONE : this;
        }
        GpuInfo info = of(models, vendor, backend);
        return models.size() == 1 ? info.withDeviceId(index) : info;
    }
}
