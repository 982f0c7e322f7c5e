package cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import energy.ReadingDetails;
import energy.TelemetryReading;
import energy.TotalReading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PowerChartTest {

    private final WatchModel model = new WatchModel();

    @Test
    void eachSecondIsAColumnOnARoundScale() {
        power(150, 300, 0, -1, 75);
        assertThat(PowerChart.lines(model, -1, 29, 5, false)).containsExactly(
                "total power, last 20 s",
                "300.0 W │                █",
                "        │                █",
                "        │               ██",
                "    0 W │               ██▁ █");
        assertThat(PowerChart.lines(model, -1, 80, 5, false).get(0))
                .isEqualTo("total power, last 71 s; means of a second: 0.0 W to 300.0 W");
    }

    @ParameterizedTest
    @CsvSource({"4610, 5000 W", "1001, 1200 W", "999, 1000 W", "61, 80.0 W", "0.4, 1.0 W", "0, 1.0 W"})
    void theScaleIsNoLowerThanThePower(double watts, String scale) {
        power(watts);
        assertThat(PowerChart.lines(model, -1, 80, 9, false).get(1).strip()).startsWith(scale + " │");
    }

    @Test
    void coloursTellHowNearTheLimitIs() {
        power(100);
        List<String> lines = PowerChart.lines(model, 100, 80, 20, true);
        assertThat(lines.get(1)).contains("\u001b[31m");
        assertThat(lines.get(5)).contains("\u001b[33m");
        assertThat(lines.get(19)).contains("\u001b[32m");
        assertThat(PowerChart.lines(model, -1, 80, 20, true).get(19)).contains("\u001b[36m");
    }

    @Test
    void thereIsNoneWithoutRoomOrPower() {
        power(-1);
        assertThat(PowerChart.lines(model, -1, 80, 20, false)).isEmpty();
        power(5);
        assertThat(PowerChart.lines(model, -1, 80, 4, false)).isEmpty();
        assertThat(PowerChart.lines(model, -1, 20, 20, false)).isEmpty();
        assertThat(PowerChart.lines(model, -1, 80, 100, false)).hasSize(20);
    }

    private void power(double... wattsOfSeconds) {
        long second = 1000;
        for (double watts : wattsOfSeconds) {
            model.add(TelemetryReading.newBuilder().setDetails(ReadingDetails.newBuilder()
                    .setTotal(TotalReading.newBuilder().setPowerWatts(watts))).build(), second++ * 1_000_000_000);
        }
    }
}
