package cli.watch;

import static collectors.DeviceSample.UNAVAILABLE;

import energy.DeviceReading;
import energy.TelemetryReading;
import energy.TotalReading;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the screen shows: the latest reading, the powers before it, and from where on joules are counted. */
final class WatchModel {

    static final int HISTORY_SECONDS = 240;

    private record Key(String platform, String id) {

        static final Key TOTAL = new Key("", "");

        static Key of(DeviceReading device) {
            return new Key(device.getPlatform(), device.getId());
        }
    }

    private final Map<Key, PowerHistory> histories = new HashMap<>();
    private final Map<Key, Double> peaks = new HashMap<>();
    private final Map<Key, Double> firstJoules = new HashMap<>();
    private TelemetryReading latest;

    /** Takes a reading, made at that moment of {@link System#nanoTime}. */
    void add(TelemetryReading reading, long nanos) {
        latest = reading;
        long second = Math.floorDiv(nanos, 1_000_000_000L);
        add(Key.TOTAL, second, total().getPowerWatts());
        for (DeviceReading device : devices()) {
            add(Key.of(device), second, device.getPowerWatts());
        }
    }

    private void add(Key key, long second, double watts) {
        histories.computeIfAbsent(key, k -> new PowerHistory(HISTORY_SECONDS)).add(second, watts);
        peaks.merge(key, watts, Math::max);
    }

    /** Counts joules from now on, instead of from the start of the monitor. */
    void resetJoules() {
        firstJoules.clear();
        if (latest != null) {
            firstJoules.put(Key.TOTAL, total().getEnergyJoules());
            devices().forEach(device -> firstJoules.put(Key.of(device), device.getEnergyJoules()));
        }
    }

    boolean countsFromReset() {
        return !firstJoules.isEmpty();
    }

    /** A copy that later readings do not change. */
    WatchModel copy() {
        WatchModel copy = new WatchModel();
        histories.forEach((key, history) -> copy.histories.put(key, history.copy()));
        copy.peaks.putAll(peaks);
        copy.firstJoules.putAll(firstJoules);
        copy.latest = latest;
        return copy;
    }

    /** The latest reading, or null before the first one. */
    TelemetryReading latest() {
        return latest;
    }

    List<DeviceReading> devices() {
        return latest.getDetails().getDevicesList();
    }

    TotalReading total() {
        return total(latest);
    }

    /** The total of a reading; a monitor that is too old to send one is the problem then. */
    static TotalReading total(TelemetryReading reading) {
        return reading.getDetails().hasTotal() ? reading.getDetails().getTotal() : TotalReading.newBuilder()
                .setPowerWatts(UNAVAILABLE).setEnergyJoules(UNAVAILABLE)
                .setProblem("the monitor is an older version, which sends no total").build();
    }

    double joules(DeviceReading device) {
        return since(Key.of(device), device.getEnergyJoules());
    }

    double totalJoules() {
        return since(Key.TOTAL, total().getEnergyJoules());
    }

    /** Joules never fall while a monitor lives: where they do, another one has begun from 0. */
    private double since(Key key, double joules) {
        double first = firstJoules.getOrDefault(key, 0.0);
        return joules < 0 || first < 0 || joules < first ? joules : joules - first;
    }

    /** The highest power that was seen, or -1. */
    double peakWatts(DeviceReading device) {
        return peaks.getOrDefault(Key.of(device), UNAVAILABLE);
    }

    double totalPeakWatts() {
        return peaks.getOrDefault(Key.TOTAL, UNAVAILABLE);
    }

    double[] history(DeviceReading device, int seconds) {
        return history(Key.of(device), seconds);
    }

    double[] totalHistory(int seconds) {
        return history(Key.TOTAL, seconds);
    }

    private double[] history(Key key, int seconds) {
        PowerHistory history = histories.get(key);
        return history == null ? new double[0] : history.latest(seconds);
    }
}
