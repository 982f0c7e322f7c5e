package collectors;

import static collectors.DeviceSample.UNAVAILABLE;

import java.util.ArrayList;
import java.util.List;

/**
 * NVIDIA GPUs, read through {@link Nvml}: power and energy at every sweep, what changes slowly less often. A GPU that
 * fails stays in the list without values and comes back by itself.
 */
final class NvidiaCollector implements TelemetryCollector {

    private static final double BYTES_PER_MB = 1024.0 * 1024.0;

    private final Nvml nvml;
    private final List<Gpu> gpus = new ArrayList<>();
    private final List<DeviceSample> samples;
    private final GpuInfo gpuInfo;
    private final Backoff reopening = new Backoff();

    /**
     * Opens the driver's library.
     *
     * @throws CollectorUnavailableException when there is no driver or no GPU that it lets us see
     */
    static NvidiaCollector open(CollectorContext context) throws CollectorUnavailableException {
        String osName = System.getProperty("os.name");
        if (osName.startsWith("Mac")) {
            throw new CollectorUnavailableException("there is no NVIDIA driver for macOS");
        }
        return new NvidiaCollector(Nvml.load(Nvml.candidates(osName, context.environment())));
    }

    NvidiaCollector(Nvml nvml) throws CollectorUnavailableException {
        this.nvml = nvml;
        int code = nvml.init();
        if (code != Nvml.SUCCESS) {
            throw new CollectorUnavailableException("nvmlInit: " + nvml.describe(code));
        }
        code = nvml.deviceCount();
        int count = code == Nvml.SUCCESS ? nvml.intAnswer() : 0;
        if (count == 0) {
            nvml.shutdown();
            throw new CollectorUnavailableException(
                    "the driver shows no GPU" + (code == Nvml.SUCCESS ? "" : ": " + nvml.describe(code)));
        }
        List<String> models = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            Gpu gpu = new Gpu(index);
            gpus.add(gpu);
            models.add(gpu.sample.name);
        }
        samples = gpus.stream().map(gpu -> gpu.sample).toList();
        gpuInfo = GpuInfo.of(models, "NVIDIA", "NVML");
    }

    @Override
    public String platform() {
        return "nvidia";
    }

    @Override
    public GpuInfo gpuInfo() {
        return gpuInfo;
    }

    @Override
    public List<DeviceSample> collect() {
        long now = System.nanoTime();
        boolean anyLost = false;
        for (int i = 0; i < gpus.size(); i++) {
            Gpu gpu = gpus.get(i);
            gpu.read(now);
            anyLost |= gpu.handle == 0;
        }
        if (anyLost && reopening.mayTry(now)) {
            reopen(now);
        }
        return samples;
    }

    @Override
    public void close() {
        nvml.shutdown();
    }

    /** Lost GPUs keep failing until the library is initialised anew and gives out new handles, for all of them. */
    private void reopen(long now) {
        nvml.shutdown();
        int code = nvml.init();
        if (code != Nvml.SUCCESS) {
            for (Gpu gpu : gpus) {
                gpu.lose(code);
            }
            reopening.failed(now);
            return;
        }
        boolean allBack = true;
        for (Gpu gpu : gpus) {
            gpu.find();
            gpu.read(now);
            allBack &= gpu.handle != 0;
        }
        if (allBack) {
            reopening.succeeded();
        } else {
            reopening.failed(now);
        }
    }

    /** A function of the library that is asked again and again, and left alone for a while when it fails. */
    private static final class Query {

        private static final long OFTEN = 0;
        private static final long NOW_AND_THEN = 100_000_000L;
        private static final long SELDOM = 5_000_000_000L;

        private final long periodNanos;
        private final Backoff backoff = new Backoff();
        private long askedNanos;
        private int code = Nvml.NOT_SUPPORTED;

        Query(long periodNanos) {
            this.periodNanos = periodNanos;
            forget();
        }

        boolean isDue(long now) {
            return backoff.isFailing() ? backoff.mayTry(now) : now - askedNanos >= periodNanos;
        }

        /** Asks at once next time, as if it had never failed. */
        void forget() {
            backoff.succeeded();
            askedNanos = System.nanoTime() - periodNanos;
        }

        boolean answered(int code, long now) {
            this.code = code;
            askedNanos = now;
            switch (code) {
                case Nvml.SUCCESS -> backoff.succeeded();
                case Nvml.NOT_SUPPORTED, Nvml.NO_PERMISSION, Nvml.FUNCTION_NOT_FOUND -> backoff.failedForNow(now);
                default -> backoff.failed(now);
            }
            return code == Nvml.SUCCESS;
        }
    }

    private final class Gpu {

        private final int index;
        private final String uuid;
        private final DeviceSample sample;
        private long handle;

        private final Query power = new Query(Query.OFTEN);
        private final Query energy = new Query(Query.OFTEN);
        private final Query temperature = new Query(Query.NOW_AND_THEN);
        private final Query memory = new Query(Query.NOW_AND_THEN);
        private final Query utilization = new Query(Query.NOW_AND_THEN);
        private final Query powerLimit = new Query(Query.SELDOM);
        private final List<Query> queries = List.of(power, energy, temperature, memory, utilization, powerLimit);
        private int problemCode;

        Gpu(int index) {
            this.index = index;
            int code = nvml.deviceHandle(index);
            handle = code == Nvml.SUCCESS ? nvml.longAnswer() : 0;
            String name = handle != 0 && nvml.name(handle) == Nvml.SUCCESS ? nvml.textAnswer() : "NVIDIA GPU";
            uuid = handle != 0 && nvml.uuid(handle) == Nvml.SUCCESS ? nvml.textAnswer() : null;
            sample = new DeviceSample(uuid != null ? uuid : "nvidia-" + index, DeviceKind.GPU, name);
            if (handle == 0) {
                lose(code);
            }
        }

        /** Takes a new handle; by index, since a GPU's index stays as long as the machine's GPUs do. */
        void find() {
            int code = nvml.deviceHandle(index);
            long found = code == Nvml.SUCCESS ? nvml.longAnswer() : 0;
            if (found == 0) {
                lose(code);
            } else if (uuid != null && nvml.uuid(found) == Nvml.SUCCESS && !nvml.textAnswer().equals(uuid)) {
                handle = 0;
                sample.clear();
                sample.problem = "another GPU has taken its index " + index;
            } else {
                handle = found;
                queries.forEach(Query::forget);
            }
        }

        void lose(int code) {
            handle = 0;
            problemCode = 0;
            sample.clear();
            sample.problem = nvml.describe(code);
        }

        void read(long now) {
            if (handle == 0) {
                return;
            }
            if (power.isDue(now)) {
                sample.powerWatts = ask(power, nvml.powerUsage(handle), now) ? nvml.unsignedAnswer() / 1e3 : UNAVAILABLE;
            }
            if (handle != 0 && energy.isDue(now)) {
                sample.energyCounterJoules = ask(energy, nvml.totalEnergyConsumption(handle), now)
                        ? nvml.longAnswer() / 1e3 : UNAVAILABLE;
            }
            if (handle != 0 && temperature.isDue(now)) {
                sample.temperatureCelsius = ask(temperature, nvml.temperature(handle), now)
                        ? nvml.intAnswer() : UNAVAILABLE;
            }
            if (handle != 0 && memory.isDue(now)) {
                boolean known = ask(memory, nvml.memoryInfo(handle), now);
                sample.memoryUsedMb = known ? nvml.memoryUsedBytes() / BYTES_PER_MB : UNAVAILABLE;
                sample.memoryTotalMb = known ? nvml.memoryTotalBytes() / BYTES_PER_MB : UNAVAILABLE;
            }
            if (handle != 0 && utilization.isDue(now)) {
                boolean known = ask(utilization, nvml.utilizationRates(handle), now);
                sample.utilizationPercent = known ? nvml.intAnswer() : UNAVAILABLE;
                sample.memoryUtilizationPercent = known ? nvml.secondIntAnswer() : UNAVAILABLE;
            }
            if (handle != 0 && powerLimit.isDue(now)) {
                sample.powerLimitWatts = ask(powerLimit, nvml.enforcedPowerLimit(handle), now)
                        ? nvml.unsignedAnswer() / 1e3 : UNAVAILABLE;
            }
            if (handle != 0) {
                noteProblem();
            }
        }

        private boolean ask(Query query, int code, long now) {
            if (query.answered(code, now)) {
                return true;
            }
            switch (code) {
                case Nvml.UNINITIALIZED, Nvml.INVALID_ARGUMENT, Nvml.DRIVER_NOT_LOADED, Nvml.GPU_IS_LOST,
                     Nvml.RESET_REQUIRED, Nvml.LIB_RM_VERSION_MISMATCH -> lose(code);
                default -> {
                    // this one function failed; the others may answer
                }
            }
            return false;
        }

        private void noteProblem() {
            if (sample.hasPowerOrEnergy()) {
                sample.problem = null;
                problemCode = 0;
            } else if (power.code != problemCode) {
                problemCode = power.code;
                sample.problem = "power and energy: " + nvml.describe(problemCode);
            }
        }
    }
}
