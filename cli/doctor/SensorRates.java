package cli.doctor;

import static collectors.DeviceSample.UNAVAILABLE;

import cli.readings.Telemetry;
import energy.DeviceReading;
import energy.EnergySource;
import energy.TelemetryReading;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Watches how often each device's sensors bring something new, and how far its energy counter and its power, integrated
 * over the same time, disagree.
 */
final class SensorRates implements Telemetry.Listener {

    /**
     * What was observed of one device.
     *
     * @param powerSeconds   the median time between two changes of its power; -1 when there were fewer than two
     * @param energySeconds  the same of its energy counter; -1 also when it has none
     * @param countedJoules  what its counter counted from its first change to its last; -1 likewise
     * @param poweredJoules  its power integrated over the same time, or -1
     */
    record Rate(double powerSeconds, double energySeconds, double countedJoules, double poweredJoules) {

        /** Joules by the counter over joules by power; -1 when either is missing. */
        double ratio() {
            return countedJoules > 0 && poweredJoules > 0 ? countedJoules / poweredJoules : UNAVAILABLE;
        }
    }

    /** The moments at which a value changed. */
    private static final class Changes {

        private double[] seconds = new double[64];
        private int count;
        private double last = Double.NaN;

        boolean add(double value, double now) {
            boolean changed = value >= 0 && last >= 0 && value != last;
            if (changed) {
                if (count == seconds.length) {
                    seconds = Arrays.copyOf(seconds, 2 * count);
                }
                seconds[count++] = now;
            }
            last = value;
            return changed;
        }

        double medianSeconds() {
            if (count < 2) {
                return UNAVAILABLE;
            }
            double[] steps = new double[count - 1];
            for (int i = 0; i < steps.length; i++) {
                steps[i] = seconds[i + 1] - seconds[i];
            }
            Arrays.sort(steps);
            return steps[steps.length / 2];
        }
    }

    /**
     * One device. Counter and power are compared over the stretches in which there is power, each from the counter's
     * first change to its last; and only once the counter is settled, as its joules may follow the power until then.
     */
    private static final class Watched {

        private final Changes power = new Changes();
        private final Changes energy = new Changes();
        private double lastSeconds;
        private double lastWatts = UNAVAILABLE;
        private boolean everPowered;
        private double integral;
        private double firstJoules = UNAVAILABLE;
        private double firstIntegral;
        private double latestJoules;
        private double latestIntegral;
        private double countedBefore;
        private double poweredBefore;

        void add(DeviceReading device, double now) {
            double watts = device.getPowerWatts();
            if (watts >= 0 && lastWatts >= 0) {
                integral += (lastWatts + watts) / 2 * (now - lastSeconds);
            } else {
                endStretch();
            }
            everPowered |= watts >= 0;
            lastSeconds = now;
            lastWatts = watts;
            power.add(watts, now);
            boolean counts = device.getEnergySource() == EnergySource.ENERGY_SOURCE_COUNTER && device.getSettled();
            boolean comparable = watts >= 0 || !everPowered;
            if (energy.add(counts ? device.getEnergyJoules() : UNAVAILABLE, now) && comparable) {
                if (firstJoules < 0) {
                    firstJoules = device.getEnergyJoules();
                    firstIntegral = integral;
                }
                latestJoules = device.getEnergyJoules();
                latestIntegral = integral;
            }
        }

        private void endStretch() {
            if (everPowered && firstJoules >= 0) {
                countedBefore += latestJoules - firstJoules;
                poweredBefore += latestIntegral - firstIntegral;
                firstJoules = UNAVAILABLE;
            }
        }

        Rate rate() {
            double counted = countedBefore + (firstJoules < 0 ? 0 : latestJoules - firstJoules);
            double powered = poweredBefore + (firstJoules < 0 ? 0 : latestIntegral - firstIntegral);
            return new Rate(power.medianSeconds(), energy.medianSeconds(), counted > 0 ? counted : UNAVAILABLE,
                    counted > 0 && everPowered ? powered : UNAVAILABLE);
        }
    }

    private final Map<String, Watched> devices = new LinkedHashMap<>();
    private long firstNanos;
    private int readings;
    private String lost;

    @Override
    public synchronized void take(TelemetryReading reading, long nanoTime) {
        if (readings++ == 0) {
            firstNanos = nanoTime - 1;
        }
        double now = (nanoTime - firstNanos) / 1e9;
        for (DeviceReading device : reading.getDetails().getDevicesList()) {
            devices.computeIfAbsent(key(device), key -> new Watched()).add(device, now);
        }
    }

    @Override
    public synchronized void lost(String reason) {
        lost = reason;
    }

    /** Why no further readings come; null while they do. */
    synchronized String lost() {
        return lost;
    }

    /** What was seen of a device, or null when it was in no reading. */
    synchronized Rate of(DeviceReading device) {
        Watched watched = devices.get(key(device));
        return watched == null ? null : watched.rate();
    }

    private static String key(DeviceReading device) {
        return device.getPlatform() + "/" + device.getId();
    }
}
