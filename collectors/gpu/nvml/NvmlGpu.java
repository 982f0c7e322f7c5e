package collectors.gpu.nvml;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.Backoff;
import java.util.regex.Pattern;

/** A GPU at an index, from one nvmlInit to the next: who it is, and what is special about its sensors. */
public final class NvmlGpu {

    /** GA100, whose power is instantaneous although it is an Ampere (nvml.h, nvmlDeviceGetPowerUsage). */
    private static final Pattern GA100 = Pattern.compile("\\b(A100X?|A800|A30X?|CMP 170HX)\\b");
    /** Grace Hopper: its energy counter is the whole module's, and its GPU's power may be missing. */
    private static final Pattern GRACE_HOPPER = Pattern.compile("\\bGH200\\b");
    /** GPUs that share a module or a chip with a CPU. */
    private static final Pattern WITH_CPU = Pattern.compile("\\b(GH200|GB200|GB300|GB10|Thor)\\b");
    /** GPUs without memory of their own: NVML says that memory is not supported. */
    private static final Pattern UNIFIED_MEMORY = Pattern.compile("\\b(GB10|Thor)\\b");

    /** 0 when it cannot be had. */
    long handle;
    boolean energyOfModule;
    int powerScope = NvmlFields.SCOPE_GPU;
    double averagingSeconds = UNAVAILABLE;
    boolean unifiedMemory;
    /** Null unless it tells what works inside it. */
    NvmlActivity activity;
    final Backoff fields = new Backoff();

    private String uuid;
    private String name;
    private String pciAddress;
    private int activityCode = Nvml.SUCCESS;

    /**
     * Gets access to it; the code says why there is none.
     *
     * @param profiled whether it is to tell what works inside it
     */
    public int attach(Nvml nvml, int index, boolean profiled) {
        if (handle != 0) {
            return Nvml.SUCCESS;
        }
        int code = nvml.deviceHandle(index);
        if (code != Nvml.SUCCESS) {
            return code;
        }
        long found = nvml.answer().asLong();
        code = nvml.identity().uuid(found);
        uuid = code == Nvml.SUCCESS ? nvml.answer().asText() : null;
        if (code != Nvml.SUCCESS && code != Nvml.FUNCTION_NOT_FOUND && code != Nvml.NOT_SUPPORTED) {
            return code;
        }
        name = nvml.identity().name(found) == Nvml.SUCCESS ? nvml.answer().asText() : "NVIDIA GPU";
        pciAddress = nvml.identity().pciAddress(found);
        unifiedMemory = UNIFIED_MEMORY.matcher(name).find();
        averagingSeconds = averagingSeconds(nvml, found);
        if (GRACE_HOPPER.matcher(name).find()) {
            boolean noPower = nvml.readings().powerUsage(found) == Nvml.NOT_SUPPORTED;
            powerScope = noPower ? NvmlFields.SCOPE_MODULE : NvmlFields.SCOPE_GPU;
            energyOfModule = !noPower;
        }
        if (profiled) {
            profile(nvml, found);
        }
        handle = found;
        return Nvml.SUCCESS;
    }

    /** Over which time nvmlDeviceGetPowerUsage is a mean, by the words of nvml.h. */
    private double averagingSeconds(Nvml nvml, long found) {
        int architecture = nvml.identity().architecture(found) == Nvml.SUCCESS
                ? nvml.answer().asInt() : NvmlIdentity.ARCHITECTURE_UNKNOWN;
        if (architecture == NvmlIdentity.ARCHITECTURE_UNKNOWN) {
            return UNAVAILABLE;
        }
        return architecture < NvmlIdentity.ARCHITECTURE_AMPERE || GA100.matcher(name).find() ? 0 : 1;
    }

    private void profile(Nvml nvml, long found) {
        NvmlGpm gpm = nvml.gpm();
        activityCode = gpm == null ? Nvml.FUNCTION_NOT_FOUND : gpm.support(found);
        if (activityCode == Nvml.SUCCESS) {
            activity = new NvmlActivity(gpm);
            activityCode = activity.tryOut(found);
        }
        if (activityCode != Nvml.SUCCESS) {
            release();
        }
    }

    /** Gives back what it holds of the library's memory; while the library is open. */
    public void release() {
        if (activity != null) {
            activity.close();
            activity = null;
        }
    }

    public boolean isAttached() {
        return handle != 0;
    }

    /** {@code GPU-...}, or null. */
    public String uuid() {
        return uuid;
    }

    /** The model's name; null before it is attached. */
    public String name() {
        return name;
    }

    /** As the kernel writes it, or null. */
    public String pciAddress() {
        return pciAddress;
    }

    /** Whether its sensors of power and energy are those of its whole module. */
    public boolean isMeasuredAsModule() {
        return powerScope == NvmlFields.SCOPE_MODULE;
    }

    /** Whether it shares a chip or a module with a CPU. */
    public boolean isIntegrated() {
        return name != null && WITH_CPU.matcher(name).find();
    }

    /** Whether it tells what works inside it. */
    public boolean tellsActivity() {
        return activity != null;
    }

    /** Why it does not, as far as that was asked for; success when it does. */
    public int activityCode() {
        return activityCode;
    }
}
