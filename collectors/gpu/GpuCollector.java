package collectors.gpu;

import collectors.Accounting;
import collectors.Backoff;
import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.GpuInfo;
import collectors.TelemetryCollector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * The GPUs of one source. A GPU that fails stays in the list without values and comes back by itself; GPUs that could
 * sleep are not kept awake.
 */
final class GpuCollector implements TelemetryCollector {

    private final GpuSource source;
    private final List<GpuDevice> gpus = new ArrayList<>();
    /** UUIDs of GPUs that are there and not measured: they are never taken for a lost one. */
    private final List<String> hiddenUuids = new ArrayList<>();
    private final List<DeviceSample> samples;
    private final GpuInfo gpuInfo;
    private final Backoff reopening = new Backoff();
    private final IdleRelease idle;
    private boolean listenedTo = true;
    /** The GPUs that were missing and were found when they were looked for last. */
    private final List<GpuDevice> back = new ArrayList<>();
    private boolean open;

    /**
     * Opens the source.
     *
     * @throws CollectorUnavailableException when it cannot start, or shows no GPU that is to be measured
     */
    GpuCollector(GpuSource source, CollectorContext context) throws CollectorUnavailableException {
        this.source = source;
        idle = new IdleRelease(source.wouldWake());
        if (!idle.isReleased()) {
            int code = source.init();
            if (code != GpuSource.SUCCESS) {
                throw new CollectorUnavailableException(source.name() + " cannot start: " + source.describe(code));
            }
            open = true;
        }
        try {
            if (source.count() == 0) {
                throw new CollectorUnavailableException(source.name() + " shows no " + source.vendor() + " GPU");
            }
            select(context);
        } catch (CollectorUnavailableException e) {
            close();
            throw e;
        }
        samples = gpus.stream().map(gpu -> gpu.sample).toList();
        gpuInfo = describeGpus();
    }

    private void select(CollectorContext context) throws CollectorUnavailableException {
        for (int index = 0; open && index < source.count(); index++) {
            source.attach(index);
        }
        List<Integer> selected = DeviceSelection.select(context, source.filters(), source.count(), source::uuid,
                source::ownerOf);
        TreeSet<Integer> measured = new TreeSet<>(selected);
        if (open) {
            selected.forEach(index -> measured.add(source.powerOwner(index)));
        }
        boolean anyCard = measured.stream().anyMatch(index -> source.kind(index) != DeviceKind.SYSTEM_ON_CHIP);
        Map<String, String> boards = new HashMap<>();
        for (int index = 0; index < source.count(); index++) {
            if (measured.contains(index)) {
                gpus.add(new GpuDevice(source, index, open, context.sysfs(), anyCard, boards));
            } else if (source.uuid(index) != null) {
                hiddenUuids.add(source.uuid(index));
            }
        }
    }

    private GpuInfo describeGpus() {
        List<GpuDevice> counted = gpus.stream()
                .filter(gpu -> gpu.sample.accounting == Accounting.ADDED && (!gpu.isMissing() || !open)).toList();
        GpuInfo info = GpuInfo.of(counted.stream().map(gpu -> gpu.sample.name).toList(), source.vendor(),
                source.backend());
        return counted.size() == 1 ? info.withDeviceId(counted.get(0).position()) : info;
    }

    @Override
    public String platform() {
        return source.platform();
    }

    @Override
    public String source() {
        return open ? source.name() + source.version() : source.name();
    }

    @Override
    public GpuInfo gpuInfo() {
        return gpuInfo;
    }

    @Override
    public boolean isProfiling() {
        return !open || gpus.stream().anyMatch(GpuDevice::tellsActivity);
    }

    @Override
    public void setListenedTo(boolean listenedTo) {
        this.listenedTo = listenedTo;
    }

    @Override
    public List<DeviceSample> collect() {
        return collect(System.nanoTime());
    }

    /** {@link #collect()} on any clock that runs as {@link System#nanoTime} does. */
    List<DeviceSample> collect(long now) {
        if (idle.isReleased() && !wake(now)) {
            return samples;
        }
        long offset = now - System.nanoTime();
        boolean anyMissing = false;
        boolean allRest = source.keepsAwake();
        for (int i = 0; i < gpus.size(); i++) {
            GpuDevice gpu = gpus.get(i);
            gpu.read(now, offset);
            anyMissing |= gpu.isMissing();
            allRest = allRest && gpu.mayRest(now);
        }
        if (idle.release(now, allRest && !listenedTo)) {
            close();
            gpus.forEach(gpu -> gpu.rest(now));
        } else if (reopening.mayTry(now)) {
            if (anyMissing) {
                reopen(now, offset);
            } else {
                reopening.succeeded(); // only now: a GPU that is lost again at once is not a reason to hurry
            }
        }
        return samples;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            source.shutdown();
        }
        gpus.forEach(GpuDevice::close);
    }

    /** Opens the source that was closed so that its GPUs could sleep, if one of them is awake; says whether it did. */
    private boolean wake(long now) {
        boolean anyAwake = false;
        for (int i = 0; i < gpus.size(); i++) {
            anyAwake |= gpus.get(i).rest(now);
        }
        if (!idle.reopen(now, anyAwake, listenedTo)) {
            return false;
        }
        start();
        return true;
    }

    /**
     * Looks for the GPUs that are missing. The sources look for GPUs only when they begin, and may give all of them
     * other indices then; a denied GPU is only asked for again, as a restart is slow.
     */
    private void reopen(long now, long offset) {
        if (!open || gpus.stream().anyMatch(GpuDevice::isLost)) {
            reopening.failed(now);
            if (open) {
                source.shutdown();
            }
            start();
        } else {
            reopening.failedForNow(now);
            findAll();
        }
        for (int i = 0; i < back.size(); i++) {
            back.get(i).read(now, offset);
        }
    }

    private void start() {
        int code = source.init();
        open = code == GpuSource.SUCCESS;
        if (open) {
            findAll();
        } else {
            back.clear();
            gpus.forEach(gpu -> gpu.lose(code));
        }
    }

    private void findAll() {
        List<String> known = new ArrayList<>(hiddenUuids);
        gpus.stream().map(GpuDevice::uuid).filter(Objects::nonNull).forEach(known::add);
        back.clear();
        gpus.stream().filter(gpu -> gpu.find(source.count(), known)).forEach(back::add);
    }
}
