package collectors.apple.powermetrics;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.Accounting;
import collectors.CollectorContext.MacosPower;
import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.GpuInfo;
import collectors.TelemetryCollector;
import collectors.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;

/**
 * Macs, read through {@link Powermetrics}: CPU, GPU and neural engine of an Apple chip, the CPU package of an Intel
 * one. The energy of every list is added up here, so that joules depend on no clock of ours; what no list covers is
 * told and not guessed.
 */
public final class MacosCollector implements TelemetryCollector {

    private static final Logger LOG = Logger.getLogger(MacosCollector.class.getName());

    /** Exactly so: clients name their tables after it, and after the CPU's brand where it has no digit. */
    private static final GpuInfo APPLE_GPU = new GpuInfo("Apple GPU", "Apple", "Integrated GPU", "powermetrics");
    private static final long MIN_STALE_MILLIS = 1000;
    private static final int STALE_INTERVALS = 5;

    private final ChipPart cpu = new ChipPart(true);
    private final ChipPart gpu = new ChipPart(false);
    private final ChipPart neuralEngine = new ChipPart(false);
    private final ChipPart combined = new ChipPart(cpu, gpu, neuralEngine);
    private final ChipPart intelPackage = new ChipPart(true);
    private final UncountedTime uncounted = new UncountedTime();
    private final String reason;
    private final long intervalMillis;
    private final Powermetrics powermetrics;
    private final long staleNanos;
    private final String staleProblem;
    private final List<Row> rows = new ArrayList<>();
    private final List<DeviceSample> samples;
    private final GpuInfo gpuInfo;

    private String model;
    private double gpuBusyPercent = UNAVAILABLE;
    private boolean moved;
    private boolean frozen;
    private long newestNanos;

    /** A device and the part of the chip that it shows. */
    private record Row(ChipPart part, DeviceSample device) {
    }

    /**
     * Starts powermetrics and waits for its first list.
     *
     * @throws CollectorUnavailableException when there is none; it may take some seconds to be sure of that
     */
    public static MacosCollector open(CollectorContext context) throws CollectorUnavailableException {
        return open(context, "");
    }

    /** The same, told why powermetrics is used at all; empty when it was asked for. */
    public static MacosCollector open(CollectorContext context, String reason) throws CollectorUnavailableException {
        return new MacosCollector(context, "root".equals(System.getProperty("user.name")), reason);
    }

    MacosCollector(CollectorContext context, boolean root, String reason) throws CollectorUnavailableException {
        this.reason = reason;
        intervalMillis = Powermetrics.intervalMillis(context);
        powermetrics = Powermetrics.open(context, root, this::add);
        long staleMillis = Math.max(MIN_STALE_MILLIS, STALE_INTERVALS * intervalMillis);
        staleNanos = TimeUnit.MILLISECONDS.toNanos(staleMillis);
        staleProblem = "powermetrics has given no property list for " + staleMillis + " ms";
        synchronized (this) {
            String mac = model == null ? "" : " (" + model + ")";
            if (intelPackage.isKnown() && !cpu.isKnown() && !combined.isKnown()) {
                addRow(intelPackage, "macos-package", DeviceKind.CPU_PACKAGE, "Intel CPU package" + mac,
                        Accounting.ADDED);
                gpuInfo = GpuInfo.NONE;
            } else {
                addAppleChip(context.macosPower(), mac);
                gpuInfo = APPLE_GPU;
            }
        }
        samples = rows.stream().map(Row::device).toList();
    }

    /** Either the chip as a whole is added up, or its GPU: never a part and the whole. */
    private void addAppleChip(MacosPower power, String mac) {
        boolean whole = power == MacosPower.COMBINED;
        Accounting ofParts = whole ? Accounting.CONTAINED : Accounting.BESIDE;
        if (whole) {
            addRow(combined, "macos-soc", DeviceKind.SYSTEM_ON_CHIP, "Apple CPU + GPU + neural engine" + mac,
                    Accounting.ADDED);
        }
        addRow(cpu, "macos-cpu", DeviceKind.CPU_PACKAGE, "Apple CPU" + mac, ofParts);
        addRow(gpu, "macos-gpu", DeviceKind.GPU, "Apple GPU" + mac, whole ? Accounting.CONTAINED : Accounting.ADDED);
        addRow(neuralEngine, "macos-ane", DeviceKind.NEURAL_ENGINE, "Apple neural engine" + mac, ofParts);
        rows.stream().map(Row::device).filter(device -> device.accounting == Accounting.CONTAINED)
                .forEach(device -> device.containedIn = "macos-soc");
    }

    private void addRow(ChipPart part, String id, DeviceKind kind, String name, Accounting accounting) {
        DeviceSample device = new DeviceSample(id, kind, name, accounting);
        device.integrated = kind == DeviceKind.GPU;
        rows.add(new Row(part, device));
    }

    @Override
    public String platform() {
        return "macos";
    }

    @Override
    public String source() {
        return powermetrics.command() + (reason.isEmpty() ? "" : ", because " + reason);
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
    synchronized List<DeviceSample> collect(long nowNanos) {
        boolean stale = nowNanos - newestNanos > staleNanos;
        String why = stale ? powermetrics.problem() : null;
        for (int i = 0; i < rows.size(); i++) {
            DeviceSample device = rows.get(i).device();
            device.clear();
            device.energyMissedNanos = uncounted.totalNanos();
            if (stale) {
                device.problem = why != null ? why : staleProblem;
                continue;
            }
            rows.get(i).part().fill(device);
            device.energyCounterNanos = newestNanos;
            if (device.kind == DeviceKind.GPU || device.kind == DeviceKind.SYSTEM_ON_CHIP) {
                device.utilizationPercent = gpuBusyPercent;
            }
        }
        return samples;
    }

    @Override
    public void close() {
        powermetrics.close();
    }

    private synchronized void add(PowermetricsSample sample) {
        newestNanos = System.nanoTime();
        model = sample.model();
        gpuBusyPercent = sample.gpuBusyPercent();
        double seconds = sample.secondsOr(intervalMillis / Units.MILLIS_PER_UNIT);
        // A running CPU always draws: no energy means that this chip publishes its energy in batches, and that the
        // power of each list is nothing or too much. Then power is left to be derived from the energy.
        PowermetricsSample.Part running = sample.cpu().isKnown() ? sample.cpu() : sample.intelPackage();
        boolean movedBefore = moved;
        moved = running.millijoules() != 0;
        boolean steady = moved && movedBefore;
        cpu.add(sample.cpu(), steady, seconds);
        gpu.add(sample.gpu(), steady, seconds);
        neuralEngine.add(sample.neuralEngine(), steady, seconds);
        combined.add(sample.combined(), steady, seconds);
        intelPackage.add(sample.intelPackage(), steady, seconds);
        tellWhatIsMissing(Math.round(seconds * Units.NANOS_PER_SECOND));
    }

    private void tellWhatIsMissing(long listNanos) {
        long missing = uncounted.add(newestNanos, listNanos);
        if (missing > 0) {
            LOG.warning(String.format(Locale.ROOT, "powermetrics measured nothing for %.1f s: "
                    + "the energy of that time is not counted", missing / Units.NANOS_PER_SECOND));
        }
        boolean isFrozen = combined.isFrozen() || intelPackage.isFrozen();
        if (isFrozen != frozen) {
            frozen = isFrozen;
            LOG.warning(isFrozen ? "an energy counter of this Mac stands still although power is drawn: its energy is "
                    + "that of the power, or unavailable" : "the energy counters of this Mac count again");
        }
    }
}
