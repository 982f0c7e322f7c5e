package cli.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import energy.DeviceReading;
import energy.ReadingDetails;
import energy.TelemetryReading;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnergyLedgerTest {

    private static final long SECOND = 1_000_000_000;

    private final EnergyLedger ledger = new EnergyLedger(0);

    @Test
    void theTotalIsThatOfTheFieldsThatMayBeAdded() throws InterruptedException {
        ledger.add(reading(300, 1000, 50, 200), 0);
        ledger.add(reading(400, 1400, 70, 260), SECOND);
        ledger.end(2 * SECOND);
        ledger.add(reading(300, 1700, 60, 320), 2 * SECOND);
        assertThat(ledger.awaitEnd(1)).isTrue();
        assertThat(ledger.total().joules()).isCloseTo(700 + 120, within(1e-9));
        assertThat(ledger.total().meanWatts()).isCloseTo(410, within(1e-9));
        assertThat(ledger.total().peakWatts()).isEqualTo(470);
        assertThat(ledger.total().problem()).isNull();
        assertThat(ledger.seconds()).isEqualTo(2);
    }

    @Test
    void aPartThatIsMissingIsNotLeftOutOfTheTotal() {
        ledger.add(reading(300, 1000, 50, 200), 0);
        ledger.add(reading(300, 1300, -1, -1), SECOND);
        ledger.end(2 * SECOND);
        ledger.add(reading(300, 1600, -1, -1), 2 * SECOND);
        assertThat(ledger.total().joules()).isEqualTo(-1);
        assertThat(ledger.total().problem()).isEqualTo("it gave nothing for 100 % of the time");
        assertThat(ledger.total().peakWatts()).isEqualTo(300);
    }

    @Test
    void devicesAreToldApart() {
        ledger.add(reading(1, 0, -1, -1, device("a", 10, 0), device("b", 20, 5)), 0);
        ledger.end(SECOND);
        ledger.add(reading(1, 0, -1, -1, device("a", 12, 11), device("b", -1, -1)), SECOND);
        assertThat(ledger.devices()).extracting(entry -> entry.device().getId()).containsExactly("a", "b");
        assertThat(ledger.devices().get(0).joules()).isCloseTo(11, within(1e-9));
        assertThat(ledger.devices().get(0).peakWatts()).isEqualTo(12);
        assertThat(ledger.devices().get(1).joules()).isEqualTo(-1);
        assertThat(ledger.devices().get(1).problem()).isNotNull();
    }

    @Test
    void theEndIsToldByTheFirstReadingPastItAndByNoFurther() throws InterruptedException {
        ledger.add(reading(100, 0, -1, -1), 0);
        ledger.end(SECOND);
        assertThat(ledger.awaitEnd(1)).isFalse();
        ledger.add(reading(100, 200, -1, -1), 2 * SECOND);
        ledger.add(reading(900, 900, -1, -1), 3 * SECOND);
        assertThat(ledger.awaitEnd(1)).isTrue();
        assertThat(ledger.total().joules()).isCloseTo(100, within(1e-9));
        assertThat(ledger.total().peakWatts()).isEqualTo(100);
    }

    @Test
    void aReadingOfNothingIsNotPowered() {
        assertThat(EnergyLedger.isPowered(reading(-1, -1, -1, -1))).isFalse();
        assertThat(EnergyLedger.isPowered(reading(-1, -1, 5, -1))).isTrue();
        assertThat(EnergyLedger.isPowered(reading(-1, 0, -1, -1))).isTrue();
        ledger.end(SECOND);
        ledger.add(reading(-1, -1, -1, -1), SECOND);
        assertThat(ledger.total().problem()).isEqualTo("nothing is measured here");
    }

    private static TelemetryReading reading(double watts, double joules, double cpuWatts, double cpuJoules,
                                            DeviceReading... devices) {
        return TelemetryReading.newBuilder().setPowerWatts(watts).setEnergyJoules(joules).setCpuPowerWatts(cpuWatts)
                .setCpuEnergyJoules(cpuJoules).setAnePowerWatts(-1).setAneEnergyJoules(-1)
                .setDetails(ReadingDetails.newBuilder().addAllDevices(List.of(devices))).build();
    }

    private static DeviceReading device(String id, double watts, double joules) {
        return DeviceReading.newBuilder().setId(id).setPlatform("p").setPowerWatts(watts).setEnergyJoules(joules)
                .build();
    }
}
