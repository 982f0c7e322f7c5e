package collectors.gpu;

import collectors.DeviceKind;
import collectors.gpu.nvml.Nvml;
import collectors.gpu.nvml.NvmlGpu;
import collectors.gpu.nvml.NvmlSensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** NVIDIA's GPUs, through {@link Nvml}. */
final class NvmlSource implements GpuSource {

    /** Our code for a count that no machine has. */
    private static final int TOO_MANY = -2;
    private static final int MAX_GPUS = 1024;

    private final Nvml nvml;
    private final NvidiaCards cards;
    private final NvmlSensors sensors;
    private final boolean profiled;
    private NvmlGpu[] gpus = {};
    private boolean open;
    private int claimed;

    /** Asks for what works inside the GPUs, too, if they are to be profiled. */
    NvmlSource(Nvml nvml, Path sysfs, Path procfs, boolean profiled) {
        this.nvml = nvml;
        this.profiled = profiled;
        cards = new NvidiaCards(sysfs);
        sensors = new NvmlSensors(nvml, procfs);
    }

    @Override
    public String platform() {
        return "nvidia";
    }

    @Override
    public String vendor() {
        return "NVIDIA";
    }

    @Override
    public String backend() {
        return "NVML";
    }

    @Override
    public String name() {
        return "NVML";
    }

    @Override
    public String version() {
        return " (" + nvml.file() + ")"
                + (nvml.driverVersion() == SUCCESS ? ", driver " + nvml.answer().asText() : "")
                + (profiled ? profiling() : "");
    }

    /** Which GPUs tell what works inside them, and why the others do not. */
    private String profiling() {
        List<String> silent = new ArrayList<>();
        for (int index = 0; index < gpus.length; index++) {
            if (gpus[index].isAttached() && !gpus[index].tellsActivity()) {
                silent.add(index + ": " + describe(gpus[index].activityCode()));
            }
        }
        return silent.isEmpty() ? ", profiled" : ", profiled but for " + String.join(", ", silent);
    }

    @Override
    public List<DeviceSelection.Filter> filters() {
        return List.of(new DeviceSelection.Filter(true, "CUDA_VISIBLE_DEVICES"));
    }

    @Override
    public boolean keepsAwake() {
        return true;
    }

    @Override
    public boolean wouldWake() {
        return cards.allAsleep();
    }

    @Override
    public int init() {
        int code = nvml.init();
        if (code != SUCCESS) {
            return code;
        }
        code = nvml.deviceCount();
        claimed = nvml.answer().asInt();
        if (code != SUCCESS || claimed < 0 || claimed > MAX_GPUS) {
            nvml.shutdown();
            return code != SUCCESS ? code : TOO_MANY;
        }
        gpus = new NvmlGpu[claimed];
        for (int gpu = 0; gpu < claimed; gpu++) {
            gpus[gpu] = new NvmlGpu();
        }
        open = true;
        return SUCCESS;
    }

    @Override
    public void shutdown() {
        open = false;
        sensors.forget();
        for (NvmlGpu gpu : gpus) {
            gpu.release();
        }
        nvml.shutdown();
    }

    @Override
    public int count() {
        return open ? gpus.length : cards.count();
    }

    @Override
    public int attach(int index) {
        return gpus[index].attach(nvml, index, profiled);
    }

    @Override
    public String model(int gpu) {
        return open ? gpus[gpu].name() : cards.model(gpu);
    }

    @Override
    public String uuid(int gpu) {
        return open ? gpus[gpu].uuid() : null;
    }

    @Override
    public String pciAddress(int gpu) {
        return open ? gpus[gpu].pciAddress() : cards.pciAddress(gpu);
    }

    @Override
    public DeviceKind kind(int gpu) {
        return open && gpus[gpu].isMeasuredAsModule() ? DeviceKind.MODULE : DeviceKind.GPU;
    }

    @Override
    public boolean isIntegrated(int gpu) {
        return open && gpus[gpu].isIntegrated();
    }

    /**
     * The GPU that a MIG instance is a part of, whose power is the whole board's. Drivers before 470 write
     * {@code MIG-<UUID of the GPU>/<GPU instance>/<compute instance>}.
     */
    @Override
    public int ownerOf(String uuid) {
        String ownerUuid = null;
        if (uuid.startsWith("MIG-GPU-")) {
            ownerUuid = uuid.substring("MIG-".length()).replaceFirst("/.*", "");
        } else if (open && uuid.startsWith("MIG-") && nvml.ownerOfMigInstance(uuid) == SUCCESS
                && nvml.identity().uuid(nvml.answer().asLong()) == SUCCESS) {
            ownerUuid = nvml.answer().asText();
        }
        for (int index = 0; ownerUuid != null && index < count(); index++) {
            if (ownerUuid.equals(uuid(index))) {
                return index;
            }
        }
        return -1;
    }

    @Override
    public void refresh(int gpu) {
        sensors.refresh(gpus[gpu]);
    }

    @Override
    public int energy(int gpu) {
        return sensors.energy(gpus[gpu]);
    }

    @Override
    public long energyNanos() {
        return sensors.energyNanos();
    }

    @Override
    public int power(int gpu) {
        return sensors.power(gpus[gpu]);
    }

    @Override
    public double powerAveragingSeconds() {
        return sensors.powerAveragingSeconds();
    }

    @Override
    public double instantPowerWatts() {
        return sensors.instantPowerWatts();
    }

    @Override
    public int temperature(int gpu) {
        return sensors.temperature(gpus[gpu]);
    }

    @Override
    public int memoryUsed(int gpu) {
        return sensors.memoryUsed(gpus[gpu]);
    }

    @Override
    public int memoryTotal(int gpu) {
        return sensors.memoryTotal(gpus[gpu]);
    }

    @Override
    public int utilization(int gpu) {
        return sensors.utilization(gpus[gpu]);
    }

    @Override
    public double memoryUtilizationPercent() {
        return sensors.memoryUtilizationPercent();
    }

    @Override
    public int powerLimit(int gpu) {
        return sensors.powerLimit(gpus[gpu]);
    }

    @Override
    public boolean tellsActivity(int gpu) {
        return open ? gpus[gpu].tellsActivity() : profiled;
    }

    @Override
    public int activity(int gpu) {
        return sensors.activity(gpus[gpu]);
    }

    @Override
    public double smActivityPercent() {
        return sensors.smActivityPercent();
    }

    @Override
    public double tensorActivityPercent() {
        return sensors.tensorActivityPercent();
    }

    @Override
    public double dramActivityPercent() {
        return sensors.dramActivityPercent();
    }

    @Override
    public double value() {
        return sensors.value();
    }

    @Override
    public String describe(int code) {
        return switch (code) {
            case TOO_MANY -> "the driver reports " + Integer.toUnsignedString(claimed)
                    + " GPUs, more than there can be";
            case NvmlSensors.OF_MODULE -> "the counter is the whole module's, CPU included";
            default -> nvml.describe(code);
        };
    }

    @Override
    public boolean isHopeless(int code) {
        return code == Nvml.NOT_SUPPORTED || code == Nvml.NO_PERMISSION || code == Nvml.FUNCTION_NOT_FOUND
                || code == NvmlSensors.OF_MODULE;
    }

    @Override
    public boolean maySayLost(int code) {
        return switch (code) {
            case Nvml.UNINITIALIZED, Nvml.INVALID_ARGUMENT, Nvml.DRIVER_NOT_LOADED, Nvml.GPU_IS_LOST,
                 Nvml.RESET_REQUIRED, Nvml.LIB_RM_VERSION_MISMATCH -> true;
            default -> false;
        };
    }

    @Override
    public boolean isDenied(int code) {
        return code == Nvml.NO_PERMISSION || code == Nvml.OPERATING_SYSTEM;
    }
}
