package cli.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cli.measure.process.Signals;
import cli.options.UserError;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MeasurementTest {

    private final FakeTelemetry telemetry = new FakeTelemetry();
    private final Results results = new Results(telemetry.describe(), List.of(List.of("--pid", "1")),
            new Results.Terms(null, "unit", null, null));

    /** There is nothing of it to be measured, and nothing to wait a minute for. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aProcessThatEndsBeforeMeasuringBeginsIsNotMeasured(boolean untilSteady) throws Exception {
        ProcessHandle ended = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-version")
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().toHandle();
        ended.onExit().get();
        try (Measurement measurement = new Measurement(telemetry, 50, new Measurement.Plan(0, 1, 0, untilSteady), results,
                new Signals(), notice -> { })) {
            telemetry.send(true, 0);
            assertThatThrownBy(() -> measurement.follow(ended, run -> { })).isInstanceOf(UserError.class)
                    .hasMessageContaining("process " + ended.pid() + " ended before measuring could begin")
                    .message().matches(message -> message.contains("--until-steady") == untilSteady);
        }
        assertThat(results.runs).isEmpty();
    }
}
