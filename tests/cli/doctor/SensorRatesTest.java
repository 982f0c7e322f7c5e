package cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import energy.DeviceReading;
import energy.EnergySource;
import energy.ReadingDetails;
import energy.TelemetryReading;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class SensorRatesTest {

    private final SensorRates rates = new SensorRates();

    @Test
    void updatesAreToldApartFromLooks() {
        SensorRates.Rate rate = watch(t -> 100 + Math.floor(t / 0.1), t -> 100 * Math.floor(t / 0.04) * 0.04,
                EnergySource.ENERGY_SOURCE_COUNTER);
        assertThat(rate.powerSeconds()).isCloseTo(0.1, within(0.011));
        assertThat(rate.energySeconds()).isCloseTo(0.04, within(0.011));
    }

    @Test
    void aCounterIsComparedWithPowerBetweenItsOwnChanges() {
        SensorRates.Rate rate = watch(t -> 100, t -> 170 * Math.floor(t / 0.1) * 0.1,
                EnergySource.ENERGY_SOURCE_COUNTER);
        assertThat(rate.ratio()).isCloseTo(1.7, within(0.02));
        assertThat(rate.countedJoules()).isCloseTo(1.7 * rate.poweredJoules(), within(5.0));
    }

    @Test
    void whatIsIntegratedHasNoCounterToCompare() {
        SensorRates.Rate rate = watch(t -> 100 + t, t -> 100 * t, EnergySource.ENERGY_SOURCE_INTEGRATED);
        assertThat(rate.energySeconds()).isEqualTo(-1);
        assertThat(rate.ratio()).isEqualTo(-1);
        assertThat(rate.powerSeconds()).isCloseTo(0.01, within(0.001));
    }

    @Test
    void aSensorThatNeverChangesHasNoRate() {
        SensorRates.Rate rate = watch(t -> 100, t -> 5, EnergySource.ENERGY_SOURCE_COUNTER);
        assertThat(rate.powerSeconds()).isEqualTo(-1);
        assertThat(rate.energySeconds()).isEqualTo(-1);
        assertThat(rate.ratio()).isEqualTo(-1);
    }

    @Test
    void aHoleInThePowerIsLeftOutOfTheComparison() {
        SensorRates.Rate rate = watch(t -> t > 1 && t < 1.5 ? -1 : 100, t -> 150 * t,
                EnergySource.ENERGY_SOURCE_COUNTER);
        assertThat(rate.ratio()).isCloseTo(1.5, within(0.02));
        assertThat(rate.countedJoules()).isCloseTo(150 * 2.5, within(10.0));
    }

    @Test
    void aCounterWithoutPowerIsCountedButNotCompared() {
        SensorRates.Rate rate = watch(t -> -1, t -> 100 * t, EnergySource.ENERGY_SOURCE_COUNTER);
        assertThat(rate.countedJoules()).isCloseTo(300, within(10.0));
        assertThat(rate.ratio()).isEqualTo(-1);
    }

    @Test
    void aDeviceThatWasNeverSeenHasNone() {
        assertThat(rates.of(DeviceReading.newBuilder().setId("other").build())).isNull();
    }

    /** Three seconds of a device, looked at every 10 ms. */
    private SensorRates.Rate watch(DoubleUnaryOperator watts, DoubleUnaryOperator joules, EnergySource source) {
        DeviceReading device = null;
        for (int i = 0; i < 300; i++) {
            double t = i / 100.0;
            device = DeviceReading.newBuilder().setId("gpu").setPlatform("p").setEnergySource(source).setSettled(true)
                    .setPowerWatts(watts.applyAsDouble(t)).setEnergyJoules(joules.applyAsDouble(t)).build();
            rates.take(TelemetryReading.newBuilder()
                    .setDetails(ReadingDetails.newBuilder().addDevices(device)).build(), i * 10_000_000L);
        }
        return rates.of(device);
    }
}
