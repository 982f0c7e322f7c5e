package figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlopeTest {

    private static final double[] X = IntStream.range(0, 60).mapToDouble(i -> i / 10.0).toArray();

    @Test
    void pointsOnALineGiveItsSlope() {
        Slope slope = Slope.of(X, IntStream.range(0, 60).mapToDouble(i -> 5 - 0.3 * X[i]).toArray());
        assertThat(slope.perUnit()).isEqualTo(-0.3, within(1e-12));
        assertThat(slope.halfWidth()).isLessThan(1e-9);
        assertThat(slope.isFlat()).isFalse();
    }

    @Test
    void theErrorOfFourPointsIsWhatTheTextbookSays() {
        // Slope 1.5, residuals 1/2 (0.4, -0.2, -0.8, 0.6); t of two degrees of freedom
        Slope slope = Slope.of(new double[] {0, 1, 2, 3}, new double[] {0.2, 1.4, 2.6, 4.8});
        double squares = 0.04 + 0.01 + 0.16 + 0.09;
        assertThat(slope.perUnit()).isEqualTo(1.5, within(1e-12));
        assertThat(slope.halfWidth()).isEqualTo(4.303 * Math.sqrt(squares / 2 / 5), within(1e-9));
    }

    @Test
    void noiseAloneIsFlatInNinetyFiveOfAHundredCases() {
        for (double likeness : new double[] {0, 0.6}) {
            Random random = new Random(7);
            int flat = 0;
            for (int trial = 0; trial < 2000; trial++) {
                double[] noise = new double[X.length];
                double last = 0;
                for (int i = 0; i < noise.length; i++) {
                    last = likeness * last + random.nextGaussian();
                    noise[i] = last;
                }
                flat += Slope.of(X, noise).isFlat() ? 1 : 0;
            }
            assertThat(flat / 2000.0).as("with likeness %s", likeness).isBetween(0.90, 0.98);
        }
    }

    @Test
    void twoPointsProveNothing() {
        assertThat(Slope.of(new double[] {0, 1}, new double[] {0, 9}).isFlat()).isTrue();
    }

    @Test
    void studentsTableIsMet() {
        assertThat(Slope.student(3)).isEqualTo(3.182, within(0.03));
        assertThat(Slope.student(10)).isEqualTo(2.228, within(0.002));
        assertThat(Slope.student(60)).isEqualTo(2.000, within(0.001));
    }
}
