package collectors.apple;

import static collectors.DeviceSample.UNAVAILABLE;
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
import java.util.concurrent.TimeUnit;

/**
 * Macs, read through {@link Powermetrics}: CPU, GPU and neural engine of an Apple chip, the CPU package of an Intel
 * one. The energy of every list is added up here, so that joules depend on no clock of ours.
 */
public final class MacosCollector implements TelemetryCollector {

    private static final long LEAST_STALE_MILLIS = 1000;
    private static final int STALE_INTERVALS = 5;

    private final Domain cpu = new Domain();
    private final Domain gpu = new Domain();
    private final Domain neuralEngine = new Domain();
    private final Domain combined = new Domain();
    private final Domain intelPackage = new Domain();
    private final Powermetrics powermetrics;
    private final long staleNanos;
    private final String staleProblem;
    private final List<Row> rows = new ArrayList<>();
    private final List<DeviceSample> samples;
    private final GpuInfo gpuInfo;

    private String model;
    private double gpuBusyPercent = UNAVAILABLE;
    private boolean moved;
    private long newestNanos;

    /**
     * Starts powermetrics and waits for its first list.
     *
     * @throws CollectorUnavailableException when there is none; it may take some seconds to be sure of that
     */
    public static MacosCollector open(CollectorContext context) throws CollectorUnavailableException {
        return new MacosCollector(context, "root".equals(System.getProperty("user.name")));
    }

    MacosCollector(CollectorContext context, boolean root) throws CollectorUnavailableException {
        powermetrics = Powermetrics.open(context, root, this::take);
        long staleMillis = Math.max(LEAST_STALE_MILLIS, STALE_INTERVALS * powermetrics.intervalMillis());
        staleNanos = TimeUnit.MILLISECONDS.toNanos(staleMillis);
        staleProblem = "powermetrics has given no property list for " + staleMillis + " ms";
        synchronized (this) {
            String mac = model == null ? "" : " (" + model + ")";
            if (intelPackage.known && !cpu.known && !combined.known) {
                rows.add(new Row(intelPackage, new DeviceSample("macos-package", DeviceKind.CPU_PACKAGE,
                        "Intel CPU package" + mac, Accounting.ADDED)));
                gpuInfo = GpuInfo.NONE;
            } else {
                addAppleChip(context.macosPower(), mac);
                gpuInfo = new GpuInfo("Apple GPU" + mac + " x1", "Apple", "Integrated GPU", "powermetrics");
            }
        }
        samples = rows.stream().map(row -> row.device).toList();
    }

    /** Either the chip as a whole is added up, or its GPU: never a part and the whole. */
    private void addAppleChip(MacosPower power, String mac) {
        boolean whole = power == MacosPower.COMBINED;
        if (whole) {
            rows.add(new Row(combined, new DeviceSample("macos-soc", DeviceKind.SYSTEM_ON_CHIP,
                    "Apple CPU + GPU + neural engine" + mac, Accounting.ADDED)));
        }
        rows.add(new Row(cpu, new DeviceSample("macos-cpu", DeviceKind.CPU_PACKAGE, "Apple CPU" + mac,
                whole ? Accounting.CONTAINED : Accounting.BESIDE)));
        rows.add(new Row(gpu, new DeviceSample("macos-gpu", DeviceKind.GPU, "Apple GPU" + mac,
                whole ? Accounting.CONTAINED : Accounting.ADDED)));
        rows.add(new Row(neuralEngine, new DeviceSample("macos-ane", DeviceKind.NEURAL_ENGINE,
                "Apple neural engine" + mac, whole ? Accounting.CONTAINED : Accounting.BESIDE)));
    }

    @Override
    public String platform() {
        return "macos";
    }

    @Override
    public String source() {
        return powermetrics.command();
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
    synchronized List<DeviceSample> collect(long now) {
        boolean stale = now - newestNanos > staleNanos;
        String why = stale ? powermetrics.problem() : null;
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            row.device.clear();
            if (stale) {
                row.device.problem = why != null ? why : staleProblem;
            } else {
                row.fill();
            }
        }
        return samples;
    }

    @Override
    public void close() {
        powermetrics.close();
    }

    private synchronized void take(PowermetricsSample sample) {
        newestNanos = System.nanoTime();
        model = sample.model();
        gpuBusyPercent = sample.gpuBusyPercent();
        // A running CPU always draws: nothing used means that this chip publishes its energy in batches, and that the
        // power of each list is nothing or too much. Then it is left to be told from the energy counted.
        PowermetricsSample.Part running = sample.cpu().isKnown() ? sample.cpu() : sample.intelPackage();
        boolean movedBefore = moved;
        moved = running.millijoules() != 0;
        boolean steady = moved && movedBefore;
        cpu.take(sample.cpu(), steady);
        gpu.take(sample.gpu(), steady);
        neuralEngine.take(sample.neuralEngine(), steady);
        combined.take(sample.combined(), steady);
        intelPackage.take(sample.intelPackage(), steady);
    }

    /** A part of the chip, summed up since the first list. */
    private static final class Domain {

        private double millijoules;
        private boolean counted;
        private boolean known;
        private double powerWatts = UNAVAILABLE;

        void take(PowermetricsSample.Part part, boolean steady) {
            known = part.isKnown();
            counted = isAvailable(part.millijoules());
            millijoules += counted ? part.millijoules() : 0;
            powerWatts = steady || !counted ? part.powerWatts() : UNAVAILABLE;
        }
    }

    /** A device and the part of the chip that it shows. */
    private final class Row {

        private final Domain domain;
        private final DeviceSample device;

        Row(Domain domain, DeviceSample device) {
            this.domain = domain;
            this.device = device;
        }

        void fill() {
            device.powerWatts = domain.powerWatts;
            device.energyCounterJoules = domain.counted ? domain.millijoules / 1e3 : UNAVAILABLE;
            if (device.kind == DeviceKind.GPU || device.kind == DeviceKind.SYSTEM_ON_CHIP) {
                device.utilizationPercent = gpuBusyPercent;
            }
            if (!domain.known) {
                device.problem = "powermetrics lists nothing for it on this Mac";
            }
        }
    }
}
