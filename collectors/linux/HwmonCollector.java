package collectors.linux;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import collectors.Accounting;
import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.GpuInfo;
import collectors.TelemetryCollector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the kernel's hwmon chips tell of power and energy (Documentation/hwmon/sysfs-interface.rst), on the platforms
 * that {@link HwmonPlatform} lists.
 */
public final class HwmonCollector implements TelemetryCollector {

    private static final int MOST_CHANNELS = 16;
    private static final double MICRO = 1e6;

    private final HwmonPlatform platform;
    private final Path folder;
    private final List<Channel> channels;
    private final List<DeviceSample> samples;

    /**
     * Opens the channels of every chip of the platform.
     *
     * @throws CollectorUnavailableException when there is none
     */
    public static HwmonCollector open(CollectorContext context, HwmonPlatform platform)
            throws CollectorUnavailableException {
        List<Channel> channels = new ArrayList<>();
        Path folder = context.sysfs().resolve("class/hwmon");
        for (Path chip : chips(folder, platform)) {
            for (int number = 1; number <= MOST_CHANNELS; number++) {
                Channel channel = Channel.find(chip, number, platform);
                if (channel != null) {
                    channels.add(channel);
                }
            }
        }
        if (channels.isEmpty()) {
            throw new CollectorUnavailableException(platform.absent());
        }
        return new HwmonCollector(platform, folder, channels);
    }

    private HwmonCollector(HwmonPlatform platform, Path folder, List<Channel> channels) {
        this.platform = platform;
        this.folder = folder;
        this.channels = channels;
        Map<String, Integer> outermost = new HashMap<>();
        for (Channel channel : channels) {
            outermost.merge(channel.group, channel.rail.level(), Math::min);
        }
        boolean wholeMachine = channels.stream().anyMatch(channel -> channel.rail.kind() == DeviceKind.MACHINE);
        for (Channel channel : channels) {
            boolean added = wholeMachine ? channel.rail.kind() == DeviceKind.MACHINE
                    : channel.rail.level() == outermost.get(channel.group);
            channel.sample = new DeviceSample(channel.id, channel.rail.kind(), channel.name,
                    added ? Accounting.ADDED : Accounting.CONTAINED);
        }
        samples = channels.stream().map(channel -> channel.sample).toList();
    }

    @Override
    public String platform() {
        return platform.name();
    }

    @Override
    public GpuInfo gpuInfo() {
        return platform.gpuVendor() == null ? GpuInfo.NONE : GpuInfo.of(
                samples.stream().filter(sample -> sample.accounting == Accounting.ADDED).map(sample -> sample.name)
                        .toList(), platform.gpuVendor(), "hwmon");
    }

    @Override
    public String source() {
        return folder.toString();
    }

    @Override
    public List<DeviceSample> collect() {
        for (int i = 0; i < channels.size(); i++) {
            channels.get(i).read();
        }
        return samples;
    }

    @Override
    public void close() {
        channels.forEach(Channel::close);
    }

    private static List<Path> chips(Path folder, HwmonPlatform platform) throws CollectorUnavailableException {
        if (!Files.isDirectory(folder)) {
            throw new CollectorUnavailableException(platform.absent());
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(chip -> {
                String name = SysfsFile.text(chip.resolve("name"));
                return name != null && platform.chip().matcher(name).matches();
            }).sorted(Comparator.comparing(Path::toString)).toList();
        } catch (IOException e) {
            throw new CollectorUnavailableException(folder + " cannot be listed: " + e.getMessage());
        }
    }

    /** One measured rail, card or socket. */
    private static final class Channel {

        private final String id;
        private final String name;
        private final String group;
        private final HwmonPlatform.Rail rail;
        /** µJ, or null. */
        private final SysfsFile energy;
        /** µW, or null. */
        private final SysfsFile power;
        /** mV and mA, or null: what chips give that measure them apart. */
        private final SysfsFile millivolts;
        private final SysfsFile milliamperes;
        private final SysfsFile runtimeStatus;
        private DeviceSample sample;

        private Channel(Path chip, int number, HwmonPlatform platform, String label, HwmonPlatform.Rail rail) {
            this.rail = rail;
            String device = device(chip);
            id = device + "/" + number;
            name = platform.gpuVendor() != null
                    ? model(chip, platform.gpuVendor()) + (rail.level() > 0 ? " " + label : "")
                    : (rail.kind() == DeviceKind.MACHINE ? "Whole machine by " : platform.model())
                    + (label.isEmpty() ? device : label);
            group = platform.gpuVendor() == null ? rail.socket(label) : device;
            runtimeStatus = file(chip, "device/power/runtime_status");
            energy = file(chip, "energy" + number + "_input");
            SysfsFile average = file(chip, "power" + number + "_average");
            power = average != null ? average : file(chip, "power" + number + "_input");
            milliamperes = file(chip, "curr" + number + "_input");
            millivolts = milliamperes == null ? null : file(chip, "in" + number + "_input");
        }

        /** The channel with that number, or null when the chip has none that is to be read. */
        static Channel find(Path chip, int number, HwmonPlatform platform) {
            String text = SysfsFile.text(chip.resolve(platform.labelFile().replace("N", String.valueOf(number))));
            String label = text == null ? "" : text;
            for (HwmonPlatform.Rail rail : platform.rails()) {
                if (rail.label().matcher(label).matches()) {
                    Channel channel = new Channel(chip, number, platform, label, rail);
                    return channel.energy == null && channel.power == null && channel.millivolts == null
                            ? null : channel;
                }
            }
            return null;
        }

        /** The name of the chip's device on its bus, such as a PCI address: that one stays, hwmon's number may not. */
        private static String device(Path chip) {
            try {
                return chip.resolve("device").toRealPath().getFileName().toString();
            } catch (IOException e) {
                return chip.getFileName().toString();
            }
        }

        /** A card's PCI ids: the kernel knows no name. */
        private static String model(Path chip, String vendor) {
            String pciVendor = SysfsFile.text(chip.resolve("device/vendor"));
            String pciDevice = SysfsFile.text(chip.resolve("device/device"));
            return vendor + " GPU" + (pciVendor == null || pciDevice == null ? ""
                    : (" [" + pciVendor + ":" + pciDevice + "]").replace("0x", ""));
        }

        private static SysfsFile file(Path chip, String name) {
            Path path = chip.resolve(name);
            return Files.exists(path) ? new SysfsFile(path) : null;
        }

        void read() {
            sample.clear();
            if (runtimeStatus != null && runtimeStatus.startsWith("suspend")) {
                sample.problem = DeviceSample.ASLEEP;
                return;
            }
            if (energy != null) {
                sample.energyCounterJoules = take(energy, MICRO);
            }
            if (power != null) {
                sample.powerWatts = take(power, MICRO);
            } else if (millivolts != null) {
                double volts = take(millivolts, 1e3);
                double amperes = take(milliamperes, 1e3);
                sample.powerWatts = isAvailable(volts) && isAvailable(amperes) ? volts * amperes : UNAVAILABLE;
            }
            if (sample.hasPowerOrEnergy()) {
                sample.problem = null;
            }
        }

        private double take(SysfsFile file, double divisor) {
            double value = file.read(divisor);
            if (!isAvailable(value)) {
                sample.problem = file.problem() != null ? file.problem() : file.path() + " is negative";
            }
            return value;
        }

        void close() {
            for (SysfsFile file : new SysfsFile[] {energy, power, millivolts, milliamperes, runtimeStatus}) {
                if (file != null) {
                    file.close();
                }
            }
        }
    }
}
