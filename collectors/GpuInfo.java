package collectors;

import java.util.List;

/**
 * The GPUs of a collector, taken together, in the words that clients know.
 *
 * @param name       such as {@code "NVIDIA H200 x1"}
 * @param vendor     such as {@code "NVIDIA"}
 * @param deviceType such as {@code "GPU"}
 * @param backend    the interface they are read through, such as {@code "NVML"}
 */
public record GpuInfo(String name, String vendor, String deviceType, String backend) {

    /** No GPU: every field is empty. */
    public static final GpuInfo NONE = new GpuInfo("", "", "", "");

    /** GPUs of the given models: {@code "<model> x<n>"}, or {@code "<vendor> (<n> GPUs)"} for mixed ones. */
    public static GpuInfo of(List<String> models, String vendor, String backend) {
        if (models.isEmpty()) {
            return NONE;
        }
        String name = models.stream().distinct().count() == 1
                ? models.get(0) + " x" + models.size()
                : vendor + " (" + models.size() + " GPUs)";
        return new GpuInfo(name, vendor, "GPU", backend);
    }
}
