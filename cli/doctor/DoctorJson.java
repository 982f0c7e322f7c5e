package cli.doctor;

import cli.options.Figures;
import collectors.DeviceSample;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import energy.CollectorInfo;
import energy.DeviceReading;
import energy.OwnCost;
import energy.SystemInfo;

/** What the doctor found, for programs. Names and meanings stay; more may be added. */
final class DoctorJson {

    private final Diagnosis diagnosis;

    private DoctorJson(Diagnosis diagnosis) {
        this.diagnosis = diagnosis;
    }

    static String of(Diagnosis diagnosis) {
        return new DoctorJson(diagnosis).text();
    }

    private String text() {
        JsonObject report = new JsonObject();
        report.addProperty("version", diagnosis.described().getVersion());
        report.addProperty("measured", diagnosis.isAnythingMeasured());
        report.add("system", system(diagnosis.described().getSystemInfo()));
        JsonArray collectors = new JsonArray();
        diagnosis.collectors().forEach(collector -> collectors.add(collector(collector)));
        report.add("collectors", collectors);
        OwnCost cost = diagnosis.described().getOwnCost();
        JsonObject own = new JsonObject();
        own.addProperty("resident_mb", Figures.orNull(cost.getResidentMb()));
        own.addProperty("sweep_median_ms", Figures.orNull(cost.getSweepMedianMs()));
        own.addProperty("sweep_worst_ms", Figures.orNull(cost.getSweepWorstMs()));
        own.addProperty("missed_deadlines", cost.getMissedDeadlines());
        report.add("own_cost", own);
        return Figures.json(report);
    }

    private static JsonObject system(SystemInfo host) {
        JsonObject system = new JsonObject();
        system.addProperty("host_name", host.getHostName());
        system.addProperty("os_name", host.getOsName());
        system.addProperty("os_version", host.getOsVersion());
        system.addProperty("kernel_version", host.getKernelVersion());
        system.addProperty("cpu_brand", host.getCpuBrand());
        system.addProperty("cpu_count", host.getCpuCount());
        return system;
    }

    private JsonObject collector(CollectorInfo collector) {
        JsonObject json = new JsonObject();
        json.addProperty("name", collector.getName());
        json.addProperty("role", collector.getRole());
        addIfGiven(json, "reason", collector.getReason());
        addIfGiven(json, "source", collector.getSource());
        addIfGiven(json, "remedy", collector.getRemedy());
        VendorTool tool = diagnosis.tools().get(collector.getPlatform());
        if (tool != null) {
            json.addProperty("vendor_tool", tool.name());
            addIfGiven(json, "vendor_tool_failure", tool.failure() == null ? "" : tool.failure());
        }
        JsonArray devices = new JsonArray();
        diagnosis.devices(collector).forEach(device -> devices.add(device(device)));
        json.add("devices", devices);
        return json;
    }

    private JsonObject device(DeviceReading device) {
        JsonObject json = new JsonObject();
        json.addProperty("index", device.getIndex());
        json.addProperty("id", device.getId());
        json.addProperty("kind", device.getKind());
        json.addProperty("name", device.getName());
        json.addProperty("accounting", device.getAccounting());
        json.addProperty("in_total", device.getInTotal());
        json.addProperty("asleep", device.getAsleep());
        json.addProperty("power_watts", Figures.orNull(device.getPowerWatts()));
        json.addProperty("power_limit_watts", Figures.orNull(device.getPowerLimitWatts()));
        json.addProperty("temperature_celsius", Figures.orNull(device.getTemperatureCelsius()));
        json.addProperty("memory_used_mb", Figures.orNull(device.getMemoryUsedMb()));
        json.addProperty("memory_total_mb", Figures.orNull(device.getMemoryTotalMb()));
        json.addProperty("utilization_percent", Figures.orNull(device.getUtilizationPercent()));
        addIfKnown(json, "sm_activity_percent", device.getSmActivityPercent());
        addIfKnown(json, "tensor_activity_percent", device.getTensorActivityPercent());
        addIfKnown(json, "dram_activity_percent", device.getDramActivityPercent());
        json.addProperty("energy_source", Figures.source(device));
        addIfGiven(json, "problem", device.getProblem());
        SensorRates.Rate rate = diagnosis.rates().of(device);
        if (rate != null) {
            json.addProperty("power_update_seconds", Figures.orNull(rate.powerSeconds()));
            json.addProperty("energy_update_seconds", Figures.orNull(rate.energySeconds()));
            json.addProperty("counted_joules", Figures.orNull(rate.countedJoules()));
            json.addProperty("integrated_joules", Figures.orNull(rate.poweredJoules()));
            json.addProperty("counted_over_integrated", Figures.orNull(rate.ratio()));
        }
        VendorTool.Gpu said = diagnosis.said(device);
        if (said != null) {
            json.addProperty("vendor_tool_power_watts", Figures.orNull(said.powerWatts()));
            json.addProperty("vendor_tool_power_limit_watts", Figures.orNull(said.limitWatts()));
            json.addProperty("vendor_tool_temperature_celsius", Figures.orNull(said.celsius()));
        }
        return json;
    }

    private static void addIfKnown(JsonObject json, String name, double value) {
        if (DeviceSample.isAvailable(value)) {
            json.addProperty(name, value);
        }
    }

    private static void addIfGiven(JsonObject json, String name, String value) {
        if (!value.isEmpty()) {
            json.addProperty(name, value);
        }
    }
}
