package telemetry.selection;

import collectors.DeviceKind;
import collectors.GpuInfo;
import collectors.host.HostInfo;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import telemetry.accounting.DeviceState;
import telemetry.accounting.EnergyTimeline;
import telemetry.wire.ReadingEncoder;

/** The selections that somebody uses: the same one for the same devices. Belongs to the thread that makes the readings. */
public final class Selections {

    private final List<DeviceState> all;
    private final Surroundings surroundings;
    private final HostInfo host;
    private String platform;
    private GpuInfo gpus;
    private int primaries;
    /** By their devices; gone when nobody holds them any more. */
    private final Map<List<EnergyTimeline>, WeakReference<Selection>> inUse = new HashMap<>();

    /**
     * No selections yet.
     *
     * @param all      all devices, the primary collector's first; the same list for good
     * @param platform the primary collector's
     * @param gpus     the primary collector's, all together
     */
    public Selections(List<DeviceState> all, Surroundings surroundings, HostInfo host, String platform, GpuInfo gpus) {
        this.all = all;
        this.surroundings = surroundings;
        this.host = host;
        this.platform = platform;
        this.gpus = gpus;
    }

    /** Another collector is the primary one from now on. */
    public void setPrimary(String newPlatform, GpuInfo newGpus) {
        platform = newPlatform;
        gpus = newGpus;
        primaries++;
    }

    /**
     * The devices of these names.
     *
     * @param allKnown whether no more devices will come, so that the beginning of an id is known to be of one alone
     * @throws UnknownDeviceException when a name fits none, or several
     */
    public Selection of(List<String> names, boolean allKnown) {
        List<DeviceState> devices = DeviceNames.find(names, all, allKnown);
        inUse.values().removeIf(held -> held.get() == null);
        List<EnergyTimeline> key = devices.stream().map(device -> device.timeline).toList();
        WeakReference<Selection> held = inUse.get(key);
        Selection selection = held == null ? null : held.get();
        if (selection == null) {
            selection = new Selection(devices, this);
            inUse.put(key, new WeakReference<>(selection));
        }
        return selection;
    }

    List<DeviceState> all() {
        return all;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    /** Another number whenever there are other states of devices, or another primary collector. */
    int version() {
        return surroundings.devicesVersion + primaries;
    }

    /** The states of the same devices as they are now: a collector that becomes the primary one has new ones. */
    List<DeviceState> current(List<DeviceState> devices) {
        List<DeviceState> current = all.stream()
                .filter(state -> devices.stream().anyMatch(device -> device.timeline == state.timeline)).toList();
        return current.size() == devices.size() ? current : devices;
    }

    /** Writes readings whose sums are of these devices; of GPUs in the words that clients know, of one with its index. */
    ReadingEncoder encoder(List<DeviceState> devices) {
        List<DeviceState> own = devices.stream().filter(device -> device.primary && isGpu(device.sample.kind)).toList();
        return new ReadingEncoder(platform, host, gpus.of(own.stream().map(device -> device.sample.name).toList(),
                own.isEmpty() ? 0 : own.get(0).index));
    }

    private static boolean isGpu(DeviceKind kind) {
        return kind == DeviceKind.GPU || kind == DeviceKind.SYSTEM_ON_CHIP || kind == DeviceKind.MODULE;
    }
}
