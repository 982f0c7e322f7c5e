package collectors.linux;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.Accounting;
import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.GpuInfo;
import collectors.TelemetryCollector;
import collectors.Units;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** NVIDIA's Jetson and IGX modules: the rails that their chips measure, the board's model, the GPU's temperature. */
public final class JetsonCollector implements TelemetryCollector {

    private static final long TEMPERATURE_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HwmonCollector rails;
    private final String model;
    /** Null when no thermal zone is the GPU's. */
    private final SysfsFile temperature;
    /** The devices that show the GPU's temperature. */
    private final List<DeviceSample> heated;
    private double temperatureCelsius = UNAVAILABLE;
    private long temperatureNanos;

    /**
     * Opens the rails.
     *
     * @throws CollectorUnavailableException when there are none, or when the board is not one of NVIDIA's
     */
    public static JetsonCollector open(CollectorContext context) throws CollectorUnavailableException {
        HwmonCollector rails = HwmonCollector.open(context, HwmonPlatform.JETSON);
        // Where containers hide the device tree, the labels of the rails have to do.
        String maker = deviceTree(context, "compatible");
        String model = deviceTree(context, "model");
        boolean othersBoard = maker != null && !maker.contains("nvidia,");
        if (othersBoard || rails.collect().stream().allMatch(device -> device.kind.isWholeMachine())) {
            rails.close();
            throw new CollectorUnavailableException(othersBoard
                    ? "the power monitors here are not those of an NVIDIA board: the device tree says "
                            + (model == null ? maker.split("\0")[0] : model)
                    : HwmonPlatform.JETSON.absent());
        }
        return new JetsonCollector(rails, model == null ? "NVIDIA Jetson" : model, gpuTemperature(context));
    }

    private JetsonCollector(HwmonCollector rails, String model, SysfsFile temperature) {
        this.rails = rails;
        this.model = model;
        this.temperature = temperature;
        List<DeviceSample> devices = rails.collect();
        List<DeviceSample> gpus = devices.stream().filter(device -> device.kind == DeviceKind.GPU).toList();
        // The mean over the added devices is what clients see: the GPU's rail may not be among them.
        boolean gpuIsAdded = gpus.stream().anyMatch(device -> device.accounting == Accounting.ADDED);
        heated = Stream.concat(gpus.stream(), gpuIsAdded ? Stream.empty()
                : devices.stream().filter(device -> device.accounting == Accounting.ADDED).limit(1)).toList();
    }

    /** A property of the device tree's root (Devicetree Specification, 2.3), or null where it cannot be read. */
    private static String deviceTree(CollectorContext context, String property) {
        return Stream.of(context.procfs().resolve("device-tree"),
                        context.sysfs().resolve("firmware/devicetree/base"))
                .map(folder -> SysfsFile.text(folder.resolve(property)))
                .filter(text -> text != null && !text.isEmpty())
                .map(text -> text.endsWith("\0") ? text.substring(0, text.length() - 1) : text)
                .findFirst().orElse(null);
    }

    private static SysfsFile gpuTemperature(CollectorContext context) throws CollectorUnavailableException {
        for (Path zone : SysfsFolder.entries(context.sysfs().resolve("class/thermal"))) {
            String type = SysfsFile.text(zone.resolve("type"));
            if (type != null && zone.getFileName().toString().startsWith("thermal_zone")
                    && type.toLowerCase(Locale.ROOT).startsWith("gpu")) {
                return new SysfsFile(zone.resolve("temp"));
            }
        }
        return null;
    }

    @Override
    public String platform() {
        return rails.platform();
    }

    @Override
    public GpuInfo gpuInfo() {
        return new GpuInfo(model, "NVIDIA", "SoC", "sysfs/ina3221");
    }

    @Override
    public String source() {
        return rails.source();
    }

    @Override
    public List<DeviceSample> collect() {
        List<DeviceSample> samples = rails.collect();
        if (temperature != null) {
            long now = System.nanoTime();
            if (temperatureNanos == 0 || now - temperatureNanos >= TEMPERATURE_INTERVAL_NANOS) {
                temperatureNanos = now;
                temperatureCelsius = temperature.read(Units.MILLIS_PER_UNIT);
            }
            for (int i = 0; i < heated.size(); i++) {
                heated.get(i).temperatureCelsius = temperatureCelsius;
            }
        }
        return samples;
    }

    @Override
    public void close() {
        rails.close();
        if (temperature != null) {
            temperature.close();
        }
    }
}
