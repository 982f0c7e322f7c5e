package cli.record;

import static org.assertj.core.api.Assertions.assertThat;

import energy.TelemetryReading;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordingTest {

    private static final class StoringFile implements RecordFile {

        private final List<String> rows = new ArrayList<>();
        private boolean closed;

        @Override
        public void append(String host, TelemetryReading reading) {
            rows.add(host + reading.getTimestampNanos() / 1_000_000);
        }

        @Override
        public void flush() {
            assertThat(closed).isFalse();
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final StoringFile file = new StoringFile();

    @Test
    void oneMachinesReadingsAreWrittenAsTheyCome() throws Exception {
        Recording recording = new Recording(file, false);
        recording.add("a", at(100));
        recording.add("a", at(50));
        recording.flush();
        assertThat(file.rows).containsExactly("a100", "a50");
        assertThat(recording.readings()).isEqualTo(2);
    }

    @Test
    void theLatestReadingThatComesAgainAfterALostConnectionIsWrittenOnce() throws Exception {
        Recording recording = new Recording(file, false);
        recording.add("a", at(100));
        recording.add("b", at(100));
        recording.flush();
        recording.add("a", at(100));
        recording.add("a", at(150));
        recording.flush();
        assertThat(file.rows).containsExactly("a100", "b100", "a150");
    }

    @Test
    void severalMachinesReadingsAreWrittenInTheOrderOfTheirTimestamps() throws Exception {
        Recording recording = new Recording(file, true);
        recording.add("a", at(1000));
        recording.add("a", at(1100));
        recording.add("b", at(1050));
        recording.flush();
        assertThat(file.rows).as("held back").isEmpty();
        recording.add("b", at(3080));
        recording.flush();
        assertThat(file.rows).containsExactly("a1000", "b1050");
        recording.add("a", at(1070));
        recording.close();
        assertThat(file.rows).containsExactly("a1000", "b1050", "a1070", "a1100", "b3080");
        assertThat(file.closed).isTrue();
    }

    @Test
    void aFileThatIsTooSlowLosesTheOldestReadings() throws Exception {
        Recording recording = new Recording(file, false);
        for (int i = 0; i < 5000; i++) {
            recording.add("a", at(i));
        }
        recording.close();
        assertThat(file.rows).hasSize(4096).startsWith("a904").endsWith("a4999");
    }

    private static TelemetryReading at(long millis) {
        return TelemetryReading.newBuilder().setTimestampNanos(millis * 1_000_000).build();
    }
}
