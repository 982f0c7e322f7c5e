package collectors.gpu;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.Backoff;
import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.GpuInfo;
import collectors.TelemetryCollector;
import collectors.linux.RuntimeSuspend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * NVIDIA GPUs, read through {@link Nvml}: power and energy at every sweep, what changes slowly less often. A GPU that
 * fails stays in the list without values and comes back by itself.
 */
public final class NvidiaCollector implements TelemetryCollector {

    private static final double BYTES_PER_MB = 1024.0 * 1024.0;
    /** A driver that tells of more is not to be believed. */
    private static final int MOST_GPUS = 1024;

    private final Nvml nvml;
    private final int count;
    private final List<Gpu> gpus = new ArrayList<>();
    private final List<String> hiddenUuids = new ArrayList<>();
    private final List<DeviceSample> samples;
    private final GpuInfo gpuInfo;
    private final Backoff reopening = new Backoff();
    private boolean initialised;

    /**
     * Opens the driver's library.
     *
     * @throws CollectorUnavailableException when there is no driver or no GPU that it lets us see
     */
    public static NvidiaCollector open(CollectorContext context) throws CollectorUnavailableException {
        String osName = System.getProperty("os.name");
        return new NvidiaCollector(Nvml.load(Nvml.candidates(osName, context.environment())), context);
    }

    NvidiaCollector(Nvml nvml, CollectorContext context) throws CollectorUnavailableException {
        this.nvml = nvml;
        int code = nvml.init();
        if (code != Nvml.SUCCESS) {
            throw new CollectorUnavailableException("nvmlInit: " + nvml.describe(code));
        }
        initialised = true;
        code = nvml.deviceCount();
        count = code == Nvml.SUCCESS ? nvml.intAnswer() : 0;
        if (count < 0 || count > MOST_GPUS) {
            close();
            throw new CollectorUnavailableException(
                    "the driver tells of " + Integer.toUnsignedString(count) + " GPUs, more than there can be");
        }
        if (count == 0) {
            close();
            throw new CollectorUnavailableException(
                    "the driver shows no GPU" + (code == Nvml.SUCCESS ? "" : ": " + nvml.describe(code)));
        }
        try {
            select(context);
        } catch (CollectorUnavailableException e) {
            close();
            throw e;
        }
        samples = gpus.stream().map(gpu -> gpu.sample).toList();
        gpuInfo = GpuInfo.of(gpus.stream().filter(gpu -> !gpu.isMissing()).map(gpu -> gpu.sample.name).toList(),
                "NVIDIA", "NVML");
    }

    private void select(CollectorContext context) throws CollectorUnavailableException {
        List<Gpu> all = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            all.add(new Gpu(index, context.sysfs()));
        }
        List<Integer> selected = DeviceSelection.select(context, "CUDA_VISIBLE_DEVICES", count,
                index -> all.get(index).uuid, this::ownerOf);
        for (Gpu gpu : all) {
            if (selected.contains(gpu.index)) {
                gpus.add(gpu);
            } else if (gpu.uuid != null) {
                hiddenUuids.add(gpu.uuid);
            }
        }
    }

    /**
     * The index of the GPU that a MIG instance is a part of, whose power is the whole board's; -1 for none. Drivers
     * before 470 write {@code MIG-<UUID of the GPU>/<GPU instance>/<compute instance>}.
     */
    private int ownerOf(String uuid) {
        String ownerUuid = null;
        if (uuid.startsWith("MIG-GPU-")) {
            ownerUuid = uuid.substring("MIG-".length()).replaceFirst("/.*", "");
        } else if (uuid.startsWith("MIG-") && nvml.ownerOfMigInstance(uuid) == Nvml.SUCCESS
                && nvml.uuid(nvml.longAnswer()) == Nvml.SUCCESS) {
            ownerUuid = nvml.textAnswer();
        }
        for (int index = 0; index < count; index++) {
            if (nvml.deviceHandle(index) == Nvml.SUCCESS && nvml.uuid(nvml.longAnswer()) == Nvml.SUCCESS
                    && nvml.textAnswer().equals(ownerUuid)) {
                return index;
            }
        }
        return -1;
    }

    @Override
    public String platform() {
        return "nvidia";
    }

    @Override
    public String source() {
        return "NVML (" + nvml.file() + ")"
                + (nvml.driverVersion() == Nvml.SUCCESS ? ", driver " + nvml.textAnswer() : "");
    }

    @Override
    public GpuInfo gpuInfo() {
        return gpuInfo;
    }

    @Override
    public List<DeviceSample> collect() {
        return collect(System.nanoTime());
    }

    /** {@link #collect()} at the given {@link System#nanoTime}. */
    List<DeviceSample> collect(long now) {
        boolean anyMissing = false;
        for (int i = 0; i < gpus.size(); i++) {
            Gpu gpu = gpus.get(i);
            gpu.read(now);
            anyMissing |= gpu.isMissing();
        }
        if (reopening.mayTry(now)) {
            if (anyMissing) {
                reopen(now);
            } else {
                reopening.succeeded(); // only now: a GPU that is lost again at once is not a reason to hurry
            }
        }
        return samples;
    }

    @Override
    public void close() {
        if (initialised) {
            initialised = false;
            nvml.shutdown();
        }
        gpus.forEach(gpu -> gpu.suspend.close());
    }

    /**
     * A lost GPU keeps failing until the library is initialised anew, which gives new handles for all of them. One
     * that is denied is only asked for again: initialising is slow, and would not help.
     */
    private void reopen(long now) {
        boolean anyLost = gpus.stream().anyMatch(gpu -> gpu.isMissing() && !gpu.isDenied());
        if (anyLost || !initialised) {
            reopening.failed(now);
            close();
            int code = nvml.init();
            initialised = code == Nvml.SUCCESS;
            for (Gpu gpu : gpus) {
                gpu.lose(code, "nvmlInit");
            }
        } else {
            reopening.failedForNow(now);
        }
        for (int i = 0; initialised && i < gpus.size(); i++) {
            Gpu gpu = gpus.get(i);
            if (gpu.isMissing()) {
                gpu.find();
                gpu.read(now);
            }
        }
    }

    private boolean isKnown(String uuid) {
        return hiddenUuids.contains(uuid) || uuid != null && gpus.stream().anyMatch(gpu -> uuid.equals(gpu.uuid));
    }

    private final class Gpu {

        private final int index;
        private final DeviceSample sample;
        private String uuid;
        private long handle;
        private int missingCode;

        private final SensorQuery power = new SensorQuery(SensorQuery.OFTEN);
        private final SensorQuery energy = new SensorQuery(SensorQuery.OFTEN);
        private final SensorQuery temperature = new SensorQuery(SensorQuery.NOW_AND_THEN);
        private final SensorQuery memory = new SensorQuery(SensorQuery.NOW_AND_THEN);
        private final SensorQuery utilization = new SensorQuery(SensorQuery.NOW_AND_THEN);
        private final SensorQuery powerLimit = new SensorQuery(SensorQuery.SELDOM);
        private final List<SensorQuery> queries = List.of(power, energy, temperature, memory, utilization, powerLimit);
        private int problemOfPower;
        private int problemOfEnergy;

        private boolean anyAnswered;
        private int lostCode;

        private final RuntimeSuspend suspend;

        Gpu(int index, Path sysfs) {
            this.index = index;
            int code = nvml.deviceHandle(index);
            handle = code == Nvml.SUCCESS ? nvml.longAnswer() : 0;
            String name = handle != 0 && nvml.name(handle) == Nvml.SUCCESS ? nvml.textAnswer() : "NVIDIA GPU";
            uuid = handle != 0 && nvml.uuid(handle) == Nvml.SUCCESS ? nvml.textAnswer() : null;
            sample = new DeviceSample(uuid != null ? uuid : "nvidia-" + index, DeviceKind.GPU, name);
            suspend = handle != 0 && nvml.pciInfo(handle) == Nvml.SUCCESS
                    ? RuntimeSuspend.of(sysfs.resolve("bus/pci/devices").resolve(nvml.pciAddressAnswer()))
                    : RuntimeSuspend.never();
            if (handle == 0) {
                lose(code, "nvmlDeviceGetHandleByIndex");
            }
        }

        boolean isMissing() {
            return handle == 0;
        }

        /** Whether it is there and not for us. */
        boolean isDenied() {
            return missingCode == Nvml.NO_PERMISSION || missingCode == Nvml.OPERATING_SYSTEM;
        }

        /**
         * Takes a new handle. The indices of all may have changed when one has left, so that the UUID decides; NVML's
         * own search by UUID may fail for every GPU when one is lost.
         */
        void find() {
            int code = take(index);
            for (int other = 0; uuid != null && handle == 0 && other < count; other++) {
                take(other);
            }
            if (handle == 0) {
                lose(code == Nvml.SUCCESS ? Nvml.NOT_FOUND : code, "nvmlDeviceGetHandleByIndex");
                return;
            }
            sample.problem = null;
            queries.forEach(SensorQuery::forget);
        }

        /** Takes the GPU with that index if it is this one, or can be. */
        private int take(int candidate) {
            int code = nvml.deviceHandle(candidate);
            if (code != Nvml.SUCCESS) {
                return code;
            }
            long found = nvml.longAnswer();
            code = nvml.uuid(found);
            String foundUuid = code == Nvml.SUCCESS ? nvml.textAnswer() : null;
            if (uuid == null ? !isKnown(foundUuid) : uuid.equals(foundUuid)) {
                uuid = foundUuid;
                handle = found;
            }
            return code;
        }

        void lose(int code, String what) {
            handle = 0;
            missingCode = code;
            sample.clear();
            sample.problem = what + ": " + nvml.describe(code);
        }

        void read(long now) {
            if (handle == 0) {
                return;
            }
            if (suspend.isAsleep(now)) {
                sample.sleep();
                problemOfPower = Nvml.SUCCESS;
                queries.forEach(SensorQuery::forget);
                return;
            }
            askWhatIsDue(now);
            if (isSuspect()) {
                queries.forEach(SensorQuery::forget);
                askWhatIsDue(now);
            }
            if (isSuspect()) {
                lose(lostCode, "NVML");
            } else {
                noteProblem();
            }
        }

        /** Some codes speak of the whole GPU or driver; they are believed when no function at all answers. */
        private boolean isSuspect() {
            return lostCode != Nvml.SUCCESS && !anyAnswered;
        }

        private void askWhatIsDue(long now) {
            anyAnswered = false;
            lostCode = Nvml.SUCCESS;
            if (power.isDue(now)) {
                sample.powerWatts = ask(power, nvml.powerUsage(handle), now)
                        ? nvml.unsignedAnswer() / 1e3 : UNAVAILABLE;
            }
            if (energy.isDue(now)) {
                sample.energyCounterJoules = ask(energy, nvml.totalEnergyConsumption(handle), now)
                        ? nvml.longAnswer() / 1e3 : UNAVAILABLE;
            }
            if (temperature.isDue(now)) {
                sample.temperatureCelsius = ask(temperature, nvml.temperature(handle), now)
                        ? nvml.intAnswer() : UNAVAILABLE;
            }
            if (memory.isDue(now)) {
                boolean known = ask(memory, nvml.memoryInfo(handle), now);
                sample.memoryUsedMb = known ? nvml.memoryUsedBytes() / BYTES_PER_MB : UNAVAILABLE;
                sample.memoryTotalMb = known ? nvml.memoryTotalBytes() / BYTES_PER_MB : UNAVAILABLE;
            }
            if (utilization.isDue(now)) {
                boolean known = ask(utilization, nvml.utilizationRates(handle), now);
                sample.utilizationPercent = known ? nvml.intAnswer() : UNAVAILABLE;
                sample.memoryUtilizationPercent = known ? nvml.secondIntAnswer() : UNAVAILABLE;
            }
            if (powerLimit.isDue(now)) {
                sample.powerLimitWatts = ask(powerLimit, nvml.enforcedPowerLimit(handle), now)
                        ? nvml.unsignedAnswer() / 1e3 : UNAVAILABLE;
            }
        }

        private boolean ask(SensorQuery query, int code, long now) {
            boolean answered = query.answered(code, Nvml.isHopeless(code), now);
            anyAnswered |= answered;
            switch (code) {
                case Nvml.UNINITIALIZED, Nvml.INVALID_ARGUMENT, Nvml.DRIVER_NOT_LOADED, Nvml.GPU_IS_LOST,
                     Nvml.RESET_REQUIRED, Nvml.LIB_RM_VERSION_MISMATCH -> lostCode = code;
                default -> {
                    // this one function failed or answered
                }
            }
            return answered;
        }

        private void noteProblem() {
            if (sample.hasPowerOrEnergy()) {
                sample.problem = null;
            } else if (sample.problem == null || power.code() != problemOfPower || energy.code() != problemOfEnergy) {
                problemOfPower = power.code();
                problemOfEnergy = energy.code();
                sample.problem = power.code() == energy.code()
                        ? "power and energy: " + nvml.describe(power.code())
                        : "power: " + nvml.describe(power.code()) + ", energy: " + nvml.describe(energy.code());
            }
        }
    }
}
