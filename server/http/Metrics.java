package server.http;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import energy.DescribeResponse;
import energy.DeviceReading;
import energy.HealthResponse;
import energy.OwnCost;
import energy.TelemetryReading;
import energy.TotalReading;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * One reading as Prometheus wants it: in base units, and without what is unavailable. A device's text labels that may
 * change (its joules' source, its problem) stand in metrics of their own, so that its counters stay the same series.
 */
final class Metrics {

    private record Point(double value, Labels labels) {
    }

    private static final String MONITOR = "energy_monitor_";
    private static final String DEVICE = MONITOR + "device_";
    private static final double BYTES_PER_MIB = 1024 * 1024;
    private static final int MAX_PROBLEM_CHARACTERS = 200;

    private final MetricSnapshots.Builder snapshots = MetricSnapshots.builder();

    private Metrics() {
    }

    /**
     * What there is to tell.
     *
     * @param reading     with its details
     * @param ageSeconds  how long ago the reading's sensors were asked
     * @param unixSeconds now
     */
    static MetricSnapshots of(TelemetryReading reading, HealthResponse health, DescribeResponse description,
                              double ageSeconds, double unixSeconds) {
        Metrics metrics = new Metrics();
        metrics.addSums(reading);
        metrics.addDevices(reading.getDetails().getDevicesList());
        metrics.addMonitor(health, description, ageSeconds, unixSeconds);
        return metrics.snapshots.build();
    }

    private void addSums(TelemetryReading reading) {
        TotalReading total = reading.getDetails().getTotal();
        gauge(MONITOR + "total_power_watts", "Power drawn now by all that is measured, nothing counted twice.",
                one(total.getPowerWatts()));
        counter(MONITOR + "total_energy_joules",
                "Energy used by all that is measured since the monitor started, nothing counted twice.",
                one(total.getEnergyJoules()));
        gauge(MONITOR + "power_watts", "Power drawn now, summed over the platform's devices.",
                one(reading.getPowerWatts()));
        counter(MONITOR + "energy_joules",
                "Energy used since the monitor started, summed over the platform's devices.",
                one(reading.getEnergyJoules()));
        gauge(MONITOR + "cpu_power_watts", "Power drawn now by the CPU packages beside the platform's devices.",
                one(reading.getCpuPowerWatts()));
        counter(MONITOR + "cpu_energy_joules", "Energy used by the CPU packages beside the platform's devices.",
                one(reading.getCpuEnergyJoules()));
        gauge(MONITOR + "neural_engine_power_watts",
                "Power drawn now by the neural engine beside the platform's devices.",
                one(reading.getAnePowerWatts()));
        counter(MONITOR + "neural_engine_energy_joules",
                "Energy used by the neural engine beside the platform's devices.",
                one(reading.getAneEnergyJoules()));
        gauge(MONITOR + "memory_used_bytes", "Memory in use on the platform's devices.",
                one(times(BYTES_PER_MIB, reading.getGpuMemoryUsageMb())));
        gauge(MONITOR + "host_memory_used_bytes", "Memory in use on the host: total minus available.",
                one(times(BYTES_PER_MIB, reading.getCpuMemoryUsageMb())));
    }

    private void addDevices(List<DeviceReading> devices) {
        List<Labels> labels = labels(devices);
        gauge(DEVICE + "up", "Whether the device's power is known now, or it sleeps; 0: see the problem.",
                each(devices, labels, device -> isUp(device) ? 1 : 0));
        gauge(DEVICE + "asleep", "Whether the kernel has suspended the device, which is not woken to be measured.",
                each(devices, labels, device -> device.getAsleep() ? 1 : 0));
        gauge(DEVICE + "counted", "Whether the device is part of the total.",
                each(devices, labels, device -> device.getInTotal() ? 1 : 0));
        gauge(DEVICE + "power_watts", "Power that the device draws now, watts; the rate of its joules is the mean.",
                each(devices, labels, DeviceReading::getPowerWatts));
        gauge(DEVICE + "power_age_seconds", "How long ago its power was asked for, of a meter that is asked more rarely.",
                each(devices, labels, DeviceReading::getPowerAgeSeconds));
        counter(DEVICE + "energy_joules",
                "Energy that the device has used since the monitor started, joules; never falls.",
                each(devices, labels, DeviceReading::getEnergyJoules));
        gauge(DEVICE + "temperature_celsius", "Temperature of the device, degrees Celsius.",
                each(devices, labels, DeviceReading::getTemperatureCelsius));
        gauge(DEVICE + "memory_used_bytes", "Memory of the device in use, bytes.",
                each(devices, labels, device -> times(BYTES_PER_MIB, device.getMemoryUsedMb())));
        gauge(DEVICE + "memory_size_bytes", "Memory installed on the device, bytes.",
                each(devices, labels, device -> times(BYTES_PER_MIB, device.getMemoryTotalMb())));
        gauge(DEVICE + "utilization_ratio", "Part of the time in which the device computed.",
                each(devices, labels, device -> times(0.01, device.getUtilizationPercent())));
        gauge(DEVICE + "memory_utilization_ratio", "Part of the time in which its memory was read or written.",
                each(devices, labels, device -> times(0.01, device.getMemoryUtilizationPercent())));
        gauge(DEVICE + "sm_activity_ratio", "Part of the SMs that were busy, where it is profiled.",
                each(devices, labels, device -> times(0.01, device.getSmActivityPercent())));
        gauge(DEVICE + "tensor_activity_ratio", "Part of the time in which tensor cores worked, where it is profiled.",
                each(devices, labels, device -> times(0.01, device.getTensorActivityPercent())));
        gauge(DEVICE + "dram_activity_ratio", "Part of its memory's bandwidth that was used, where it is profiled.",
                each(devices, labels, device -> times(0.01, device.getDramActivityPercent())));
        gauge(DEVICE + "power_limit_watts", "Power that the device is kept under, watts.",
                each(devices, labels, DeviceReading::getPowerLimitWatts));
        addTexts(devices, labels);
    }

    private void addTexts(List<DeviceReading> devices, List<Labels> labels) {
        InfoSnapshot.Builder infos = InfoSnapshot.builder().name(MONITOR + "device")
                .help("What the device is, and where its joules come from.");
        List<Point> problems = new ArrayList<>();
        for (int i = 0; i < devices.size(); i++) {
            DeviceReading device = devices.get(i);
            infos.dataPoint(InfoDataPointSnapshot.builder().labels(labels.get(i).merge(Labels.of(
                    "name", device.getName(), "accounting", device.getAccounting(),
                    "source", source(device)))).build());
            String problem = device.getProblem();
            if (!problem.isEmpty()) {
                problems.add(new Point(1, labels.get(i).merge(Labels.of("problem",
                        problem.substring(0, Math.min(problem.length(), MAX_PROBLEM_CHARACTERS))))));
            }
        }
        if (!devices.isEmpty()) {
            snapshots.metricSnapshot(infos.build());
        }
        gauge(DEVICE + "problem", "1 with the reason why something of the device is unavailable.", problems);
    }

    private static boolean isUp(DeviceReading device) {
        return isAvailable(device.getPowerWatts()) || device.getAsleep();
    }

    private static String source(DeviceReading device) {
        return switch (device.getEnergySource()) {
            case ENERGY_SOURCE_COUNTER -> "counter";
            case ENERGY_SOURCE_INTEGRATED -> "integrated";
            default -> "unavailable";
        };
    }

    private void addMonitor(HealthResponse health, DescribeResponse description, double ageSeconds,
                            double unixSeconds) {
        OwnCost cost = description.getOwnCost();
        gauge(MONITOR + "healthy", "Whether power or energy is being read now.", one(health.getHealthy() ? 1 : 0));
        gauge(MONITOR + "reading_age_seconds", "How long ago the sensors were asked for the reading shown here.",
                one(ageSeconds));
        gauge(MONITOR + "sweep_median_seconds", "Duration of a sweep over all sensors, the latest 256's median.",
                one(times(1e-3, cost.getSweepMedianMs())));
        gauge(MONITOR + "sweep_worst_seconds", "Duration of a sweep over all sensors, the worst since the start.",
                one(times(1e-3, cost.getSweepWorstMs())));
        counter(MONITOR + "missed_deadlines", "Sweeps left out because the one before, or the machine, was late.",
                one(cost.getMissedDeadlines()));
        // Every program that Prometheus scrapes has these three under the same names.
        counter("process_cpu_seconds", "CPU time that the monitor has used.", one(cost.getCpuSeconds()));
        gauge("process_resident_memory_bytes", "Memory that the monitor takes.",
                one(times(BYTES_PER_MIB, cost.getResidentMb())));
        gauge("process_start_time_seconds", "When the monitor started, as Unix time.",
                one(isAvailable(cost.getUptimeSeconds()) ? unixSeconds - cost.getUptimeSeconds() : UNAVAILABLE));
        snapshots.metricSnapshot(InfoSnapshot.builder().name(MONITOR + "build").help("The monitor itself.")
                .dataPoint(InfoDataPointSnapshot.builder().labels(Labels.of("platform", health.getPlatform(),
                        "version", description.getVersion())).build()).build());
    }

    private void gauge(String name, String help, List<Point> points) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        points.forEach(point -> gauge.dataPoint(
                GaugeDataPointSnapshot.builder().value(point.value).labels(point.labels).build()));
        if (!points.isEmpty()) {
            snapshots.metricSnapshot(gauge.build());
        }
    }

    /** A counter whose name is shown with {@code _total} at its end. */
    private void counter(String name, String help, List<Point> points) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
        points.forEach(point -> counter.dataPoint(
                CounterDataPointSnapshot.builder().value(point.value).labels(point.labels).build()));
        if (!points.isEmpty()) {
            snapshots.metricSnapshot(counter.build());
        }
    }

    private static List<Point> one(double value) {
        return isAvailable(value) ? List.of(new Point(value, Labels.EMPTY)) : List.of();
    }

    private static List<Point> each(List<DeviceReading> devices, List<Labels> labels,
                                    ToDoubleFunction<DeviceReading> number) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < devices.size(); i++) {
            double value = number.applyAsDouble(devices.get(i));
            if (isAvailable(value)) {
                points.add(new Point(value, labels.get(i)));
            }
        }
        return points;
    }

    /** Of each device; collectors know nothing of each other's ids, so the same one may come twice. */
    private static List<Labels> labels(List<DeviceReading> devices) {
        Set<String> taken = new HashSet<>();
        List<Labels> labels = new ArrayList<>();
        for (DeviceReading device : devices) {
            String id = device.getId();
            for (int n = 2; !taken.add(id); n++) {
                id = device.getId() + " (" + n + ")";
            }
            boolean isGpu = device.getKind().equals("gpu");
            labels.add(Labels.of("device", id, "scope", device.getKind(), "platform", device.getPlatform(),
                    "gpu", isGpu ? String.valueOf(device.getIndex()) : "", "uuid", isGpu ? device.getId() : ""));
        }
        return labels;
    }

    private static double times(double factor, double value) {
        return isAvailable(value) ? factor * value : UNAVAILABLE;
    }
}
