package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnergyIntervalTest {

    private final EnergyInterval first = new EnergyInterval(100, 3, 90, 110, 50, 60, EnergySource.COUNTER, 1, 0, null);
    private final EnergyInterval second = new EnergyInterval(200, 4, 180, 230, 100, 130, EnergySource.INTEGRATED, 0.99,
            0.3, null);

    @Test
    void joulesBoundsAndUncertaintiesAddUp() {
        EnergyInterval sum = EnergyInterval.sum(Map.of("a", first, "b", second));
        assertThat(sum.isValid()).isTrue();
        assertThat(sum.joules()).isEqualTo(300);
        assertThat(sum.uncertaintyJoules()).isCloseTo(7, within(1e-9));
        assertThat(sum.leastJoules()).isEqualTo(270);
        assertThat(sum.mostJoules()).isEqualTo(340);
        assertThat(sum.meanWatts()).isEqualTo(150);
        assertThat(sum.peakWatts()).isEqualTo(190);
        assertThat(sum.source()).isEqualTo(EnergySource.INTEGRATED);
        assertThat(sum.coverage()).isEqualTo(0.99);
        assertThat(sum.longestHoleSeconds()).isEqualTo(0.3);
    }

    @Test
    void onePartThatIsNotKnownMakesTheSumUnknownAndIsNamed() {
        Map<String, EnergyInterval> parts = new LinkedHashMap<>();
        parts.put("gpu 0", first);
        parts.put("gpu 1", EnergyInterval.unavailable("it was lost"));
        EnergyInterval sum = EnergyInterval.sum(parts);
        assertThat(sum.isValid()).isFalse();
        assertThat(sum.problem()).isEqualTo("gpu 1: it was lost");
        assertThat(sum.joules()).isEqualTo(UNAVAILABLE);
    }

    @Test
    void nothingIsNoSum() {
        assertThat(EnergyInterval.sum(Map.of()).problem()).isEqualTo("nothing is measured here");
    }
}
