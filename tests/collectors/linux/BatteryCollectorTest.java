package collectors.linux;

import static org.assertj.core.api.Assertions.assertThat;

import collectors.SysfsTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import telemetry.accounting.EnergyInterval;
import telemetry.accounting.EnergyTimeline;
import telemetry.simulation.Load;

/** A battery whose controller renews its power every 8 s, in simulated time. */
class BatteryCollectorTest {

    private static final double RENEWED_SECONDS = 8;
    private static final double LOOK_SECONDS = 0.05;

    @TempDir
    Path sysfs;

    private Path battery;

    @BeforeEach
    void makeBattery() throws IOException {
        battery = Files.createDirectories(sysfs.resolve("class/power_supply/BAT0"));
        Files.writeString(battery.resolve("type"), "Battery\n");
        Files.writeString(battery.resolve("status"), "Discharging\n");
        Files.writeString(battery.resolve("power_now"), "8000000\n");
    }

    @Test
    void noJoulesAreMadeOfPowerThatIsOlderThanTheRun() throws Exception {
        Load load = Load.of(new double[] {60, 8, 8}, new double[] {20, 30, 30}, new double[] {1000, 8, 8});
        EnergyTimeline timeline = discharge(load, 140);
        for (double[] run : new double[][] {{60, 80}, {50, 70}, {70, 80}, {40, 110}}) {
            EnergyInterval energy = timeline.between(nanos(run[0]), nanos(run[1]));
            double truth = load.joules(run[1]) - load.joules(run[0]);
            assertThat(!energy.isValid() || Math.abs(energy.joules() - truth) <= energy.uncertaintyJoules())
                    .as("%s to %s s: %s J ± %s of %s", run[0], run[1], energy.joules(), energy.uncertaintyJoules(), truth)
                    .isTrue();
        }
    }

    @Test
    void aSteadyMachineIsToldAsExactlyAsEver() throws Exception {
        EnergyTimeline timeline = discharge(Load.constant(12.5), 100);
        EnergyInterval energy = timeline.between(nanos(40), nanos(60));
        assertThat(energy.joules()).isBetween(249.9, 250.1);
        assertThat(energy.uncertaintyJoules()).isLessThan(3);
        assertThat(timeline.isSettled(nanos(69))).isTrue();
        assertThat(timeline.isSettled(nanos(75))).isFalse();
        assertThat(timeline.between(nanos(50), nanos(75)).problem()).contains("has not told yet");
        assertThat(timeline.meanWatts(nanos(98), nanos(99))).as("what the page shows meanwhile").isBetween(12.4, 12.6);
    }

    private EnergyTimeline discharge(Load load, double seconds) throws Exception {
        EnergyTimeline timeline = new EnergyTimeline();
        timeline.askEvery(nanos(LOOK_SECONDS) - nanos(0));
        BatteryCollector collector = BatteryCollector.open(SysfsTree.context(sysfs));
        double next = 0;
        for (double t = 0; t < seconds; t += LOOK_SECONDS) {
            if (t >= next) {
                Files.writeString(battery.resolve("power_now"), Math.round(load.watts(t) * 1e6) + "\n");
                next += RENEWED_SECONDS;
            }
            timeline.add(collector.collect().get(0), nanos(t), nanos(t + 0.001));
        }
        collector.close();
        return timeline;
    }

    private static long nanos(double seconds) {
        return 100_000_000_000L + Math.round(seconds * 1e9);
    }
}
