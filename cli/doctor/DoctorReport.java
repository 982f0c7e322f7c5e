package cli.doctor;

import cli.options.Figures;
import collectors.registry.CollectorRegistry;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import energy.CollectorInfo;
import energy.DescribeResponse;
import energy.DeviceReading;
import energy.OwnCost;
import energy.SystemInfo;
import java.util.List;

/** What the doctor found, as text or JSON. */
final class DoctorReport {

    /** A counter and power that differ by more are worth a word. */
    private static final double LEAST_DISAGREEMENT = 0.05;
    /** Below that, a counter's steps alone make such a difference. */
    private static final double LEAST_JOULES = 5;

    /** What changes so often may well change more often than it is looked at. */
    private static final double MOST_LOOKS = 1.2;

    private final DescribeResponse described;
    private final SensorRates rates;

    DoctorReport(DescribeResponse described, SensorRates rates) {
        this.described = described;
        this.rates = rates;
    }

    boolean isAnythingMeasured() {
        return described.getDevicesList().stream().anyMatch(DoctorReport::isMeasured);
    }

    String text() {
        StringBuilder text = new StringBuilder();
        SystemInfo host = described.getSystemInfo();
        line(text, "energy-monitor " + described.getVersion() + " on " + host.getHostName() + ": " + host.getOsName()
                + " " + host.getOsVersion() + ", kernel " + host.getKernelVersion() + ", " + host.getCpuBrand() + " ("
                + host.getCpuCount() + " logical CPUs)");
        line(text, "");
        line(text, isAnythingMeasured() ? "Measured here:" : "Nothing can be measured here.");
        for (CollectorInfo collector : described.getCollectorsList()) {
            if (!isRefused(collector) && !isPlaceholder(collector)) {
                line(text, "  " + collector.getName() + " (" + collector.getRole() + ")"
                        + (collector.getSource().isEmpty() ? "" : " from " + collector.getSource()));
                devices(collector).forEach(device -> append(text, device));
                remedy(text, collector);
            }
        }
        line(text, "");
        line(text, "Not measured:");
        for (CollectorInfo collector : described.getCollectorsList()) {
            if (isRefused(collector) && !collector.getReason().equals(CollectorRegistry.OTHER_SYSTEM)) {
                line(text, "  " + collector.getName() + ": " + collector.getReason());
                remedy(text, collector);
            }
        }
        OwnCost cost = described.getOwnCost();
        line(text, "");
        line(text, "The monitor itself: " + Figures.text(cost.getResidentMb(), "MiB") + ", a sweep takes "
                + Figures.text(cost.getSweepMedianMs(), "ms") + " (" + Figures.text(cost.getSweepWorstMs(), "ms")
                + " at worst), " + cost.getMissedDeadlines() + " were late");
        return text.toString();
    }

    String json() {
        JsonObject report = new JsonObject();
        SystemInfo host = described.getSystemInfo();
        report.addProperty("version", described.getVersion());
        report.addProperty("measured", isAnythingMeasured());
        JsonObject system = new JsonObject();
        system.addProperty("host_name", host.getHostName());
        system.addProperty("os_name", host.getOsName());
        system.addProperty("os_version", host.getOsVersion());
        system.addProperty("kernel_version", host.getKernelVersion());
        system.addProperty("cpu_brand", host.getCpuBrand());
        system.addProperty("cpu_count", host.getCpuCount());
        report.add("system", system);
        JsonArray collectors = new JsonArray();
        for (CollectorInfo collector : described.getCollectorsList()) {
            if (isPlaceholder(collector)) {
                continue;
            }
            JsonObject json = new JsonObject();
            json.addProperty("name", collector.getName());
            json.addProperty("role", collector.getRole());
            addIfGiven(json, "reason", collector.getReason());
            addIfGiven(json, "source", collector.getSource());
            addIfGiven(json, "remedy", collector.getRemedy());
            JsonArray devices = new JsonArray();
            devices(collector).forEach(device -> devices.add(json(device)));
            json.add("devices", devices);
            collectors.add(json);
        }
        report.add("collectors", collectors);
        OwnCost cost = described.getOwnCost();
        JsonObject own = new JsonObject();
        own.addProperty("resident_mb", Figures.orNull(cost.getResidentMb()));
        own.addProperty("sweep_median_ms", Figures.orNull(cost.getSweepMedianMs()));
        own.addProperty("sweep_worst_ms", Figures.orNull(cost.getSweepWorstMs()));
        own.addProperty("missed_deadlines", cost.getMissedDeadlines());
        report.add("own_cost", own);
        return Figures.json(report);
    }

    private void append(StringBuilder text, DeviceReading device) {
        line(text, "    " + device.getName() + " (" + device.getId() + "), " + device.getKind()
                + ("contained".equals(device.getAccounting())
                        ? ", not added: another contains it or is contained in it" : ""));
        if (!device.getProblem().isEmpty()) {
            line(text, "      " + (isMeasured(device) ? "" : "gives nothing: ") + device.getProblem());
        }
        SensorRates.Rate rate = rates.of(device);
        if (rate == null || !isMeasured(device)) {
            return;
        }
        boolean powered = device.getPowerWatts() >= 0;
        line(text, "      power " + Figures.text(device.getPowerWatts(), "W")
                + (powered ? often(rate.powerSeconds()) : "")
                + (device.getPowerLimitWatts() < 0 ? "" : ", limit " + Figures.text(device.getPowerLimitWatts(), "W")));
        line(text, "      energy: " + switch (device.getEnergySource()) {
            case ENERGY_SOURCE_COUNTER -> "a counter of the hardware's" + often(rate.energySeconds());
            case ENERGY_SOURCE_INTEGRATED -> "integrated from power: no counter";
            default -> "not yet known";
        });
        if (rate.ratio() >= 0) {
            line(text, "      the counter told " + Figures.text(rate.countedJoules(), "J") + " where power makes "
                    + Figures.text(rate.poweredJoules(), "J") + ": " + disagreement(rate));
        }
    }

    private static String disagreement(SensorRates.Rate rate) {
        double percent = 100 * Math.abs(rate.ratio() - 1);
        if (rate.countedJoules() < LEAST_JOULES) {
            return "too little to compare; give more --time";
        }
        return percent < 100 * LEAST_DISAGREEMENT ? "they agree within " + Figures.text(Math.max(percent, 0.1)) + " %"
                : "they disagree by " + Figures.text(percent) + " %; the joules reported are the counter's";
    }

    private String often(double seconds) {
        if (seconds < 0) {
            return ", did not change while it was watched";
        }
        boolean always = 1000 * seconds < MOST_LOOKS * described.getIntervalMs();
        return ", new " + (always ? "at every look, " : "") + "every " + Figures.text(1000 * seconds) + " ms";
    }

    private JsonObject json(DeviceReading device) {
        JsonObject json = new JsonObject();
        json.addProperty("id", device.getId());
        json.addProperty("kind", device.getKind());
        json.addProperty("name", device.getName());
        json.addProperty("accounting", device.getAccounting());
        json.addProperty("power_watts", Figures.orNull(device.getPowerWatts()));
        json.addProperty("power_limit_watts", Figures.orNull(device.getPowerLimitWatts()));
        json.addProperty("energy_source", Figures.source(device));
        addIfGiven(json, "problem", device.getProblem());
        SensorRates.Rate rate = rates.of(device);
        if (rate != null) {
            json.addProperty("power_update_seconds", Figures.orNull(rate.powerSeconds()));
            json.addProperty("energy_update_seconds", Figures.orNull(rate.energySeconds()));
            json.addProperty("counted_joules", Figures.orNull(rate.countedJoules()));
            json.addProperty("integrated_joules", Figures.orNull(rate.poweredJoules()));
            json.addProperty("counted_over_integrated", Figures.orNull(rate.ratio()));
        }
        return json;
    }

    private List<DeviceReading> devices(CollectorInfo collector) {
        return described.getDevicesList().stream()
                .filter(device -> device.getPlatform().equals(collector.getPlatform())).toList();
    }

    private static boolean isMeasured(DeviceReading device) {
        return device.getPowerWatts() >= 0 || device.getEnergyJoules() >= 0;
    }

    private static boolean isRefused(CollectorInfo collector) {
        return collector.getRole().equals("refused");
    }

    /** The collector that stands in where there is none. */
    private static boolean isPlaceholder(CollectorInfo collector) {
        return collector.getName().equals(CollectorRegistry.NONE);
    }

    private static void remedy(StringBuilder text, CollectorInfo collector) {
        if (!collector.getRemedy().isEmpty()) {
            line(text, "      to mend it: " + collector.getRemedy());
        }
    }

    private static void addIfGiven(JsonObject json, String name, String value) {
        if (!value.isEmpty()) {
            json.addProperty(name, value);
        }
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append(System.lineSeparator());
    }
}
