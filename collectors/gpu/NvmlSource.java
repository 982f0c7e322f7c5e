package collectors.gpu;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.Backoff;
import collectors.DeviceKind;
import collectors.Units;
import collectors.host.HostMemory;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** NVIDIA's GPUs, through {@link Nvml}. */
final class NvmlSource implements GpuSource {

    /** Our code for a count that no machine has. */
    private static final int TOO_MANY = -2;
    /** Our code for an energy that is not the GPU's alone, while its power is. */
    private static final int OF_MODULE = -3;
    private static final int MAX_GPUS = 1024;

    /** GA100, whose power is instantaneous although it is an Ampere (nvml.h, nvmlDeviceGetPowerUsage). */
    private static final Pattern GA100 = Pattern.compile("\\b(A100X?|A800|A30X?|CMP 170HX)\\b");
    /** Grace Hopper: its energy counter is the whole module's, and its GPU's power may be missing. */
    private static final Pattern GRACE_HOPPER = Pattern.compile("\\bGH200\\b");
    /** GPUs that share a module or a chip with a CPU. */
    private static final Pattern WITH_CPU = Pattern.compile("\\b(GH200|GB200|GB300|GB10|Thor)\\b");
    /** GPUs without memory of their own: NVML says that memory is not supported. */
    private static final Pattern UNIFIED_MEMORY = Pattern.compile("\\b(GB10|Thor)\\b");

    /** A GPU at an index, from one nvmlInit to the next. */
    private static final class Gpu {
        /** 0 when it cannot be had. */
        private long handle;
        private String uuid;
        private String name;
        private String pciAddress;
        private boolean energyOfModule;
        private int powerScope = NvmlFields.SCOPE_GPU;
        private double averagingSeconds = UNAVAILABLE;
        private boolean unifiedMemory;
        private final Backoff fields = new Backoff();
    }

    private final Nvml nvml;
    private final NvidiaCards cards;
    private final HostMemory hostMemory;
    private Gpu[] gpus = {};
    private boolean open;
    private int claimed;

    /** The GPU that the fields were told of; null when they were not. */
    private Gpu fieldsOf;
    private double value;
    private long energyNanos;
    private double averagingSeconds = UNAVAILABLE;
    private double memoryUtilizationPercent = UNAVAILABLE;

    NvmlSource(Nvml nvml, Path sysfs, Path procfs) {
        this.nvml = nvml;
        cards = new NvidiaCards(sysfs);
        hostMemory = new HostMemory(procfs.resolve("meminfo"));
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
        return " (" + nvml.file() + ")" + (nvml.driverVersion() == SUCCESS ? ", driver " + nvml.textAnswer() : "");
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
        claimed = nvml.intAnswer();
        if (code != SUCCESS || claimed < 0 || claimed > MAX_GPUS) {
            nvml.shutdown();
            return code != SUCCESS ? code : TOO_MANY;
        }
        gpus = new Gpu[claimed];
        for (int gpu = 0; gpu < claimed; gpu++) {
            gpus[gpu] = new Gpu();
        }
        open = true;
        return SUCCESS;
    }

    @Override
    public void shutdown() {
        open = false;
        fieldsOf = null;
        nvml.shutdown();
    }

    @Override
    public int count() {
        return open ? gpus.length : cards.count();
    }

    @Override
    public int attach(int index) {
        Gpu gpu = gpus[index];
        if (gpu.handle != 0) {
            return SUCCESS;
        }
        int code = nvml.deviceHandle(index);
        if (code != SUCCESS) {
            return code;
        }
        long handle = nvml.longAnswer();
        code = nvml.uuid(handle);
        gpu.uuid = code == SUCCESS ? nvml.textAnswer() : null;
        if (code != SUCCESS && code != Nvml.FUNCTION_NOT_FOUND && code != Nvml.NOT_SUPPORTED) {
            return code;
        }
        gpu.name = nvml.name(handle) == SUCCESS ? nvml.textAnswer() : "NVIDIA GPU";
        gpu.pciAddress = nvml.pciInfo(handle) == SUCCESS ? nvml.pciAddressAnswer() : null;
        gpu.unifiedMemory = UNIFIED_MEMORY.matcher(gpu.name).find();
        gpu.averagingSeconds = averagingSeconds(handle, gpu.name);
        if (GRACE_HOPPER.matcher(gpu.name).find()) {
            boolean noPower = nvml.powerUsage(handle) == Nvml.NOT_SUPPORTED;
            gpu.powerScope = noPower ? NvmlFields.SCOPE_MODULE : NvmlFields.SCOPE_GPU;
            gpu.energyOfModule = !noPower;
        }
        gpu.handle = handle;
        return SUCCESS;
    }

    /** Over which time nvmlDeviceGetPowerUsage is a mean, by the words of nvml.h. */
    private double averagingSeconds(long handle, String name) {
        int architecture = nvml.architecture(handle) == SUCCESS ? nvml.intAnswer() : Nvml.ARCHITECTURE_UNKNOWN;
        if (architecture == Nvml.ARCHITECTURE_UNKNOWN) {
            return UNAVAILABLE;
        }
        return architecture < Nvml.ARCHITECTURE_AMPERE || GA100.matcher(name).find() ? 0 : 1;
    }

    @Override
    public String model(int gpu) {
        return open ? gpus[gpu].name : cards.model(gpu);
    }

    @Override
    public String uuid(int gpu) {
        return open ? gpus[gpu].uuid : null;
    }

    @Override
    public String pciAddress(int gpu) {
        return open ? gpus[gpu].pciAddress : cards.pciAddress(gpu);
    }

    @Override
    public DeviceKind kind(int gpu) {
        return open && gpus[gpu].powerScope == NvmlFields.SCOPE_MODULE ? DeviceKind.MODULE : DeviceKind.GPU;
    }

    @Override
    public boolean isIntegrated(int gpu) {
        return open && gpus[gpu].name != null && WITH_CPU.matcher(gpus[gpu].name).find();
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
                && nvml.uuid(nvml.longAnswer()) == SUCCESS) {
            ownerUuid = nvml.textAnswer();
        }
        for (int index = 0; ownerUuid != null && index < count(); index++) {
            if (ownerUuid.equals(uuid(index))) {
                return index;
            }
        }
        return -1;
    }

    @Override
    public void refresh(int index) {
        Gpu gpu = gpus[index];
        fieldsOf = null;
        long now = System.nanoTime();
        if (nvml.fields() == null || !gpu.fields.mayTry(now)) {
            return;
        }
        int code = nvml.fields().ask(gpu.handle, gpu.powerScope);
        if (code == SUCCESS) {
            gpu.fields.succeeded();
            fieldsOf = gpu;
        } else {
            gpu.fields.failed(now); // the functions for each number tell why
        }
    }

    private boolean hasField(Gpu gpu, int field) {
        return fieldsOf == gpu && nvml.fields().code(field) == SUCCESS;
    }

    @Override
    public int energy(int index) {
        Gpu gpu = gpus[index];
        energyNanos = 0;
        if (gpu.energyOfModule) {
            return OF_MODULE;
        }
        if (hasField(gpu, NvmlFields.TOTAL_ENERGY_CONSUMPTION)) {
            value = nvml.fields().number(NvmlFields.TOTAL_ENERGY_CONSUMPTION) / Units.MILLIS_PER_UNIT;
            energyNanos = nvml.fields().timestampNanos(NvmlFields.TOTAL_ENERGY_CONSUMPTION);
            return SUCCESS;
        }
        int code = nvml.totalEnergyConsumption(gpu.handle);
        value = nvml.longAnswer() / Units.MILLIS_PER_UNIT;
        return code;
    }

    @Override
    public long energyNanos() {
        return energyNanos;
    }

    @Override
    public int power(int index) {
        Gpu gpu = gpus[index];
        if (hasField(gpu, NvmlFields.POWER_AVERAGE)) {
            averagingSeconds = 1;
            value = nvml.fields().number(NvmlFields.POWER_AVERAGE) / Units.MILLIS_PER_UNIT;
            return SUCCESS;
        }
        if (gpu.powerScope == NvmlFields.SCOPE_MODULE) {
            averagingSeconds = 0;
            value = instantPowerWatts();
            return hasField(gpu, NvmlFields.POWER_INSTANT) ? SUCCESS : Nvml.NOT_SUPPORTED;
        }
        averagingSeconds = gpu.averagingSeconds;
        int code = nvml.powerUsage(gpu.handle);
        value = nvml.unsignedAnswer() / Units.MILLIS_PER_UNIT;
        return code;
    }

    @Override
    public double powerAveragingSeconds() {
        return averagingSeconds;
    }

    @Override
    public double instantPowerWatts() {
        return fieldsOf != null && hasField(fieldsOf, NvmlFields.POWER_INSTANT)
                ? nvml.fields().number(NvmlFields.POWER_INSTANT) / Units.MILLIS_PER_UNIT : UNAVAILABLE;
    }

    @Override
    public int temperature(int gpu) {
        int code = nvml.temperature(gpus[gpu].handle);
        value = nvml.intAnswer();
        return code;
    }

    @Override
    public int memoryUsed(int gpu) {
        int code = nvml.memoryInfo(gpus[gpu].handle);
        if (code == Nvml.NOT_SUPPORTED && gpus[gpu].unifiedMemory) {
            value = hostMemory.usedMib();
            return value >= 0 ? SUCCESS : code;
        }
        value = nvml.memoryUsedBytes() / Units.BYTES_PER_MIB;
        return code;
    }

    @Override
    public int memoryTotal(int gpu) {
        int code = nvml.memoryInfo(gpus[gpu].handle);
        if (code == Nvml.NOT_SUPPORTED && gpus[gpu].unifiedMemory) {
            value = hostMemory.totalMib();
            return value >= 0 ? SUCCESS : code;
        }
        value = nvml.memoryTotalBytes() / Units.BYTES_PER_MIB;
        return code;
    }

    @Override
    public int utilization(int gpu) {
        int code = nvml.utilizationRates(gpus[gpu].handle);
        value = nvml.intAnswer();
        memoryUtilizationPercent = nvml.secondIntAnswer();
        return code;
    }

    @Override
    public double memoryUtilizationPercent() {
        return memoryUtilizationPercent;
    }

    @Override
    public int powerLimit(int gpu) {
        int code = nvml.enforcedPowerLimit(gpus[gpu].handle);
        value = nvml.unsignedAnswer() / Units.MILLIS_PER_UNIT;
        return code;
    }

    @Override
    public double value() {
        return value;
    }

    @Override
    public String describe(int code) {
        return switch (code) {
            case TOO_MANY -> "the driver reports " + Integer.toUnsignedString(claimed)
                    + " GPUs, more than there can be";
            case OF_MODULE -> "the counter is the whole module's, CPU included";
            default -> nvml.describe(code);
        };
    }

    @Override
    public boolean isHopeless(int code) {
        return code == Nvml.NOT_SUPPORTED || code == Nvml.NO_PERMISSION || code == Nvml.FUNCTION_NOT_FOUND
                || code == OF_MODULE;
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
