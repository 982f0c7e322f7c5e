package e2e;

import collectors.CollectorContext;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.util.List;

/** Devices whose names and troubles would be markup if a page took them as such. */
public final class OddNamesCollector implements TelemetryCollector {

    private final DeviceSample device = new DeviceSample("<i>id</i>", DeviceKind.GPU,
            "<img src=x onerror=document.title='broken'>");
    private final DeviceSample lost = new DeviceSample("lost", DeviceKind.OTHER, "&lt;b&gt;");

    public OddNamesCollector(CollectorContext context) {
        device.powerWatts = 100;
        lost.problem = "</td><script>document.title='broken'</script>";
    }

    @Override
    public String platform() {
        return "odd";
    }

    @Override
    public List<DeviceSample> collect() {
        return List.of(device, lost);
    }
}
