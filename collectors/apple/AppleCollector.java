package collectors.apple;

import static collectors.DeviceSample.isAvailable;

import collectors.Accounting;
import collectors.CollectorContext.MacosPower;
import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.GpuInfo;
import collectors.TelemetryCollector;
import java.util.ArrayList;
import java.util.List;

/**
 * Apple's chips without privilege: the energy of CPU, GPU, neural engine and memory by {@link IoReport}, the power of
 * the machine by its {@link SystemPower controller}, the use of the GPU by its {@link GpuStatistics driver}. Where the
 * CPU's counter does not move, as on versions of macOS 27, powermetrics is used instead.
 */
final class AppleCollector implements TelemetryCollector {

    /** Exactly so: clients name their tables after it, and after the CPU's brand where it has no digit. */
    private static final GpuInfo APPLE_GPU = new GpuInfo("Apple GPU", "Apple", "Integrated GPU", "IOReport");
    private static final double BUSY_PERCENT = 5;

    private final AppleSensors sensors;
    private final AppleClock clock;
    private final boolean combined;
    private final PowermetricsFallback fallback;
    private final List<CountedPart> parts = new ArrayList<>();
    private final List<DeviceSample> devices = new ArrayList<>();
    private final CountedPart cpu;
    private final CountedPart gpu;
    private final DeviceSample machine = new DeviceSample("macos-machine", DeviceKind.MACHINE, "Whole Mac",
            Accounting.BESIDE);
    private long gpuIdleNanos;

    AppleCollector(CollectorContext context, AppleLibraries libraries, AppleClock clock,
                   AppleOpening.Powermetrics powermetrics) throws CollectorUnavailableException {
        this.clock = clock;
        combined = context.macosPower() == MacosPower.COMBINED;
        // Of powermetrics' devices each is taken by itself: never the chip as a whole.
        CollectorContext apart = new CollectorContext(context.sysfs(), context.procfs(), context.environment(),
                context.intervalMillis(), context.devices(), MacosPower.GPU);
        fallback = new PowermetricsFallback(reason -> powermetrics.open(apart, reason));
        sensors = new AppleSensors(libraries);
        Accounting besideGpu = combined ? Accounting.ADDED : Accounting.BESIDE;
        cpu = add(sensors.cpu, "macos-cpu", DeviceKind.CPU_PACKAGE, "Apple CPU", besideGpu);
        sensors.clusters.forEach((letter, channels) -> add(channels, "macos-cpu-" + letter, DeviceKind.CPU_CORES,
                "Apple CPU, cores " + letter, Accounting.CONTAINED).device.containedIn = "macos-cpu");
        gpu = add(sensors.gpu, "macos-gpu", DeviceKind.GPU, "Apple GPU", Accounting.ADDED);
        gpu.device.integrated = true;
        if (!sensors.neuralEngine.isEmpty()) {
            add(sensors.neuralEngine, "macos-ane", DeviceKind.NEURAL_ENGINE, "Apple neural engine", besideGpu);
        }
        if (!sensors.dram.isEmpty()) {
            add(sensors.dram, "macos-dram", DeviceKind.DRAM, "Apple DRAM", Accounting.BESIDE);
        }
        if (sensors.power.isKnown()) {
            devices.add(machine);
        }
    }

    private CountedPart add(List<EnergyChannel> channels, String id, DeviceKind kind, String name,
                            Accounting accounting) {
        CountedPart part = new CountedPart(new DeviceSample(id, kind, name, accounting), channels);
        parts.add(part);
        devices.add(part.device);
        return part;
    }

    /** Looks once more whether the CPU's counter moves; whether its power is known. */
    boolean hasCpuPower() {
        look();
        return cpu.hasPower();
    }

    /** powermetrics has been tried, in vain. */
    void goOnWithoutPowermetrics(CollectorUnavailableException why) {
        cpu.freeze(clock.nanoTime());
        fallback.failed(why);
    }

    @Override
    public String platform() {
        return "macos";
    }

    @Override
    public String source() {
        return sensors.description() + (cpu.isFrozen() ? "; the CPU's energy stands still" : "");
    }

    @Override
    public String remedy() {
        return cpu.isFrozen() || gpu.isFrozen() ? fallback.remedy() : "";
    }

    @Override
    public GpuInfo gpuInfo() {
        return APPLE_GPU;
    }

    @Override
    public List<DeviceSample> collect() throws Exception {
        long askedNanos = clock.nanoTime();
        long nowNanos = look();
        standIn();
        for (int i = 0; i < parts.size(); i++) {
            fill(parts.get(i), askedNanos, nowNanos);
        }
        if (combined) {
            requireAllAdded();
        }
        gpu.device.utilizationPercent = sensors.gpuUse.utilizationPercent;
        gpu.device.memoryUsedMb = sensors.gpuUse.memoryUsedMb;
        machine.clear();
        machine.powerWatts = sensors.power.watts();
        machine.problem = machine.hasPowerOrEnergy() ? null : "the SMC gives no power of the machine now";
        return devices;
    }

    /** Asks the counters and judges what stands still; returns when. */
    private long look() {
        sensors.ioReport.sample();
        long now = clock.nanoTime();
        sensors.gpuUse.read();
        gpuIdleNanos = isGpuBusy() && gpuIdleNanos != 0 ? gpuIdleNanos : now;
        for (int i = 0; i < parts.size(); i++) {
            parts.get(i).look(now);
        }
        long cpuStill = cpu.stillNanos(now);
        long gpuStill = Math.min(gpu.stillNanos(now), now - gpuIdleNanos);
        for (int i = 0; i < parts.size(); i++) {
            judge(parts.get(i), parts.get(i) == gpu ? gpuStill : cpuStill, now);
        }
        return now;
    }

    /** One driver counts all but the GPU: when the CPU's counter, which never rests, stands still, so do they all. */
    private void judge(CountedPart part, long stillNanos, long nowNanos) {
        if (stillNanos >= CountedPart.FROZEN_NANOS) {
            part.freeze(nowNanos - stillNanos);
        } else if (part == gpu) {
            if (!isAvailable(sensors.gpuUse.utilizationPercent)) {
                part.doubt(nowNanos);
            } else if (!isGpuBusy()) {
                part.rest(nowNanos);
            }
        } else if (part != cpu && cpu.hasPower()) {
            part.thaw(nowNanos);
            part.rest(nowNanos);
        }
    }

    private boolean isGpuBusy() {
        return sensors.gpuUse.utilizationPercent >= BUSY_PERCENT;
    }

    /** Starts powermetrics when a counter has stopped, and ends it when all move again. */
    private void standIn() {
        if (cpu.isFrozen() || gpu.isFrozen()) {
            fallback.begin("IOReport's " + (cpu.isFrozen() ? "CPU" : "GPU") + " energy stands still");
        } else {
            fallback.end();
        }
    }

    private void fill(CountedPart part, long askedNanos, long nowNanos) throws Exception {
        DeviceSample device = part.device;
        device.clear();
        device.askedNanos = askedNanos;
        device.answeredNanos = nowNanos;
        part.fill();
        if (part.isFrozen()) {
            DeviceSample other = fallback.sample(device.id);
            if (other != null) {
                part.fillFrom(other, nowNanos);
            } else {
                String why = fallback.problem();
                device.problem = "IOReport's energy of it stands still; "
                        + (why == null ? "powermetrics does not know it" : why);
            }
        } else if (!part.isPresent()) {
            device.problem = "IOReport does not have it in its latest sample";
        }
    }

    /** A sum of CPU, GPU and neural engine that lacks one of them would be taken for the whole chip's. */
    private void requireAllAdded() {
        DeviceSample lacking = null;
        for (int i = 0; i < parts.size() && lacking == null; i++) {
            lacking = isAdded(parts.get(i)) && !isTold(parts.get(i)) ? parts.get(i).device : null;
        }
        for (int i = 0; i < parts.size() && lacking != null; i++) {
            DeviceSample device = parts.get(i).device;
            if (isAdded(parts.get(i))) {
                String own = device.problem;
                device.clear();
                device.problem = own != null || device == lacking ? own : "not told while " + lacking.name
                        + " is unknown, as their sum would be too low (--macos-power gpu tells it)";
            }
        }
    }

    private static boolean isAdded(CountedPart part) {
        return part.device.accounting == Accounting.ADDED;
    }

    /** powermetrics may leave power to its counter. */
    private static boolean isTold(CountedPart part) {
        return part.isFrozen() ? part.device.hasPowerOrEnergy() : isAvailable(part.device.powerWatts);
    }

    @Override
    public void close() {
        fallback.close();
        sensors.close();
    }
}
