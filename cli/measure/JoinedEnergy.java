package cli.measure;

import static collectors.DeviceSample.UNAVAILABLE;

import energy.DeviceEnergy;
import energy.EnergyResponse;
import energy.EnergySource;
import energy.IntervalEnergy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Intervals that follow one another, joined to one: what is longer than a monitor's memory is asked for in parts. */
final class JoinedEnergy {

    private JoinedEnergy() {
    }

    /** The energy of at least one interval. A device without joules in one of them has none in all. */
    static EnergyResponse of(List<EnergyResponse> parts) {
        EnergyResponse last = parts.get(parts.size() - 1);
        EnergyResponse.Builder joined = EnergyResponse.newBuilder()
                .setFromNanos(parts.get(0).getFromNanos())
                .setToNanos(last.getToNanos())
                .setSeconds(parts.stream().mapToDouble(EnergyResponse::getSeconds).sum())
                .setSettled(parts.stream().allMatch(EnergyResponse::getSettled));
        Map<String, DeviceEnergy> devices = new LinkedHashMap<>();
        Map<String, List<IntervalEnergy>> energies = new LinkedHashMap<>();
        for (EnergyResponse part : parts) {
            for (DeviceEnergy device : part.getDevicesList()) {
                String key = device.getPlatform() + "/" + device.getId();
                devices.put(key, device);
                energies.computeIfAbsent(key, k -> new ArrayList<>()).add(device.getEnergy());
            }
        }
        IntervalEnergy total = join(parts.stream().map(EnergyResponse::getTotal).toList(), parts);
        for (Map.Entry<String, DeviceEnergy> entry : devices.entrySet()) {
            DeviceEnergy device = entry.getValue();
            IntervalEnergy energy = join(energies.get(entry.getKey()), parts);
            joined.addDevices(device.toBuilder().setEnergy(energy));
            if (device.getInTotal() && !energy.getValid() && total.getValid()) {
                total = unavailable(device.getPlatform() + " " + device.getIndex() + " " + device.getName() + " ("
                        + device.getId() + "): " + energy.getProblem());
            }
        }
        return joined.setTotal(total).build();
    }

    /** An interval of whose energy nothing is known, and why. */
    static EnergyResponse unknown(long fromNanos, long toNanos, String problem) {
        return EnergyResponse.newBuilder().setFromNanos(fromNanos).setToNanos(toNanos)
                .setSeconds((toNanos - fromNanos) / 1e9).setTotal(unavailable(problem)).build();
    }

    /**
     * A counter is off at the ends of a part alone; power is off all the time, in the same direction in every part: what
     * its sensor is off by, and what a load does between looks.
     */
    private static IntervalEnergy join(List<IntervalEnergy> energies, List<EnergyResponse> parts) {
        if (energies.size() < parts.size()) {
            return unavailable("it was not there all the time");
        }
        for (IntervalEnergy energy : energies) {
            if (!energy.getValid()) {
                return energy;
            }
        }
        double joules = 0;
        double variance = 0;
        double alike = 0;
        double least = 0;
        double most = 0;
        double peak = UNAVAILABLE;
        double hole = 0;
        double covered = 0;
        double seconds = 0;
        EnergySource source = energies.get(0).getSource();
        for (int i = 0; i < parts.size(); i++) {
            IntervalEnergy energy = energies.get(i);
            joules += energy.getJoules();
            if (energy.getSource() == EnergySource.ENERGY_SOURCE_COUNTER) {
                variance += energy.getUncertaintyJoules() * energy.getUncertaintyJoules();
            } else {
                alike += energy.getUncertaintyJoules();
            }
            least += energy.getLeastJoules();
            most += energy.getMostJoules();
            peak = Math.max(peak, energy.getPeakWatts());
            hole = Math.max(hole, energy.getLongestHoleSeconds());
            covered += energy.getCoverage() * parts.get(i).getSeconds();
            seconds += parts.get(i).getSeconds();
            source = energy.getSource() == source ? source : EnergySource.ENERGY_SOURCE_INTEGRATED;
        }
        double mean = seconds > 0 ? joules / seconds : UNAVAILABLE;
        return energies.get(0).toBuilder().setJoules(joules).setUncertaintyJoules(Math.sqrt(variance) + alike)
                .setLeastJoules(least).setMostJoules(most).setMeanWatts(mean)
                .setPeakWatts(Math.max(peak, mean)) // between two looks a peak may be missed
                .setSource(source).setCoverage(seconds > 0 ? covered / seconds : 0).setLongestHoleSeconds(hole)
                .build();
    }

    private static IntervalEnergy unavailable(String problem) {
        return IntervalEnergy.newBuilder().setJoules(UNAVAILABLE).setUncertaintyJoules(UNAVAILABLE)
                .setLeastJoules(UNAVAILABLE).setMostJoules(UNAVAILABLE).setMeanWatts(UNAVAILABLE)
                .setPeakWatts(UNAVAILABLE).setProblem(problem).build();
    }
}
