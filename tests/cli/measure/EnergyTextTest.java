package cli.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnergyTextTest {

    @ParameterizedTest
    @CsvSource({"412.34, 412.3", "0.00012345, 0.0001234", "41234, 41230", "1, 1.000", "-2.5, -2.500", "0, 0",
        "99.9999, 100.0", "9999.7, 10000", "1.5e300, 1.500e+300"})
    void aNumberHasFourSignificantDigits(double value, String text) {
        assertThat(EnergyText.number(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"412.34, 4.07, 412.3 J ± 4.1", "412.34, 41, 412 J ± 41", "41234, 413, 41230 J ± 410",
        "0.0041234, 0.00012, 0.00412 J ± 0.00012", "12.345, 0.0996, 12.34 J ± 0.10", "5, 0, 5.000 J", "3, 250, 0 J ± 250"})
    void aValueHasTheDecimalsThatItsUncertaintyAllows(double value, double uncertainty, String text) {
        assertThat(EnergyText.withUncertainty(value, uncertainty, "J")).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"412.34, 4.07, 400, 420, 412.3 J ± 4.1", "412.34, 4.07, 410.3, 500, 412.3 J +4.1 -2.0",
        "412.34, 4.07, 0, 412.34, 412.3 J +0.0 -4.1", "100, 20, 95, 105, 100.0 J ± 5.0", "7, 2, 7, 7, 7.000 J"})
    void theUncertaintyGoesNoFurtherThanTheBounds(double value, double uncertainty, double least, double most, String text) {
        assertThat(EnergyText.withUncertainty(value, uncertainty, least, most, "J")).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"3599, ''", "3600, 1.000 Wh", "360000, 100.0 Wh", "3600000, 1.000 kWh", "9e9, 2500 kWh"})
    void largeEnergiesAreWattHours(double joules, String text) {
        assertThat(EnergyText.wattHours(joules)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"-1, n/a", "0, 0 W", "151.26, 151.3 W"})
    void whatIsUnavailableIsNoNumber(double watts, String text) {
        assertThat(EnergyText.orUnavailable(watts, "W")).isEqualTo(text);
    }
}
