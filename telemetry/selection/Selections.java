package telemetry.selection;

import collectors.DeviceKind;
import collectors.GpuInfo;
import collectors.host.HostInfo;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import telemetry.accounting.DeviceState;
import telemetry.accounting.Overlaps;
import telemetry.wire.ReadingEncoder;

/** The selections that somebody uses: the same one for the same devices. Belongs to the thread that makes the readings. */
public final class Selections {

    private final List<DeviceState> all;
    private final Surroundings surroundings;
    private final String platform;
    private final HostInfo host;
    private final GpuInfo gpus;
    /** By their devices; gone when nobody holds them any more. */
    private final Map<List<DeviceState>, WeakReference<Selection>> inUse = new HashMap<>();

    /**
     * No selections yet.
     *
     * @param all      all devices, the primary collector's first; the same list for good
     * @param platform the primary collector's
     * @param gpus     the primary collector's, all together
     */
    public Selections(List<DeviceState> all, Surroundings surroundings, String platform, HostInfo host, GpuInfo gpus) {
        this.all = all;
        this.surroundings = surroundings;
        this.platform = platform;
        this.host = host;
        this.gpus = gpus;
    }

    /**
     * The devices of these names.
     *
     * @throws UnknownDeviceException when a name fits none, or several
     */
    public Selection of(List<String> names) {
        List<DeviceState> devices = DeviceNames.find(names, all);
        inUse.values().removeIf(held -> held.get() == null);
        WeakReference<Selection> held = inUse.get(devices);
        Selection selection = held == null ? null : held.get();
        if (selection == null) {
            selection = new Selection(devices, all, surroundings,
                    new ReadingEncoder(platform, host, gpuInfo(Overlaps.outermost(devices, all))));
            inUse.put(devices, new WeakReference<>(selection));
        }
        return selection;
    }

    /** In the words that clients know; a GPU alone with its index. */
    private GpuInfo gpuInfo(List<DeviceState> devices) {
        List<DeviceState> own = devices.stream().filter(device -> device.primary && isGpu(device.sample.kind)).toList();
        return gpus.of(own.stream().map(device -> device.sample.name).toList(), own.isEmpty() ? 0 : own.get(0).index);
    }

    private static boolean isGpu(DeviceKind kind) {
        return kind == DeviceKind.GPU || kind == DeviceKind.SYSTEM_ON_CHIP || kind == DeviceKind.MODULE;
    }
}
