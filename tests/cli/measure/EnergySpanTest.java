package cli.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EnergySpanTest {

    private static final long SECOND = 1_000_000_000;
    private static final double UNAVAILABLE = -1;

    private final EnergySpan span = new EnergySpan(SECOND);

    @Test
    void joulesAreTheCountersDifferenceBetweenTheTwoMoments() {
        add(0.5, 100, 50);
        add(1.5, 100, 150);
        add(2.5, 300, 350);
        addLast(3.5, 100, 550, 3);
        assertThat(span.seconds()).isCloseTo(2, within(1e-12));
        assertThat(span.joules()).isCloseTo(450 - 100, within(1e-9));
        assertThat(span.meanWatts()).isCloseTo(175, within(1e-9));
        assertThat(span.peakWatts()).isEqualTo(300);
    }

    @Test
    void aSpanBetweenTwoReadingsGetsItsShare() {
        add(0, 100, 0);
        addLast(10, 100, 1000, 1.25);
        assertThat(span.joules()).isCloseTo(25, within(1e-9));
        assertThat(span.seconds()).isCloseTo(0.25, within(1e-12));
    }

    @Test
    void whatIsBeforeTheBeginIsNoPeak() {
        add(0.9, 900, 50);
        addLast(2, 100, 160, 2);
        assertThat(span.peakWatts()).isEqualTo(100);
    }

    @Test
    void aShortHoleIsCarriedByTheCounter() {
        add(1, 100, 100);
        add(1.1, UNAVAILABLE, UNAVAILABLE);
        add(1.2, 100, 120);
        addLast(2, 100, 200, 2);
        assertThat(span.joules()).isCloseTo(100, within(1e-9));
    }

    @Test
    void aLongHoleLeavesNoJoulesRatherThanTooFew() {
        add(1, 100, 100);
        add(2, UNAVAILABLE, UNAVAILABLE);
        add(3, 100, 110);
        addLast(5, 100, 310, 5);
        assertThat(span.joules()).isEqualTo(UNAVAILABLE);
        assertThat(span.meanWatts()).isEqualTo(UNAVAILABLE);
        assertThat(span.problem()).isEqualTo("it gave nothing for 25 % of the time");
    }

    @Test
    void withoutACounterAtEitherMomentThereAreNoJoules() {
        add(0.9, UNAVAILABLE, UNAVAILABLE);
        add(1.1, 100, 110);
        addLast(20, 100, 1990, 20);
        assertThat(span.joules()).isEqualTo(UNAVAILABLE);
        assertThat(span.problem()).isEqualTo("it gave no energy at the begin");

        EnergySpan other = new EnergySpan(0);
        other.add(0, 100, 100, 0);
        other.add(20 * SECOND, 100, 2100, 20 * SECOND);
        other.add(20 * SECOND + 1, UNAVAILABLE, UNAVAILABLE, 20 * SECOND + 1);
        assertThat(other.problem()).isEqualTo("it gave no energy at the end");
    }

    @Test
    void aMonitorThatWasStartedAnewHasNoJoulesToTell() {
        add(1, 100, 1000);
        add(2, 100, 20);
        addLast(50, 100, 4820, 50);
        assertThat(span.joules()).isEqualTo(UNAVAILABLE);
        assertThat(span.problem()).contains("went back");
    }

    private void add(double seconds, double watts, double joules) {
        span.add(nanos(seconds), watts, joules, nanos(seconds));
    }

    private void addLast(double seconds, double watts, double joules, double endSeconds) {
        span.add(nanos(seconds), watts, joules, nanos(endSeconds));
    }

    private static long nanos(double seconds) {
        return Math.round(seconds * SECOND);
    }
}
