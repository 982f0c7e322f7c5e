package collectors.linux;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import collectors.Units;
import java.nio.file.Path;
import java.util.List;

/**
 * A laptop on battery: what its batteries give is what the whole machine draws. From the kernel's power_supply class
 * (Documentation/ABI/testing/sysfs-class-power); while they charge or rest nothing is known.
 */
public final class BatteryCollector implements TelemetryCollector {

    /**
     * Embedded controllers renew a battery's power every few seconds, some every 8 and as a running mean, some every 10 to
     * 60, whatever the kernel is asked; no file says how often.
     */
    private static final double DELAY_SECONDS = 30;

    private final Path folder;
    private final List<Battery> batteries;
    private final List<DeviceSample> samples;

    /**
     * Opens every battery that feeds the machine.
     *
     * @throws CollectorUnavailableException when there is none
     */
    public static BatteryCollector open(CollectorContext context) throws CollectorUnavailableException {
        Path folder = context.sysfs().resolve("class/power_supply");
        List<Battery> batteries = SysfsFolder.entries(folder).stream().filter(BatteryCollector::feedsTheMachine)
                .map(Battery::new).toList();
        if (batteries.isEmpty()) {
            throw new CollectorUnavailableException("the machine has no battery");
        }
        return new BatteryCollector(folder, batteries);
    }

    private BatteryCollector(Path folder, List<Battery> batteries) {
        this.folder = folder;
        this.batteries = batteries;
        this.samples = batteries.stream().map(battery -> battery.sample).toList();
    }

    /** Mice and headsets have batteries too: their scope is Device. */
    private static boolean feedsTheMachine(Path supply) {
        return "Battery".equals(SysfsFile.text(supply.resolve("type")))
                && !"Device".equals(SysfsFile.text(supply.resolve("scope")));
    }

    @Override
    public String platform() {
        return "battery";
    }

    @Override
    public String source() {
        return folder.toString();
    }

    @Override
    public List<DeviceSample> collect() {
        for (int i = 0; i < batteries.size(); i++) {
            batteries.get(i).read();
        }
        return samples;
    }

    @Override
    public void close() {
        batteries.forEach(Battery::close);
    }

    private static final class Battery {

        private final SysfsFile status;
        private final SysfsFile powerMicrowatts;
        private final SysfsFile voltageMicrovolts;
        private final SysfsFile currentMicroamperes;
        private final DeviceSample sample;

        Battery(Path path) {
            String name = path.getFileName().toString();
            sample = new DeviceSample(name, DeviceKind.MACHINE, "Whole machine on battery " + name);
            sample.powerDelaySeconds = DELAY_SECONDS;
            status = new SysfsFile(path.resolve("status"));
            powerMicrowatts = new SysfsFile(path.resolve("power_now"));
            voltageMicrovolts = new SysfsFile(path.resolve("voltage_now"));
            currentMicroamperes = new SysfsFile(path.resolve("current_now"));
        }

        void read() {
            sample.clear();
            if (!status.startsWith("Discharging")) {
                sample.problem = "what the machine draws is known only while the battery discharges";
                return;
            }
            sample.powerWatts = magnitude(powerMicrowatts);
            if (!isAvailable(sample.powerWatts)) {
                double volts = magnitude(voltageMicrovolts);
                double amperes = magnitude(currentMicroamperes);
                sample.powerWatts = isAvailable(volts) && isAvailable(amperes) ? volts * amperes : UNAVAILABLE;
            }
            if (!isAvailable(sample.powerWatts)) {
                sample.problem = "neither power_now nor voltage_now with current_now gives its power";
            }
        }

        /** Some drivers count what leaves the battery as negative, or say 0 until they have measured it. */
        private static double magnitude(SysfsFile file) {
            long number = file.read();
            return number == SysfsFile.UNAVAILABLE || number == 0
                    ? UNAVAILABLE : Math.abs(number) / Units.MICROS_PER_UNIT;
        }

        void close() {
            status.close();
            powerMicrowatts.close();
            voltageMicrovolts.close();
            currentMicroamperes.close();
        }
    }
}
