package telemetry.accounting;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import collectors.DeviceKind;
import collectors.DeviceSample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleCheckTest {

    private final DeviceSample sample = new DeviceSample("gpu", DeviceKind.GPU, "GPU");

    @ParameterizedTest
    @ValueSource(doubles = {4_294_967.295, 4_294_967_295.0, 9_223_372_036_854.775, 65_535, Double.NaN,
        Double.POSITIVE_INFINITY, -5})
    void sentinelsAreNoWatts(double watts) {
        sample.powerWatts = watts;
        sample.powerLimitWatts = watts;
        SampleCheck.clean(sample);
        assertThat(sample.powerWatts).isEqualTo(UNAVAILABLE);
        assertThat(sample.powerLimitWatts).isEqualTo(UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(doubles = {18_446_744_073_709_551.615, 9_223_372_036_854_775.8, 9_223_372_036_854.775,
        4_294_967_295_000.0, Double.NaN, -1e-3})
    void sentinelsAreNoJoules(double joules) {
        sample.energyCounterJoules = joules;
        SampleCheck.clean(sample);
        assertThat(sample.energyCounterJoules).isEqualTo(UNAVAILABLE);
    }

    @Test
    void whatADeviceCanSayStays() {
        sample.powerWatts = 0;
        sample.powerLimitWatts = 1200;
        sample.energyCounterJoules = 3e11;
        sample.temperatureCelsius = 95;
        sample.memoryUsedMb = 0;
        sample.memoryTotalMb = 294_912;
        sample.utilizationPercent = 100;
        sample.memoryUtilizationPercent = 0;
        SampleCheck.clean(sample);
        assertThat(new double[] {sample.powerWatts, sample.powerLimitWatts, sample.energyCounterJoules,
            sample.temperatureCelsius, sample.memoryUsedMb, sample.memoryTotalMb, sample.utilizationPercent,
            sample.memoryUtilizationPercent}).containsExactly(0, 1200, 3e11, 95, 0, 294_912, 100, 0);
    }

    @Test
    void percentAndDegreesBeyondSenseAreUnavailable() {
        sample.utilizationPercent = 65_535;
        sample.memoryUtilizationPercent = 101;
        sample.smActivityPercent = 101;
        sample.tensorActivityPercent = Double.NaN;
        sample.dramActivityPercent = 1e9;
        sample.temperatureCelsius = 4_294_967;
        SampleCheck.clean(sample);
        assertThat(new double[] {sample.utilizationPercent, sample.memoryUtilizationPercent,
            sample.smActivityPercent, sample.tensorActivityPercent, sample.dramActivityPercent,
            sample.temperatureCelsius}).containsOnly(UNAVAILABLE);
    }
}
