package collectors.replay;

import collectors.Accounting;
import collectors.DeviceKind;
import collectors.GpuInfo;
import collectors.replay.file.RecordedDevice;
import java.util.List;

/** The GPUs of a recording that does not describe them, such as CSV, by what its devices are called. */
final class GpuNames {

    private GpuNames() {
    }

    /** The devices of the primary collector, in the words that clients know for its platform. */
    static GpuInfo of(String platform, List<RecordedDevice> devices) {
        List<String> models = devices.stream()
                .filter(device -> device.kind() == DeviceKind.GPU && device.accounting() == Accounting.ADDED)
                .map(RecordedDevice::name).toList();
        return switch (platform) {
            case "nvidia" -> GpuInfo.of(models, "NVIDIA", "NVML");
            case "amd" -> GpuInfo.of(models, "AMD", "AMDSMI");
            case "macos" -> new GpuInfo("Apple GPU", "Apple", "Integrated GPU", "powermetrics");
            default -> GpuInfo.of(models, "", "");
        };
    }
}
