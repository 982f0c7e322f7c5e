package cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import energy.DeviceReading;
import energy.ReadingDetails;
import energy.SystemInfo;
import energy.TelemetryReading;
import energy.TotalReading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WatchScreenTest {

    private static final long SECOND = 1_000_000_000;

    private final WatchKeys keys = new WatchKeys();
    private final WatchScreen screen = new WatchScreen(false, keys);
    private final WatchModel model = new WatchModel();

    @Test
    void everyDeviceHasItsLineAndEveryKindItsSum() {
        model.add(reading(250, "A long model's name 80GB HBM3"), SECOND);
        model.add(reading(350, "A long model's name 80GB HBM3"), 2 * SECOND);
        assertThat(lines(130, 14)).containsExactly(
                "energy-monitor  box  nvidia, every 50 ms, host memory 2.0 GiB",
                "total  400.0 W    1234 J  ████████████████████████  " + " ".repeat(76) + "▇█",
                "  cpu package    50.0 W   234.0 J  1 device",
                "  gpu           350.0 W    1000 J  1 device",
                "",
                "# device                          util      memory   temp    power  limit                  energy  "
                        + "last 31 s",
                "0 A long model's name 80GB HBM3   50 %  8.0/16 GiB  61 °C  350.0 W  700 W  ██████░░░░░░    1000 J  "
                        + " ".repeat(29) + "▆█",
                "0 package-0                                                 50.0 W         ████████████   234.0 J  "
                        + " ".repeat(29) + "██",
                "1 · core                         n/a  not permitted: run it as root",
                "", "", "", "",
                "q end  ? help  space freeze  s sort: index  r joules from now");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 10, 20, 21, 30, 40, 59, 60, 79, 80, 100, 120, 200, 500})
    void noLineIsWiderThanTheTerminal(int width) {
        model.add(reading(250, "温度 GPU with a name that never seems to end, 80GB HBM3"), SECOND);
        for (int height = 1; height < 30; height++) {
            assertThat(lines(width, height)).hasSizeLessThanOrEqualTo(height)
                    .allSatisfy(line -> assertThat(Text.width(line)).isLessThanOrEqualTo(width));
        }
    }

    @Test
    void twoModelsStayTwoWhereThereIsLittleRoom() {
        model.add(reading(250, "NVIDIA H100 80GB HBM3"), SECOND);
        assertThat(lines(20, 9)).contains("0 H100…HBM3  250.0 W", "0 package-0   50.0 W");
    }

    /** Names of 64 characters that differ in the middle only; powers with as many digits as there may be. */
    @ParameterizedTest
    @CsvSource({"20, 1", "20, 8", "20, 64", "20, 128", "40, 1", "40, 8", "40, 64", "80, 1", "80, 8", "80, 64", "120, 1",
        "120, 8", "120, 64", "200, 1", "200, 8", "200, 64"})
    void everySizeHasWholeWordsWholeNumbersAndNoTwoRowsAlike(int width, int devices) {
        ReadingDetails.Builder details = ReadingDetails.newBuilder().setIntervalMs(50)
                .setTotal(TotalReading.newBuilder().setPowerWatts(12345.6 * devices).setEnergyJoules(1e7));
        for (int i = 0; i < devices; i++) {
            details.addDevices(DeviceReading.newBuilder().setIndex(i / 2).setId("id-" + i)
                    .setPlatform(i % 2 == 0 ? "nvidia" : "amd").setKind("gpu").setInTotal(true).setPowerLimitWatts(-1)
                    .setName("A".repeat(31) + String.format("%02d", i) + "Z".repeat(31)).setPowerWatts(10000 + i)
                    .setEnergyJoules(123456).setTemperatureCelsius(100).setUtilizationPercent(100).setMemoryUsedMb(1e5)
                    .setMemoryTotalMb(1e6));
        }
        model.add(reading(250, "GPU").toBuilder().setDetails(details)
                .setSystemInfo(SystemInfo.newBuilder().setHostName("h".repeat(64))).build(), SECOND);
        List<String> lines = lines(width, devices + 8);
        assertThat(lines).allSatisfy(line -> assertThat(Text.width(line)).isLessThanOrEqualTo(width));
        assertThat(lines.get(0)).startsWith("energy-monitor").matches("energy-monitor(  h+…?h*(  nvidia, every 50 ms"
                + "(, host memory 2.0 GiB)?)?)?");
        assertThat(lines.get(1)).startsWith("total " + String.format("%8s", String.format("%.0f W", 12345.6 * devices)));
        List<String> rows = lines.stream().filter(line -> line.matches(" *\\d+ \\S+ .*")).toList();
        assertThat(rows).hasSize(devices).doesNotHaveDuplicates();
        for (int i = 0; i < devices; i++) {
            assertThat(rows.get(i)).contains(" " + (10000 + i) + " W");
        }
        assertThat(rows.stream().map(row -> row.replaceAll(" +\\d+ W.*", ""))).as("names").doesNotHaveDuplicates();
        assertThat(lines.get(lines.size() - 1)).matches("q end  \\? help"
                + "(  space freeze(  s sort: index(  r joules from now)?)?)?");
    }

    @Test
    void whatIsFreeBelowTheDevicesShowsTheTotalAsAChart() {
        model.add(reading(250, "NVIDIA H100 80GB HBM3"), SECOND);
        List<String> lines = lines(100, 18);
        assertThat(lines).hasSize(18).contains(
                "total  300.0 W    1234 J  ████████████████████████");
        assertThat(lines.subList(9, 18)).containsExactly("",
                "total power, last 91 s; means of a second: 300.0 W to 300.0 W",
                "300.0 W │" + " ".repeat(90) + "█",
                "        │" + " ".repeat(90) + "█",
                "        │" + " ".repeat(90) + "█",
                "        │" + " ".repeat(90) + "█",
                "    0 W │" + " ".repeat(90) + "█",
                "",
                "q end  ? help  space freeze  s sort: index  r joules from now");
        keys.press('?');
        assertThat(lines(100, 18)).noneMatch(line -> line.startsWith("total power"));
    }

    @Test
    void aTotalWithoutWattsSaysWhy() {
        TelemetryReading reading = reading(250, "GPU");
        model.add(reading.toBuilder().setDetails(reading.getDetails().toBuilder().setTotal(TotalReading.newBuilder()
                .setPowerWatts(-1).setEnergyJoules(7).setProblem("GPU 3: fell off\u001b[2J the bus"))).build(), SECOND);
        assertThat(lines(80, 14)).contains("total n/a  GPU 3: fell off\ufffd[2J the bus");
        assertThat(WatchScreen.plainLine(model.latest())).startsWith("total n/a (GPU 3: fell off\ufffd[2J the bus) ");
    }

    @Test
    void aLongNameInTheReasonIsShortenedAndNoNumberIsCut() {
        TelemetryReading reading = reading(250, "GPU");
        model.add(reading.toBuilder().setDetails(reading.getDetails().toBuilder().setTotal(TotalReading.newBuilder()
                .setPowerWatts(-1).setEnergyJoules(7).setProblem("nvidia 3 NVIDIA H100 80GB HBM3 "
                        + "(GPU-5f0c1d2a-1111-2222-3333-444455556666): GPU is lost (NVML code 15), 1234567 J before"))).build(),
                SECOND);
        assertThat(lines(40, 14)).containsSequence("total n/a  nvidia 3 NVIDIA H100 80GB", "HBM3 (GPU-5f0c1d2…455556666): GPU is",
                "lost (NVML code 15), 1234567 J before");
        assertThat(lines(40, 5)).contains("total n/a  nvidia 3 NVIDIA H100 80GB…");
    }

    @Test
    void anOlderMonitorHasNoTotalAndSaysSo() {
        TelemetryReading reading = reading(250, "GPU");
        model.add(reading.toBuilder().setDetails(reading.getDetails().toBuilder().clearTotal()).build(), SECOND);
        assertThat(lines(100, 14)).contains("total n/a  the monitor is an older version, which sends no total");
    }

    @Test
    void joulesCanBeCountedFromNowOnAndNeverFallBelowZero() {
        model.add(reading(250, "GPU"), SECOND);
        model.resetJoules();
        assertThat(model.totalJoules()).isZero();
        assertThat(model.joules(model.devices().get(0))).isZero();
        TelemetryReading restarted = reading(250, "GPU");
        model.add(restarted.toBuilder().setDetails(restarted.getDetails().toBuilder()
                .setTotal(restarted.getDetails().getTotal().toBuilder().setEnergyJoules(5))).build(), 2 * SECOND);
        assertThat(model.totalJoules()).as("of a monitor that was started again").isEqualTo(5);
    }

    @Test
    void keysSortScrollFreezeAndHelp() {
        model.add(reading(20, "GPU"), SECOND);
        keys.press('s');
        assertThat(lines(80, 14).get(6)).startsWith("0 package-0");
        for (int key : new int[] {0x1b, '[', 'B'}) {
            keys.press(key);
        }
        assertThat(lines(80, 4)).as("one row down").element(1).asString().startsWith("0 GPU");
        keys.press('?');
        assertThat(lines(80, 14)).contains("r       count joules from now on");
        keys.press(' ');
        assertThat(lines(80, 14)).last().asString().startsWith("frozen  q end");
        assertThat(keys.isEnded()).isFalse();
        keys.press('q');
        assertThat(keys.isEnded()).isTrue();
    }

    @Test
    void aCopyStaysAsItWas() {
        model.add(reading(250, "GPU"), SECOND);
        WatchModel copy = model.copy();
        List<String> before = screen.lines(copy, 120, 20, null);
        model.add(reading(600, "GPU"), 2 * SECOND);
        assertThat(screen.lines(copy, 120, 20, null)).isEqualTo(before);
        assertThat(lines(120, 20)).isNotEqualTo(before);
    }

    @Test
    void loadHasItsColour() {
        model.add(reading(690, "GPU"), SECOND);
        String red = String.join("\n", new WatchScreen(true, keys).lines(model, 120, 14, null));
        assertThat(red).contains("\u001b[31m███████████▉\u001b[0m", "\u001b[33m 50 %\u001b[0m");
        assertThat(WatchCommand.isColoured(null, null)).isTrue();
        assertThat(WatchCommand.isColoured(null, "1")).isFalse();
        assertThat(WatchCommand.isColoured(WatchCommand.Colour.AUTO, "1")).isFalse();
        assertThat(WatchCommand.isColoured(WatchCommand.Colour.ALWAYS, "1")).isTrue();
        assertThat(WatchCommand.isColoured(WatchCommand.Colour.NEVER, null)).isFalse();
    }

    @Test
    void thereIsNothingToSeeBeforeTheFirstReading() {
        assertThat(lines(80, 7)).startsWith("energy-monitor", "waiting for the first reading");
    }

    @Test
    void barsShowThePartOfTheLimit() {
        assertThat(Gauge.bar(0.5, 12)).isEqualTo("██████");
        assertThat(Gauge.bar(0, 12)).isEmpty();
        assertThat(Gauge.bar(1.3, 12)).isEqualTo("████████████");
        assertThat(Gauge.bar(365.0 / 700, 12)).isEqualTo("██████▎");
    }

    @Test
    void sparksRiseFromZeroToTheHighest() {
        assertThat(Gauge.spark(new double[] {0, 50, 100, -1, 25})).isEqualTo("▁▅█ ▃");
        assertThat(Gauge.spark(new double[] {0, 0})).isEqualTo("▁▁");
        assertThat(Gauge.spark(new double[] {-1})).isEqualTo(" ");
    }

    @Test
    void aPlainLineLeavesOutWhatIsMissing() {
        assertThat(WatchScreen.plainLine(reading(250, "GPU"))).isEqualTo(
                "total 300.0 W 1234 J | GPU 0: 250.0 W 61 °C | package-0 0: 50.0 W | core 1: n/a");
    }

    private List<String> lines(int width, int height) {
        return screen.lines(model, width, height, null);
    }

    private static TelemetryReading reading(double watts, String name) {
        DeviceReading nothing = DeviceReading.newBuilder().setPlatform("rapl").setPowerLimitWatts(-1)
                .setTemperatureCelsius(-1).setMemoryUsedMb(-1).setMemoryTotalMb(-1).setUtilizationPercent(-1)
                .setTensorActivityPercent(-1).build();
        return TelemetryReading.newBuilder().setPlatform("nvidia")
                .setSystemInfo(SystemInfo.newBuilder().setHostName("box")).setCpuMemoryUsageMb(2048)
                .setDetails(ReadingDetails.newBuilder().setIntervalMs(50)
                        .setTotal(TotalReading.newBuilder().setPowerWatts(watts + 50).setEnergyJoules(1234))
                        .addDevices(DeviceReading.newBuilder().setName(name).setId("GPU-1").setPlatform("nvidia")
                                .setKind("gpu").setInTotal(true).setPowerWatts(watts).setPowerLimitWatts(700)
                                .setEnergyJoules(1000).setTemperatureCelsius(61).setUtilizationPercent(50)
                                .setMemoryUsedMb(8192).setMemoryTotalMb(16384)
                                .setTensorActivityPercent(-1))
                        .addDevices(nothing.toBuilder().setName("package-0").setId("p").setKind("cpu_package")
                                .setInTotal(true).setPowerWatts(50).setEnergyJoules(234))
                        .addDevices(nothing.toBuilder().setName("core").setId("c").setIndex(1).setKind("cpu_cores")
                                .setPowerWatts(-1).setEnergyJoules(-1).setProblem("not permitted: run it as root")))
                .build();
    }
}
