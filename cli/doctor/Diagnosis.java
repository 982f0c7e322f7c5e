package cli.doctor;

import collectors.registry.CollectorRegistry;
import energy.CollectorInfo;
import energy.DescribeResponse;
import energy.DeviceReading;
import java.util.List;
import java.util.Map;

/**
 * What the doctor found.
 *
 * @param tools what the vendors' own commands say, by platform; empty for a monitor elsewhere
 */
record Diagnosis(DescribeResponse described, SensorRates rates, Map<String, VendorTool> tools) {

    boolean isAnythingMeasured() {
        return described.getDevicesList().stream().anyMatch(Diagnosis::isMeasured);
    }

    /** Every collector that was tried, except the one that stands in where nothing is measured. */
    List<CollectorInfo> collectors() {
        return described.getCollectorsList().stream()
                .filter(collector -> !collector.getName().equals(CollectorRegistry.NONE)).toList();
    }

    List<CollectorInfo> working() {
        return collectors().stream().filter(collector -> !collector.getPlatform().isEmpty()).toList();
    }

    /** Those that could work on this operating system but do not. */
    List<CollectorInfo> refused() {
        return collectors().stream().filter(Diagnosis::isRefused)
                .filter(collector -> !collector.getReason().equals(CollectorRegistry.OTHER_SYSTEM)).toList();
    }

    List<DeviceReading> devices(CollectorInfo collector) {
        return described.getDevicesList().stream()
                .filter(device -> device.getPlatform().equals(collector.getPlatform())).toList();
    }

    /** What the vendor's command says of a device, or null. */
    VendorTool.Gpu said(DeviceReading device) {
        VendorTool tool = tools.get(device.getPlatform());
        return tool == null ? null : tool.of(device.getId(), device.getIndex());
    }

    static boolean isMeasured(DeviceReading device) {
        return device.getPowerWatts() >= 0 || device.getEnergyJoules() >= 0;
    }

    private static boolean isRefused(CollectorInfo collector) {
        return collector.getRole().equals("refused");
    }
}
