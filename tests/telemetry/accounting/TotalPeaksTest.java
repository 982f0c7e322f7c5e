package telemetry.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TotalPeaksTest {

    private static final long SECOND = 1_000_000_000L;

    private final TotalPeaks peaks = new TotalPeaks();

    @Test
    void theHighestOfAnIntervalIsKnownForTenMinutes() {
        for (long tenth = 0; tenth < 20_000; tenth++) {
            peaks.add(tenth * SECOND / 10, tenth == 15_000 ? 900 : 100 + tenth % 7);
        }
        assertThat(peaks.max(1_990 * SECOND, 1_999 * SECOND)).isEqualTo(106);
        assertThat(peaks.max(1_450 * SECOND, 1_999 * SECOND)).isEqualTo(900);
        assertThat(peaks.max(100 * SECOND, 110 * SECOND)).as("forgotten").isEqualTo(-1);
    }

    @Test
    void whatIsUnavailableIsNoPeak() {
        peaks.add(0, -1);
        assertThat(peaks.max(0, SECOND)).isEqualTo(-1);
        peaks.add(0, 0);
        assertThat(peaks.max(0, SECOND)).isZero();
    }
}
