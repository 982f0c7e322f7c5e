package cli.record;

import static org.assertj.core.api.Assertions.assertThat;

import cli.readings.Telemetry;
import energy.DescribeResponse;
import energy.EnergyResponse;
import energy.TelemetryReading;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecordSourceTest {

    /** A monitor that gives nothing but what the test sends. */
    private static final class SilentTelemetry implements Telemetry {

        private Listener listener;
        private int streams;

        @Override
        public DescribeResponse describe() {
            return DescribeResponse.getDefaultInstance();
        }

        @Override
        public long mark() {
            return 0;
        }

        @Override
        public EnergyResponse energy(long fromNanos, long toNanos) {
            return EnergyResponse.getDefaultInstance();
        }

        @Override
        public void stream(long intervalMillis, Listener listener) {
            streams++;
            this.listener = listener;
        }

        @Override
        public void close() {
            listener = null;
        }
    }

    private static final class NoFile implements RecordFile {

        @Override
        public void append(String host, TelemetryReading reading) {
        }

        @Override
        public void flush() {
        }

        @Override
        public void close() {
        }
    }

    private final SilentTelemetry telemetry = new SilentTelemetry();
    private final List<String> notices = new ArrayList<>();
    private final RecordSource source =
            new RecordSource(telemetry, "box", new Recording(new NoFile(), false), 0, notices::add);

    @Test
    void anOutageIsOneMessageHoweverOftenItIsTriedAgain() throws Exception {
        source.listen();
        telemetry.listener.take(TelemetryReading.getDefaultInstance(), 0);
        source.lost("no monitor answers at box");
        source.listen();
        assertThat(telemetry.streams).isEqualTo(2);
        source.lost("no monitor answers at box");
        source.listen();
        assertThat(telemetry.streams).as("not at once").isEqualTo(2);
        TimeUnit.MILLISECONDS.sleep(1050);
        source.listen();
        assertThat(telemetry.streams).isEqualTo(3);
        assertThat(notices).containsExactly("no monitor answers at box; trying again until it answers");
        telemetry.listener.take(TelemetryReading.getDefaultInstance(), 0);
        source.listen();
        source.listen();
        assertThat(notices).hasSize(2).last().isEqualTo("box answers again after 1 s");
    }

    @Test
    void theNextOutageIsToldAgain() {
        source.listen();
        source.lost("first");
        source.listen();
        telemetry.listener.take(TelemetryReading.getDefaultInstance(), 0);
        source.listen();
        source.lost("second");
        source.listen();
        assertThat(notices).containsExactly("first; trying again until it answers", "box answers again after 0 s",
                "second; trying again until it answers");
    }
}
