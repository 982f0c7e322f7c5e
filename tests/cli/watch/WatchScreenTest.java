package cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import energy.DeviceReading;
import energy.ReadingDetails;
import energy.SystemInfo;
import energy.TelemetryReading;
import energy.TotalReading;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchScreenTest {

    private static final long SECOND = 1_000_000_000;

    private final WatchScreen screen = new WatchScreen();

    @Test
    void everyDeviceHasItsLine() {
        screen.add(reading(250, 700, "A very long model's name 80GB HBM3"), SECOND);
        screen.add(reading(350, 700, "A very long model's name 80GB HBM3"), 2 * SECOND);
        List<String> lines = screen.lines(120, 24, "q ends");
        assertThat(lines).hasSize(7).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
        assertThat(lines.get(0)).startsWith("box: nvidia, every 50.00 ms");
        assertThat(lines.get(2)).startsWith("total").contains("400.0 W", "████████████", "1234 J").endsWith("▇█");
        assertThat(lines.get(3)).startsWith("  A very long model's na…").contains("350.0 W", "██████ ", "61 °C",
                "8.0/16 GiB", "1000 J").endsWith("▆█");
        assertThat(lines.get(4)).startsWith("    core 0").contains("n/a", "n/a");
        assertThat(lines.get(6)).isEqualTo("q ends");
    }

    @Test
    void aSmallTerminalGetsWhatFits() {
        screen.add(reading(250, 700, "GPU"), SECOND);
        assertThat(screen.lines(40, 24, "q ends"))
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(40));
        assertThat(screen.lines(120, 6, "q ends")).hasSize(6)
                .contains("  and 2 more: the terminal is too low for them");
        assertThat(screen.lines(120, 1, "q ends")).last().isEqualTo("q ends");
    }

    @Test
    void thereIsNothingToSeeBeforeTheFirstReading() {
        assertThat(screen.lines(80, 24, "q ends")).containsExactly("waiting for the first reading", "", "q ends");
    }

    @Test
    void barsShowThePartOfTheLimit() {
        assertThat(WatchScreen.bar(350, 700)).isEqualTo("██████");
        assertThat(WatchScreen.bar(0, 700)).isEmpty();
        assertThat(WatchScreen.bar(900, 700)).isEqualTo("████████████");
        assertThat(WatchScreen.bar(-1, 700)).isEmpty();
        assertThat(WatchScreen.bar(100, -1)).isEmpty();
        assertThat(WatchScreen.bar(365, 700)).isEqualTo("██████▎");
    }

    @Test
    void sparksRiseFromZeroToTheHighest() {
        assertThat(WatchScreen.spark(new double[] {0, 50, 100, -1, 25})).isEqualTo("▁▅█ ▃");
        assertThat(WatchScreen.spark(new double[] {0, 0})).isEqualTo("▁▁");
        assertThat(WatchScreen.spark(new double[] {-1})).isEqualTo(" ");
    }

    @Test
    void aPlainLineLeavesOutWhatIsMissing() {
        assertThat(WatchScreen.plainLine(reading(250, 700, "GPU")))
                .isEqualTo("total 300.0 W 1234 J | GPU 0: 250.0 W 61.00 °C | core 0: n/a");
    }

    private static TelemetryReading reading(double watts, double limit, String name) {
        return TelemetryReading.newBuilder().setPlatform("nvidia")
                .setSystemInfo(SystemInfo.newBuilder().setHostName("box"))
                .setPowerWatts(watts).setEnergyJoules(1000).setCpuPowerWatts(50).setCpuEnergyJoules(234)
                .setAnePowerWatts(-1).setAneEnergyJoules(-1).setCpuMemoryUsageMb(2048)
                .setDetails(ReadingDetails.newBuilder().setIntervalMs(50)
                .setTotal(TotalReading.newBuilder().setPowerWatts(watts < 0 ? 50 : watts + 50).setEnergyJoules(1234))
                .addDevices(DeviceReading.newBuilder().setName(name).setId("GPU-1").setPlatform("nvidia")
                        .setAccounting("added").setPowerWatts(watts).setPowerLimitWatts(limit).setEnergyJoules(1000)
                        .setTemperatureCelsius(61).setMemoryUsedMb(8192).setMemoryTotalMb(16384))
                .addDevices(DeviceReading.newBuilder().setName("core").setId("c").setPlatform("rapl")
                        .setAccounting("contained").setPowerWatts(-1).setPowerLimitWatts(-1).setEnergyJoules(-1)
                        .setTemperatureCelsius(-1).setMemoryUsedMb(-1).setMemoryTotalMb(-1)))
                .build();
    }
}
