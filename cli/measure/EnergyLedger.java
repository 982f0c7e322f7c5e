package cli.measure;

import static collectors.DeviceSample.UNAVAILABLE;

import cli.readings.EnergyPart;
import energy.DeviceReading;
import energy.TelemetryReading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds up what a stretch of time cost, per device and in total. The total is that of the primary devices and of the CPU
 * packages and the neural engine beside them, which the contract keeps apart from each other.
 */
final class EnergyLedger {

    /**
     * What a source of power used in the stretch. A number of -1 is unavailable.
     *
     * @param device  whose; null for the total
     * @param problem why there are no joules; null when there are
     */
    record Entry(DeviceReading device, double joules, double meanWatts, double peakWatts, String problem) {
    }

    private final long beginNanos;
    private final Map<EnergyPart, EnergySpan> parts = new LinkedHashMap<>();
    private final Map<String, EnergySpan> spans = new LinkedHashMap<>();
    private final Map<String, DeviceReading> devices = new LinkedHashMap<>();
    private double peakWatts = UNAVAILABLE;
    private long endNanos;
    private boolean ending;
    private boolean ended;

    /** A stretch that begins at that moment of {@link System#nanoTime}. */
    EnergyLedger(long beginNanos) {
        this.beginNanos = beginNanos;
    }

    /** Whether a reading has power or energy. */
    static boolean isPowered(TelemetryReading reading) {
        return EnergyPart.totalWatts(reading) >= 0 || EnergyPart.totalJoules(reading) >= 0;
    }

    /** Says when the stretch ends; the first reading at or after that moment completes it. */
    synchronized void end(long nanos) {
        endNanos = nanos;
        ending = true;
    }

    /** Waits for the reading that completes the stretch; false when there was none in time. */
    synchronized boolean awaitEnd(long limitMillis) throws InterruptedException {
        long deadline = System.nanoTime() + limitMillis * 1_000_000;
        for (long left = limitMillis; !ended && left > 0; left = (deadline - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        return ended;
    }

    /** Takes a reading in, beginning with the latest one before the begin. */
    synchronized void add(TelemetryReading reading, long nanos) {
        if (ended) {
            return;
        }
        ended = ending && nanos - endNanos >= 0;
        long to = ended ? endNanos : nanos;
        for (EnergyPart part : EnergyPart.values()) {
            double watts = part.watts(reading);
            double joules = part.joules(reading);
            if (watts >= 0 || joules >= 0 || parts.containsKey(part)) {
                parts.computeIfAbsent(part, p -> new EnergySpan(beginNanos)).add(nanos, watts, joules, to);
            }
        }
        for (DeviceReading device : reading.getDetails().getDevicesList()) {
            String key = device.getPlatform() + "/" + device.getId();
            devices.put(key, device);
            spans.computeIfAbsent(key, k -> new EnergySpan(beginNanos))
                    .add(nanos, device.getPowerWatts(), device.getEnergyJoules(), to);
        }
        if (nanos - beginNanos > 0) {
            peakWatts = Math.max(peakWatts, EnergyPart.totalWatts(reading));
        }
        if (ended) {
            notifyAll();
        }
    }

    /** The stretch's length in seconds. */
    synchronized double seconds() {
        return (endNanos - beginNanos) / 1e9;
    }

    /** All that is measured, added up. */
    synchronized Entry total() {
        double joules = 0;
        double meanWatts = 0;
        for (EnergySpan span : parts.values()) {
            if (span.problem() != null) {
                return new Entry(null, UNAVAILABLE, UNAVAILABLE, peakWatts, span.problem());
            }
            joules += span.joules();
            meanWatts += span.meanWatts();
        }
        return parts.isEmpty() ? new Entry(null, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, "nothing is measured here")
                : new Entry(null, joules, meanWatts, peakWatts, null);
    }

    /** Every device, in the order of the readings. */
    synchronized List<Entry> devices() {
        List<Entry> entries = new ArrayList<>();
        spans.forEach((key, span) -> entries.add(new Entry(devices.get(key), span.joules(), span.meanWatts(),
                span.peakWatts(), span.problem())));
        return entries;
    }
}
