package cli.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import energy.EnergyResponse;
import energy.EnergySource;
import energy.IntervalEnergy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JoinedEnergyTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void joulesAndBoundsAddUpAndUncertaintiesOfACounterInQuadrature() {
        IntervalEnergy first = FakeTelemetry.interval(100, 3);
        IntervalEnergy second = FakeTelemetry.interval(300, 4).toBuilder().setPeakWatts(250).setCoverage(0.5).build();
        EnergyResponse joined = JoinedEnergy.of(List.of(FakeTelemetry.response(0, SECOND, first, first),
                FakeTelemetry.response(SECOND, 4 * SECOND, second, second)));
        assertThat(joined.getSeconds()).isEqualTo(4);
        assertThat(joined.getFromNanos()).isZero();
        assertThat(joined.getToNanos()).isEqualTo(4 * SECOND);
        IntervalEnergy total = joined.getTotal();
        assertThat(total.getValid()).isTrue();
        assertThat(total.getJoules()).isEqualTo(400);
        assertThat(total.getUncertaintyJoules()).isCloseTo(5, within(1e-9));
        assertThat(total.getLeastJoules()).isEqualTo(380);
        assertThat(total.getMostJoules()).isEqualTo(420);
        assertThat(total.getMeanWatts()).isEqualTo(100);
        assertThat(total.getPeakWatts()).isEqualTo(250);
        assertThat(total.getCoverage()).isCloseTo(0.625, within(1e-9));
        assertThat(joined.getDevices(0).getEnergy().getJoules()).isEqualTo(400);
    }

    /** A sensor that tells 0.2 % too much in every part, each of which says so. */
    @Test
    void whatPowerIsOffByAddsUpOverTheParts() {
        List<EnergyResponse> parts = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            IntervalEnergy part = FakeTelemetry.interval(24_048, 137).toBuilder()
                    .setSource(EnergySource.ENERGY_SOURCE_INTEGRATED).build();
            parts.add(FakeTelemetry.response(240 * i * SECOND, 240 * (i + 1) * SECOND, part, part));
        }
        IntervalEnergy total = JoinedEnergy.of(parts).getTotal();
        double truth = 100 * 3600;
        assertThat(Math.abs(total.getJoules() - truth)).isEqualTo(720).isLessThan(total.getUncertaintyJoules());
        assertThat(total.getUncertaintyJoules()).isCloseTo(15 * 137, within(1e-9));
    }

    @Test
    void onePartThatIsNotSettledLeavesTheWholeUnsettled() {
        IntervalEnergy known = FakeTelemetry.interval(100, 3);
        EnergyResponse open = FakeTelemetry.response(0, SECOND, known, known).toBuilder().setSettled(false).build();
        assertThat(JoinedEnergy.of(List.of(open, FakeTelemetry.response(SECOND, 2 * SECOND, known, known))).getSettled())
                .isFalse();
    }

    @Test
    void onePartWithoutJoulesLeavesNoneAndNamesTheReason() {
        IntervalEnergy known = FakeTelemetry.interval(100, 3);
        IntervalEnergy lost = FakeTelemetry.unavailable("the GPU was lost");
        EnergyResponse joined = JoinedEnergy.of(List.of(FakeTelemetry.response(0, SECOND, known, known),
                FakeTelemetry.response(SECOND, 2 * SECOND, FakeTelemetry.unavailable("fake 0: lost"), lost),
                FakeTelemetry.response(2 * SECOND, 3 * SECOND, known, known)));
        assertThat(joined.getTotal().getJoules()).isEqualTo(-1);
        assertThat(joined.getTotal().getProblem()).isEqualTo("fake 0: lost");
        assertThat(joined.getDevices(0).getEnergy().getProblem()).isEqualTo("the GPU was lost");
    }

    @Test
    void aDeviceThatWasNotThereAllTheTimeLeavesNoTotal() {
        IntervalEnergy known = FakeTelemetry.interval(100, 3);
        EnergyResponse without = FakeTelemetry.response(0, SECOND, known, known).toBuilder().clearDevices().build();
        EnergyResponse joined = JoinedEnergy.of(List.of(without, FakeTelemetry.response(SECOND, 2 * SECOND, known,
                known)));
        assertThat(joined.getDevices(0).getEnergy().getValid()).isFalse();
        assertThat(joined.getTotal().getValid()).isFalse();
        assertThat(joined.getTotal().getProblem()).isEqualTo("fake 0 Fake (gpu-0): it was not there all the time");
    }

    @Test
    void theMeanNeverExceedsThePeak() {
        IntervalEnergy energy = FakeTelemetry.interval(100, 3).toBuilder().setMeanWatts(100).setPeakWatts(90).build();
        EnergyResponse joined = JoinedEnergy.of(List.of(FakeTelemetry.response(0, SECOND, energy, energy)));
        assertThat(joined.getTotal().getPeakWatts()).isEqualTo(100);
    }
}
