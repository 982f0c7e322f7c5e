package collectors.meters;

import collectors.Accounting;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The meters of one kind that were asked for. They are asked from the first {@link #collect} on, which never waits. */
public final class MeterCollector implements TelemetryCollector {

    private static final long CLOSE_TIMEOUT_MILLIS = 250;

    private final String platform;
    private final List<Meter> meters;
    private final List<DeviceSample> samples;
    private boolean started;

    MeterCollector(String platform, List<Meter> meters) {
        this.platform = platform;
        this.meters = meters;
        samples = meters.stream().map(Meter::sample).toList();
    }

    /**
     * A collector for each kind of meter. Where nothing but meters measures, the total is that of the only one, or of
     * the only one of the machine itself. Of several that may share the machine or measure the same, nobody knows
     * which, none is.
     */
    public static List<MeterCollector> of(List<MeterSettings> all) {
        List<MeterSettings> whole = all.size() == 1 ? all
                : all.stream().filter(one -> one.kind() == DeviceKind.MACHINE).toList();
        MeterSettings total = whole.size() == 1 ? whole.get(0) : null;
        Map<String, Integer> taken = new HashMap<>();
        Map<String, List<Meter>> byPlatform = new LinkedHashMap<>();
        if (total != null) {
            byPlatform.put(total.platform(), new ArrayList<>());
        }
        for (MeterSettings settings : all) {
            int count = taken.merge(settings.id(), 1, Integer::sum);
            DeviceSample sample = new DeviceSample(settings.id() + (count == 1 ? "" : "-" + count), settings.kind(),
                    settings.name(), settings == total ? Accounting.ADDED : Accounting.CONTAINED);
            byPlatform.computeIfAbsent(settings.platform(), platform -> new ArrayList<>())
                    .add(new Meter(settings.source(), settings, sample));
        }
        return byPlatform.entrySet().stream()
                .map(entry -> new MeterCollector(entry.getKey(), entry.getValue())).toList();
    }

    List<DeviceSample> samples() {
        return samples;
    }

    @Override
    public String platform() {
        return platform;
    }

    @Override
    public String source() {
        return meters.stream().map(Meter::toString).collect(Collectors.joining(", "));
    }

    /** May be asked by any thread. */
    @Override
    public String remedy() {
        return meters.stream().map(Meter::remedy).filter(remedy -> !remedy.isEmpty()).distinct()
                .collect(Collectors.joining("; "));
    }

    @Override
    public List<DeviceSample> collect() {
        if (!started) {
            started = true;
            meters.forEach(Meter::start);
        }
        for (int i = 0; i < meters.size(); i++) {
            meters.get(i).fill();
        }
        return samples;
    }

    @Override
    public void close() {
        meters.forEach(Meter::close);
        long end = System.nanoTime() + CLOSE_TIMEOUT_MILLIS * 1_000_000;
        try {
            for (Meter meter : meters) {
                meter.join((end - System.nanoTime()) / 1_000_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
