package telemetry.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import collectors.DeviceKind;
import collectors.DeviceSample;
import org.junit.jupiter.api.Test;
import telemetry.simulation.Load;

/** A meter that is asked every few seconds or minutes, while the load rises behind its latest answer. */
class RareMeterTest {

    /** 100 W for 300 s, then 700 W. */
    private static final Load LOAD = Load.of(new double[] {300, 100, 100}, new double[] {1000, 700, 700});
    private static final double RISE = 300;

    @Test
    void whatItHasNotToldYetIsRefused() {
        for (double period : new double[] {2, 5, 10, 60}) {
            Metered meter = new Metered(period, 1);
            meter.runTo(RISE - 0.01, RISE + 0.9 * period);
            double to = RISE + 0.9 * period;
            EnergyInterval early = meter.timeline.between(nanos(to - 30), nanos(to));
            assertThat(early.isValid()).as("every %s s: %s J", period, early.joules()).isFalse();
            assertThat(early.problem()).contains("has not told yet", "ask again");
            assertThat(meter.timeline.isSettled(nanos(to))).isFalse();
            meter.runTo(to + 3 * period, to + 3 * period);
            EnergyInterval later = meter.timeline.between(nanos(to - 30), nanos(to));
            double truth = LOAD.joules(to) - LOAD.joules(to - 30);
            assertThat(!later.isValid() || Math.abs(later.joules() - truth) <= later.uncertaintyJoules())
                    .as("every %s s: %s J ± %s of %s", period, later.joules(), later.uncertaintyJoules(), truth).isTrue();
        }
    }

    /** What it says now was drawn up to a minute ago. */
    @Test
    void oneThatIsLateBySecondsSettlesNoSoonerThanItCanTell() {
        Metered meter = new Metered(1, 60);
        meter.runTo(RISE + 20, RISE + 20);
        double to = RISE + 12;
        assertThat(meter.timeline.isSettled(nanos(to))).isFalse();
        assertThat(meter.timeline.between(nanos(to - 60), nanos(to)).isValid()).isFalse();
        meter.runTo(RISE + 80, RISE + 80);
        assertThat(meter.timeline.isSettled(nanos(to))).isTrue();
    }

    @Test
    void nothingIsMadeUpOfTheTimeBeforeItsFirstAnswer() {
        Metered meter = new Metered(60, 1);
        meter.runTo(500, 500);
        assertThat(meter.timeline.between(nanos(-40), nanos(290)).isValid()).isFalse();
        assertThat(meter.timeline.between(nanos(190), nanos(215)).isValid()).isTrue();
    }

    /** Every sweep tells the latest answer again, as {@code collectors.meters.Meter} does. */
    private static final class Metered {

        private final EnergyTimeline timeline = new EnergyTimeline();
        private final DeviceSample sample = new DeviceSample("meter", DeviceKind.MACHINE, "meter");
        private final double period;
        private final double delay;
        private double asked = Double.NaN;
        private double next = 2;
        private double now;

        Metered(double period, double delay) {
            this.period = period;
            this.delay = delay;
            timeline.askEvery(nanos(0.05) - nanos(0));
        }

        /** Asks until a moment, and sweeps until a later one. */
        void runTo(double askedUntil, double sweptUntil) {
            for (; now < sweptUntil; now += 0.05) {
                for (; next <= now && next <= askedUntil; next += period) {
                    asked = next;
                }
                sample.clear();
                if (asked > 0) {
                    sample.powerWatts = LOAD.watts(Math.max(0, asked - delay / 2));
                    sample.askedNanos = nanos(asked);
                    sample.answeredNanos = nanos(asked + 0.03);
                    sample.powerNanos = sample.askedNanos;
                    sample.powerDelaySeconds = delay;
                }
                timeline.add(sample, nanos(now), nanos(now) + 1000);
            }
        }
    }

    private static long nanos(double seconds) {
        return 100_000_000_000L + (long) (seconds * 1e9);
    }
}
