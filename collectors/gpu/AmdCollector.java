package collectors.gpu;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.Accounting;
import collectors.Backoff;
import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.GpuInfo;
import collectors.NoSuchDeviceException;
import collectors.TelemetryCollector;
import collectors.linux.RuntimeSuspend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * AMD GPUs, read through ROCm SMI, or else the kernel's files, with AMD SMI where that is: power and energy at every
 * sweep, what changes slowly less often. A GPU that fails stays in the list without values and comes back by itself.
 */
public final class AmdCollector implements TelemetryCollector {

    private final AmdSource source;
    private final List<Gpu> gpus = new ArrayList<>();
    private final List<DeviceSample> samples;
    private final GpuInfo gpuInfo;
    private final Backoff reopening = new Backoff();
    private boolean initialised;

    /**
     * Opens the first source that shows a GPU and gives power or energy.
     *
     * @throws CollectorUnavailableException when none does, with the reason of each
     */
    public static AmdCollector open(CollectorContext context) throws CollectorUnavailableException {
        List<String> folders = RocmSmi.rocmFolders();
        List<Opening> openings = List.of(
                () -> measuring(RocmSmi.load(RocmSmi.candidates(context.environment(), folders)), context),
                () -> measuring(AmdSmi.load(AmdSmi.candidates(context.environment(), folders),
                        new AmdSysfs(context.sysfs())), context),
                () -> openSysfs(context));
        Set<String> reasons = new LinkedHashSet<>();
        for (Opening opening : openings) {
            try {
                return opening.open();
            } catch (NoSuchDeviceException e) {
                throw e;
            } catch (CollectorUnavailableException e) {
                reasons.add(e.getMessage());
            }
        }
        throw new CollectorUnavailableException(String.join("; ", reasons));
    }

    private interface Opening {
        public AmdCollector open() throws CollectorUnavailableException;
    }

    /** Opens the kernel's files alone. */
    public static AmdCollector openSysfs(CollectorContext context) throws CollectorUnavailableException {
        return new AmdCollector(new AmdSysfs(context.sysfs()), context);
    }

    /** A library may be there and answer nothing; what the kernel shows is better then. */
    private static AmdCollector measuring(AmdSource source, CollectorContext context)
            throws CollectorUnavailableException {
        AmdCollector collector = new AmdCollector(source, context);
        List<DeviceSample> samples = collector.collect();
        if (samples.stream().noneMatch(DeviceSample::hasPowerOrEnergy)
                && samples.stream().noneMatch(sample -> sample.asleep)) {
            collector.close();
            throw new CollectorUnavailableException(source.name() + " gives neither power nor energy ("
                    + samples.get(0).name + ": " + samples.get(0).problem + ")");
        }
        return collector;
    }

    AmdCollector(AmdSource source, CollectorContext context) throws CollectorUnavailableException {
        this.source = source;
        int code = source.init();
        initialised = code == SensorQuery.SUCCESS;
        int count = initialised ? source.count() : 0;
        if (count == 0) {
            close();
            throw new CollectorUnavailableException(source.name() + " shows no AMD GPU"
                    + (code == SensorQuery.SUCCESS ? "" : ": " + source.describe(code)));
        }
        try {
            List<Integer> selected = DeviceSelection.select(context, "ROCR_VISIBLE_DEVICES", count, source::uuid,
                    uuid -> -1);
            boolean anyCard = selected.stream().anyMatch(index -> !AmdModels.isApu(device(index, context.sysfs())));
            Set<String> known = new HashSet<>();
            for (int index : selected) {
                gpus.add(new Gpu(index, context.sysfs(), anyCard, known));
            }
        } catch (CollectorUnavailableException e) {
            close();
            throw e;
        }
        samples = gpus.stream().map(gpu -> gpu.sample).toList();
        gpuInfo = GpuInfo.of(samples.stream().filter(sample -> sample.accounting == Accounting.ADDED)
                .map(sample -> sample.name).toList(), "AMD", "AMDSMI");
    }

    /** The GPU's folder in sysfs; null when its place is not known. */
    private Path device(int index, Path sysfs) {
        String address = source.pciAddress(index);
        return address == null ? null : sysfs.resolve("bus/pci/devices").resolve(address);
    }

    @Override
    public String platform() {
        return "amd";
    }

    @Override
    public String source() {
        String version = source.driverVersion();
        return source.name() + (version == null ? "" : ", driver " + version);
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
            source.shutdown();
        }
        gpus.forEach(gpu -> gpu.suspend.close());
    }

    /** The sources look for GPUs only when they begin, and may give them other indices then. */
    private void reopen(long now) {
        reopening.failed(now);
        if (initialised) {
            source.shutdown();
        }
        int code = source.init();
        initialised = code == SensorQuery.SUCCESS;
        int count = initialised ? source.count() : 0;
        for (Gpu gpu : gpus) {
            boolean wasMissing = gpu.isMissing();
            gpu.find(count, code);
            if (wasMissing && !gpu.isMissing()) {
                gpu.read(now);
            }
        }
    }

    private final class Gpu {

        /** The index at first: what tells GPUs apart that have neither UUID nor address. */
        private final int position;
        private final String uuid;
        private final String pciAddress;
        private final boolean oneOfTwoDies;
        private final RuntimeSuspend suspend;
        private final DeviceSample sample;
        /** -1 while it is missing. */
        private int index;

        private final SensorQuery power = new SensorQuery(SensorQuery.OFTEN);
        private final SensorQuery energy = new SensorQuery(SensorQuery.OFTEN);
        private final SensorQuery temperature = new SensorQuery(SensorQuery.NOW_AND_THEN);
        private final SensorQuery memoryUsed = new SensorQuery(SensorQuery.NOW_AND_THEN);
        private final SensorQuery utilization = new SensorQuery(SensorQuery.NOW_AND_THEN);
        private final SensorQuery memoryTotal = new SensorQuery(SensorQuery.SELDOM);
        private final SensorQuery powerLimit = new SensorQuery(SensorQuery.SELDOM);
        private final List<SensorQuery> queries =
                List.of(power, energy, temperature, memoryUsed, utilization, memoryTotal, powerLimit);
        /** The codes that the problem tells of; success when it tells of something else. */
        private int problemOfPower;
        private int problemOfEnergy;
        private boolean measuredOnOtherDie;

        private boolean anyAnswered;
        private int lostCode;

        Gpu(int index, Path sysfs, boolean besideCard, Set<String> known) {
            this.index = index;
            position = index;
            uuid = source.uuid(index);
            pciAddress = source.pciAddress(index);
            Path device = device(index, sysfs);
            boolean apu = AmdModels.isApu(device);
            oneOfTwoDies = AmdModels.isOneOfTwoDies(device);
            suspend = device == null ? RuntimeSuspend.never() : RuntimeSuspend.of(device);
            String id = uuid != null ? uuid : pciAddress != null ? pciAddress : "amd-" + index;
            // Compute partitions share their board's address, and with it its power.
            boolean partition = pciAddress != null && !known.add(pciAddress);
            String model = source.model(index);
            sample = new DeviceSample(known.add("id " + id) ? id : id + "/" + index,
                    apu ? DeviceKind.SYSTEM_ON_CHIP : DeviceKind.GPU, model == null ? "AMD GPU" : model,
                    partition ? Accounting.CONTAINED : apu && besideCard ? Accounting.BESIDE : Accounting.ADDED);
        }

        boolean isMissing() {
            return index < 0;
        }

        /** Looks for itself among the GPUs there are now. */
        void find(int count, int code) {
            boolean wasMissing = index < 0;
            index = -1;
            if (position < count && isAt(position)) {
                index = position;
            }
            for (int other = 0; other < count && index < 0 && (uuid != null || pciAddress != null); other++) {
                index = isAt(other) ? other : -1;
            }
            if (index < 0) {
                sample.clear();
                sample.problem = code == SensorQuery.SUCCESS ? source.name() + " shows this GPU no more"
                        : source.name() + ": " + source.describe(code);
            } else if (wasMissing) {
                sample.problem = null;
                queries.forEach(SensorQuery::forget);
            }
        }

        private boolean isAt(int candidate) {
            return (uuid == null || uuid.equals(source.uuid(candidate)))
                    && (pciAddress == null || pciAddress.equals(source.pciAddress(candidate)));
        }

        void read(long now) {
            if (index < 0) {
                return;
            }
            if (suspend.isAsleep(now)) {
                sample.sleep();
                problemOfPower = SensorQuery.SUCCESS;
                queries.forEach(SensorQuery::forget);
                return;
            }
            askWhatIsDue(now);
            if (isSuspect()) {
                queries.forEach(SensorQuery::forget);
                askWhatIsDue(now);
            }
            if (isSuspect()) {
                index = -1;
                sample.clear();
                sample.problem = source.name() + ": " + source.describe(lostCode);
            } else {
                noteProblem();
            }
        }

        /** Some codes may speak of the whole GPU or driver; they are believed when no function at all answers. */
        private boolean isSuspect() {
            return lostCode != SensorQuery.SUCCESS && !anyAnswered;
        }

        private void askWhatIsDue(long now) {
            anyAnswered = false;
            lostCode = SensorQuery.SUCCESS;
            if (power.isDue(now)) {
                sample.powerWatts = ask(power, source.power(index), now);
                // A GPU that is on draws something: 0 W is what a sensor says that is not there.
                measuredOnOtherDie = oneOfTwoDies
                        && (sample.powerWatts == 0 || measuredOnOtherDie && power.code() != SensorQuery.SUCCESS);
                sample.powerWatts = sample.powerWatts == 0 ? UNAVAILABLE : sample.powerWatts;
            }
            if (energy.isDue(now)) {
                double joules = ask(energy, source.energy(index), now);
                sample.energyCounterJoules = measuredOnOtherDie ? UNAVAILABLE : joules;
            }
            if (temperature.isDue(now)) {
                sample.temperatureCelsius = ask(temperature, source.temperature(index), now);
            }
            if (memoryUsed.isDue(now)) {
                sample.memoryUsedMb = ask(memoryUsed, source.memoryUsed(index), now);
            }
            if (utilization.isDue(now)) {
                sample.utilizationPercent = ask(utilization, source.utilization(index), now);
            }
            if (memoryTotal.isDue(now)) {
                sample.memoryTotalMb = ask(memoryTotal, source.memoryTotal(index), now);
            }
            if (powerLimit.isDue(now)) {
                sample.powerLimitWatts = ask(powerLimit, source.powerLimit(index), now);
            }
        }

        private double ask(SensorQuery query, int code, long now) {
            boolean answered = query.answered(code, source.isHopeless(code), now);
            anyAnswered |= answered;
            if (source.maySayLost(code)) {
                lostCode = code;
            }
            return answered ? source.value() : UNAVAILABLE;
        }

        private void noteProblem() {
            if (sample.hasPowerOrEnergy()) {
                sample.problem = null;
            } else if (measuredOnOtherDie) {
                problemOfPower = SensorQuery.SUCCESS;
                sample.problem = "the other die of this module measures the power of both";
            } else if (power.code() == SensorQuery.SUCCESS) {
                problemOfPower = SensorQuery.SUCCESS;
                sample.problem = "the power sensor says 0 W, which no GPU draws";
            } else if (sample.problem == null || power.code() != problemOfPower || energy.code() != problemOfEnergy) {
                problemOfPower = power.code();
                problemOfEnergy = energy.code();
                sample.problem = power.code() == energy.code()
                        ? "power and energy: " + source.describe(power.code())
                        : "power: " + source.describe(power.code()) + ", energy: " + source.describe(energy.code());
            }
        }
    }
}
