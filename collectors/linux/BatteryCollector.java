package collectors.linux;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A laptop on battery: what its batteries give is what the whole machine draws. From the kernel's power_supply class
 * (Documentation/ABI/testing/sysfs-class-power); while they charge or rest nothing is known.
 */
public final class BatteryCollector implements TelemetryCollector {

    private static final double MICRO = 1e6;

    private final Path folder;
    private final List<Battery> batteries;
    private final List<DeviceSample> samples;

    /**
     * Opens every battery of the machine's own.
     *
     * @throws CollectorUnavailableException when there is none
     */
    public static BatteryCollector open(CollectorContext context) throws CollectorUnavailableException {
        Path folder = context.sysfs().resolve("class/power_supply");
        List<Battery> batteries = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> supplies = Files.list(folder)) {
                supplies.filter(BatteryCollector::isTheMachines).sorted()
                        .forEach(path -> batteries.add(new Battery(path)));
            } catch (IOException e) {
                throw new CollectorUnavailableException(folder + " cannot be listed: " + e.getMessage());
            }
        }
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

    /** Mice and headsets have batteries, too: their scope is Device. */
    private static boolean isTheMachines(Path supply) {
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
        private final SysfsFile power;
        private final SysfsFile voltage;
        private final SysfsFile current;
        private final DeviceSample sample;

        Battery(Path path) {
            String name = path.getFileName().toString();
            sample = new DeviceSample(name, DeviceKind.MACHINE, "Whole machine on battery " + name);
            status = new SysfsFile(path.resolve("status"));
            power = new SysfsFile(path.resolve("power_now"));
            voltage = new SysfsFile(path.resolve("voltage_now"));
            current = new SysfsFile(path.resolve("current_now"));
        }

        void read() {
            sample.clear();
            if (!status.startsWith("Discharging")) {
                sample.problem = "what the machine draws is known only while the battery discharges";
                return;
            }
            sample.powerWatts = magnitude(power);
            if (!isAvailable(sample.powerWatts)) {
                double volts = magnitude(voltage);
                double amperes = magnitude(current);
                sample.powerWatts = isAvailable(volts) && isAvailable(amperes) ? volts * amperes : UNAVAILABLE;
            }
            if (!isAvailable(sample.powerWatts)) {
                sample.problem = "neither power_now nor voltage_now and current_now give any";
            }
        }

        /** Some drivers count what leaves the battery as negative, or say 0 until they have measured it. */
        private static double magnitude(SysfsFile file) {
            long number = file.read();
            return number == SysfsFile.UNAVAILABLE || number == 0 ? UNAVAILABLE : Math.abs(number) / MICRO;
        }

        void close() {
            status.close();
            power.close();
            voltage.close();
            current.close();
        }
    }
}
