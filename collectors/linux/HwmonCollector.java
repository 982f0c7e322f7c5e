package collectors.linux;

import collectors.Accounting;
import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceSample;
import collectors.GpuInfo;
import collectors.TelemetryCollector;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What chips with sensors tell of power and energy, on the platforms that {@link HwmonPlatform} lists. */
public final class HwmonCollector implements TelemetryCollector {

    private static final int MAX_CHANNELS = 16;
    private static final String GPU_VENDOR = "Intel";

    private final HwmonPlatform platform;
    private final String source;
    private final List<HwmonChannel> channels;
    private final List<DeviceSample> samples;

    /**
     * Opens the channels of every chip of the platform.
     *
     * @throws CollectorUnavailableException when there is none
     */
    public static HwmonCollector open(CollectorContext context, HwmonPlatform platform)
            throws CollectorUnavailableException {
        List<HwmonChannel> channels = new ArrayList<>();
        for (HwmonPlatform.Family family : platform.families()) {
            List<HwmonChip> chips = HwmonChip.find(context.sysfs().resolve(family.folder()), family.chip());
            for (int chip = 0; chip < chips.size(); chip++) {
                for (int number = family.firstChannel(); number <= MAX_CHANNELS; number++) {
                    HwmonChannel channel = HwmonChannel.find(chips.get(chip), chip, number, platform, family);
                    if (channel != null) {
                        channels.add(channel);
                    }
                }
            }
        }
        if (channels.isEmpty()) {
            throw new CollectorUnavailableException(platform.absent());
        }
        return new HwmonCollector(context, platform, channels);
    }

    private HwmonCollector(CollectorContext context, HwmonPlatform platform, List<HwmonChannel> channels) {
        this.platform = platform;
        this.channels = channels;
        source = platform.families().stream().map(family -> context.sysfs().resolve(family.folder()).toString())
                .distinct().collect(Collectors.joining(", "));
        List<DeviceSample> made = new ArrayList<>();
        for (HwmonChannel channel : channels) {
            made.add(channel.makeSample(accounting(channel), container(channel)));
        }
        samples = List.copyOf(made);
    }

    /** What measures the whole machine is added only where nothing measures its parts, and only once. */
    private Accounting accounting(HwmonChannel channel) {
        if (channel.rail().level() == HwmonRail.APART) {
            return Accounting.CONTAINED;
        }
        if (channel.rail().kind().isWholeMachine()) {
            boolean hasParts = channels.stream().anyMatch(other -> isPart(other));
            HwmonChannel first = channels.stream().filter(other -> other.rail().kind().isWholeMachine()).findFirst()
                    .orElseThrow();
            return hasParts ? Accounting.BESIDE : channel == first ? Accounting.ADDED : Accounting.CONTAINED;
        }
        return containers(channel).isEmpty() ? Accounting.ADDED : Accounting.CONTAINED;
    }

    /** The innermost channel that contains another; empty when there is none, or when any of several may. */
    private String container(HwmonChannel channel) {
        List<HwmonChannel> containers = containers(channel);
        int innermost = containers.stream().mapToInt(other -> other.rail().level()).max().orElse(HwmonRail.APART);
        List<HwmonChannel> nearest = containers.stream().filter(other -> other.rail().level() == innermost).toList();
        return nearest.size() == 1 ? nearest.get(0).id() : "";
    }

    private List<HwmonChannel> containers(HwmonChannel channel) {
        return channels.stream().filter(other -> isPart(channel) && isPart(other) && other.isAtThePlaceOf(channel)
                && other.rail().level() < channel.rail().level()).toList();
    }

    /** Whether it measures a part of the machine that is known to be apart from the others of its level. */
    private static boolean isPart(HwmonChannel channel) {
        return channel.rail().level() != HwmonRail.APART && !channel.rail().kind().isWholeMachine();
    }

    @Override
    public String platform() {
        return platform.name();
    }

    @Override
    public GpuInfo gpuInfo() {
        return platform.naming() != HwmonPlatform.Naming.CARD ? GpuInfo.NONE : GpuInfo.of(
                samples.stream().filter(sample -> sample.accounting == Accounting.ADDED).map(sample -> sample.name)
                        .toList(), GPU_VENDOR, "hwmon");
    }

    @Override
    public String source() {
        return source;
    }

    @Override
    public List<DeviceSample> collect() {
        long now = System.nanoTime();
        for (int i = 0; i < channels.size(); i++) {
            channels.get(i).read(now);
        }
        return samples;
    }

    @Override
    public void close() {
        channels.forEach(HwmonChannel::close);
    }
}
