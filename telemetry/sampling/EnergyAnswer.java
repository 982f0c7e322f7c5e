package telemetry.sampling;

import energy.DeviceEnergy;
import energy.EnergyResponse;
import energy.IntervalEnergy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import telemetry.accounting.DeviceState;
import telemetry.accounting.EnergyInterval;
import telemetry.accounting.JointPeak;
import telemetry.accounting.TotalPeaks;
import telemetry.selection.Selection;
import telemetry.wire.DetailsEncoder;

/** Works out what devices used between two moments, and their total. Belongs to the thread that makes the readings. */
final class EnergyAnswer {

    private final EnergyResponse.Builder response = EnergyResponse.newBuilder();
    private final Map<String, EnergyInterval> total = new LinkedHashMap<>();
    private final Map<DeviceState, EnergyInterval> outermost = new LinkedHashMap<>();

    private EnergyAnswer() {
    }

    /** Of all devices; those that are marked belong to the total, whose highest power is known. */
    static EnergyResponse.Builder ofAll(List<DeviceState> devices, TotalPeaks peaks, long fromNanos, long toNanos) {
        EnergyAnswer answer = new EnergyAnswer();
        devices.forEach(device -> answer.add(device, device.inTotal, fromNanos, toNanos));
        return answer.finish(peaks.max(fromNanos, toNanos));
    }

    /** Of the devices that were selected. */
    static EnergyResponse.Builder of(Selection selection, long fromNanos, long toNanos) {
        EnergyAnswer answer = new EnergyAnswer();
        List<DeviceState> counted = selection.outermost();
        selection.devices().forEach(device -> answer.add(device, counted.contains(device), fromNanos, toNanos));
        return answer.finish(JointPeak.watts(answer.outermost, fromNanos, toNanos));
    }

    private void add(DeviceState device, boolean inTotal, long fromNanos, long toNanos) {
        EnergyInterval interval = device.timeline.between(fromNanos, toNanos);
        if (inTotal) {
            total.put(device.label(), interval);
            outermost.put(device, interval);
        }
        response.addDevices(DeviceEnergy.newBuilder()
                .setId(device.sample.id)
                .setIndex(device.index)
                .setKind(device.sample.kind.name().toLowerCase(Locale.ROOT))
                .setName(device.sample.name)
                .setPlatform(device.platform)
                .setInTotal(inTotal)
                .setEnergy(message(interval)));
    }

    private EnergyResponse.Builder finish(double peakWatts) {
        return response.setTotal(message(EnergyInterval.sum(total).withPeak(peakWatts)));
    }

    private static IntervalEnergy message(EnergyInterval interval) {
        return IntervalEnergy.newBuilder()
                .setJoules(interval.joules())
                .setUncertaintyJoules(interval.uncertaintyJoules())
                .setLeastJoules(interval.leastJoules())
                .setMostJoules(interval.mostJoules())
                .setMeanWatts(interval.meanWatts())
                .setPeakWatts(interval.peakWatts())
                .setSource(DetailsEncoder.source(interval.source()))
                .setCoverage(interval.coverage())
                .setLongestHoleSeconds(interval.longestHoleSeconds())
                .setValid(interval.isValid())
                .setProblem(interval.problem() == null ? "" : interval.problem())
                .build();
    }
}
