package collectors.gpu;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.Accounting;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.linux.RuntimeSuspend;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One GPU of a source: who it is, where it is found, and its sample. Power and energy are asked at every sweep, what
 * changes slowly less often.
 */
final class GpuDevice {

    /** Drivers cache their tables for about a millisecond; this is far beyond that. */
    private static final long MAX_STAMP_NANOS = 100_000_000L;

    final DeviceSample sample;

    private final GpuSource source;
    /** The first index, which identifies a GPU that has neither UUID nor address. */
    private final int position;
    private String uuid;
    private final String pciAddress;
    private final RuntimeSuspend suspend;
    private final boolean maySleep;
    private final boolean maySharePower;
    /** -1 while it is missing. */
    private int index = -1;
    private int missingCode;

    private final SensorQuery power = new SensorQuery(SensorQuery.EVERY_SWEEP);
    private final SensorQuery energy = new SensorQuery(SensorQuery.EVERY_SWEEP);
    private final SensorQuery temperature = new SensorQuery(SensorQuery.FIVE_TIMES_A_SECOND);
    private final SensorQuery memoryUsed = new SensorQuery(SensorQuery.FIVE_TIMES_A_SECOND);
    private final SensorQuery utilization = new SensorQuery(SensorQuery.FIVE_TIMES_A_SECOND);
    private final SensorQuery memoryTotal = new SensorQuery(SensorQuery.EVERY_FIVE_SECONDS);
    private final SensorQuery powerLimit = new SensorQuery(SensorQuery.EVERY_FIVE_SECONDS);
    private final SensorQuery activity = new SensorQuery(SensorQuery.SIX_TIMES_A_SECOND);
    private final List<SensorQuery> queries =
            List.of(power, energy, temperature, memoryUsed, utilization, memoryTotal, powerLimit, activity);
    /** The energy counter's timestamp, and since when it has been that. */
    private long energyNanos;
    private long energySinceNanos;
    private boolean measuredElsewhere;
    private long clockOffset;
    /** The codes that the problem describes; success when it describes something else. */
    private int problemOfPower;
    private int problemOfEnergy;

    private boolean anyAnswered;
    private int lostCode;

    /**
     * @param open       whether the source can be asked; if not, the GPU sleeps
     * @param sysfs      where the kernel shows whether it sleeps
     * @param besideCard whether there are GPUs with memory of their own, beside which a CPU's is an extra
     * @param boards     the GPUs so far: what they are known by to {@link DeviceSample#id}
     */
    GpuDevice(GpuSource source, int index, boolean open, Path sysfs, boolean besideCard, Map<String, String> boards) {
        this.source = source;
        position = index;
        int code = open ? source.attach(index) : GpuSource.SUCCESS;
        uuid = code == GpuSource.SUCCESS ? source.uuid(index) : null;
        pciAddress = code == GpuSource.SUCCESS ? source.pciAddress(index) : null;
        String model = code == GpuSource.SUCCESS ? source.model(index) : null;
        Path folder = PciFolder.of(sysfs, pciAddress);
        suspend = folder == null ? RuntimeSuspend.never() : RuntimeSuspend.of(folder);
        maySleep = PciFolder.maySleep(folder);
        String id = uuid != null ? uuid : pciAddress != null ? pciAddress : source.platform() + "-" + index;
        id = boards.containsValue(id) ? id + "/" + index : id;
        // Compute partitions share their board's address, and with it its power.
        String board = pciAddress == null ? null : boards.putIfAbsent(pciAddress, id);
        boards.putIfAbsent(id, id);
        DeviceKind kind = source.kind(index);
        sample = new DeviceSample(id, kind, model == null ? source.vendor() + " GPU" : model,
                board != null ? Accounting.CONTAINED
                        : kind == DeviceKind.SYSTEM_ON_CHIP && besideCard ? Accounting.BESIDE : Accounting.ADDED);
        sample.containedIn = board == null ? "" : board;
        sample.machineIndex = index;
        maySharePower = source.maySharePower(index);
        sample.integrated = source.isIntegrated(index);
        sample.energyCounterRangeJoules = source.energyRangeJoules(index);
        if (!open) {
            sample.sleep();
        } else if (code == GpuSource.SUCCESS) {
            this.index = index;
        } else {
            lose(code);
        }
    }

    String uuid() {
        return uuid;
    }

    int position() {
        return position;
    }

    boolean isMissing() {
        return index < 0;
    }

    /** Whether it tells what works inside it. */
    boolean tellsActivity() {
        return index >= 0 && source.tellsActivity(index);
    }

    /** Whether it is missing in a way that starting the source again may mend. */
    boolean isLost() {
        return index < 0 && !source.isDenied(missingCode);
    }

    /** Whether it is asleep, or idle and able to sleep once nobody holds the driver open. */
    boolean mayRest(long now) {
        return maySleep && (suspend.isAsleep(now) || index >= 0 && sample.utilizationPercent == 0);
    }

    /** Leaves the GPU alone while the source is closed; says whether it is awake. */
    boolean rest(long now) {
        boolean asleep = suspend.isAsleep(now);
        if (asleep != sample.asleep || index >= 0) {
            index = -1;
            sample.clear();
            sample.problem = "idle: the driver is closed for a while so that the GPU can be suspended";
            problemOfPower = GpuSource.SUCCESS;
            if (asleep) {
                sample.sleep();
            }
        }
        return !asleep;
    }

    /** Looks for itself among the GPUs that the source shows now; says whether it was missing and is back. */
    boolean find(int count, List<String> otherUuids) {
        boolean wasMissing = index < 0;
        int code = position < count ? source.attach(position) : GpuSource.SUCCESS;
        index = position < count && code == GpuSource.SUCCESS && isAt(position, otherUuids) ? position : -1;
        for (int other = 0; other < count && index < 0; other++) {
            boolean found = other != position && source.attach(other) == GpuSource.SUCCESS && isAt(other, otherUuids);
            index = found ? other : -1;
        }
        if (index < 0 && code == GpuSource.SUCCESS) {
            lose(code);
            sample.problem = source.name() + " no longer shows this GPU";
        } else if (index < 0) {
            lose(code);
        } else if (wasMissing) {
            uuid = uuid == null ? source.uuid(index) : uuid;
            sample.asleep = false;
            sample.problem = null;
            queries.forEach(SensorQuery::forget);
        }
        return wasMissing && index >= 0;
    }

    private boolean isAt(int candidate, List<String> otherUuids) {
        String foundUuid = source.uuid(candidate);
        String foundAddress = source.pciAddress(candidate);
        boolean sameUuid = uuid != null && foundUuid != null;
        boolean sameAddress = pciAddress != null && foundAddress != null;
        if (!sameUuid && !sameAddress) {
            return candidate == position && !otherUuids.contains(foundUuid);
        }
        return (!sameUuid || uuid.equals(foundUuid)) && (!sameAddress || pciAddress.equals(foundAddress));
    }

    void lose(int code) {
        index = -1;
        missingCode = code;
        sample.clear();
        sample.problem = source.name() + ": " + source.describe(code);
    }

    /**
     * Asks what is due.
     *
     * @param now    when this sweep began
     * @param offset what to add to {@link System#nanoTime} for the clock that {@code now} is of
     */
    void read(long now, long offset) {
        clockOffset = offset;
        if (index < 0) {
            return;
        }
        if (suspend.isAsleep(now)) {
            sample.sleep();
            problemOfPower = GpuSource.SUCCESS;
            queries.forEach(SensorQuery::forget);
            return;
        }
        sample.asleep = false;
        askWhatIsDue(now);
        if (isSuspect()) {
            queries.forEach(SensorQuery::forget);
            askWhatIsDue(now);
        }
        if (isSuspect()) {
            lose(lostCode);
        } else {
            noteProblem();
        }
    }

    void close() {
        suspend.close();
    }

    /** Some codes may speak of the whole GPU or driver; they are believed when no function at all answers. */
    private boolean isSuspect() {
        return lostCode != GpuSource.SUCCESS && !anyAnswered;
    }

    private void askWhatIsDue(long now) {
        anyAnswered = false;
        lostCode = GpuSource.SUCCESS;
        if (power.isDue(now) || energy.isDue(now)) {
            askPowerAndEnergy(now);
        }
        if (temperature.isDue(now)) {
            sample.temperatureCelsius = ask(temperature, source.temperature(index), now);
        }
        if (memoryUsed.isDue(now)) {
            sample.memoryUsedMb = ask(memoryUsed, source.memoryUsed(index), now);
        }
        if (utilization.isDue(now)) {
            sample.utilizationPercent = ask(utilization, source.utilization(index), now);
            sample.memoryUtilizationPercent = utilization.code() == GpuSource.SUCCESS
                    ? source.memoryUtilizationPercent() : UNAVAILABLE;
        }
        if (memoryTotal.isDue(now)) {
            sample.memoryTotalMb = ask(memoryTotal, source.memoryTotal(index), now);
        }
        if (powerLimit.isDue(now)) {
            sample.powerLimitWatts = ask(powerLimit, source.powerLimit(index), now);
        }
        if (tellsActivity() && activity.isDue(now)) {
            ask(activity, source.activity(index), now);
            sample.smActivityPercent = source.smActivityPercent();
            sample.tensorActivityPercent = source.tensorActivityPercent();
            sample.dramActivityPercent = source.dramActivityPercent();
        }
    }

    private void askPowerAndEnergy(long now) {
        sample.askedNanos = System.nanoTime() + clockOffset;
        source.refresh(index);
        if (energy.isDue(now)) {
            int code = source.energy(index);
            boolean stale = code == GpuSource.SUCCESS && isStale(source.energyNanos(), now);
            sample.energyCounterJoules = ask(energy, stale ? GpuSource.STALE : code, now);
            sample.energyCounterNanos = energy.code() == GpuSource.SUCCESS ? source.energyNanos() : 0;
        }
        sample.answeredNanos = System.nanoTime() + clockOffset;
        sample.instantPowerWatts = source.instantPowerWatts();
        if (power.isDue(now)) {
            double watts = ask(power, source.power(index), now);
            sample.powerAveragingSeconds = source.powerAveragingSeconds();
            boolean failed = power.code() != GpuSource.SUCCESS;
            measuredElsewhere = maySharePower && (watts == 0 || failed
                    && (measuredElsewhere || source.isHopeless(power.code())));
            // A GPU that is on draws something: 0 W is what a sensor says that is not there.
            sample.powerWatts = watts == 0 ? UNAVAILABLE : watts;
        }
        if (!DeviceSample.isAvailable(sample.energyCounterJoules)) {
            sample.answeredNanos = System.nanoTime() + clockOffset; // then it is the power that the moments are of
        }
        if (measuredElsewhere) {
            sample.energyCounterJoules = UNAVAILABLE;
            sample.energyCounterNanos = 0;
        }
    }

    /** Records the counter's timestamp; true when it has been the same for longer than drivers cache a reading. */
    private boolean isStale(long timestampNanos, long now) {
        if (timestampNanos != energyNanos) {
            energyNanos = timestampNanos;
            energySinceNanos = now;
            return false;
        }
        return source.stampsEveryReading() && timestampNanos != 0 && now - energySinceNanos >= MAX_STAMP_NANOS;
    }

    private double ask(SensorQuery query, int code, long now) {
        boolean answered = query.answered(code, code != GpuSource.STALE && source.isHopeless(code), now);
        anyAnswered |= answered;
        if (code == GpuSource.STALE || source.maySayLost(code)) {
            lostCode = code;
        }
        return answered ? source.value() : UNAVAILABLE;
    }

    private void noteProblem() {
        if (sample.hasPowerOrEnergy()) {
            sample.problem = null;
        } else if (measuredElsewhere) {
            problemOfPower = GpuSource.SUCCESS;
            sample.problem = "the other part of its module or board measures its power too";
        } else if (power.code() == GpuSource.SUCCESS) {
            problemOfPower = GpuSource.SUCCESS;
            sample.problem = "the power sensor reads 0 W, which no running GPU draws";
        } else if (sample.problem == null || power.code() != problemOfPower || energy.code() != problemOfEnergy) {
            problemOfPower = power.code();
            problemOfEnergy = energy.code();
            sample.problem = power.code() == energy.code() ? "power and energy: " + describe(power.code())
                    : "power: " + describe(power.code()) + ", energy: " + describe(energy.code());
        }
    }

    private String describe(int code) {
        return code == GpuSource.STALE ? "the library returned an old value of the counter" : source.describe(code);
    }
}
