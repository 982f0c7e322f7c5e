package cli.readings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cli.options.UserError;
import energy.DescribeRequest;
import energy.DescribeResponse;
import energy.EnergyMonitorGrpc.EnergyMonitorImplBase;
import energy.EnergyRequest;
import energy.EnergyResponse;
import energy.MarkRequest;
import energy.MarkResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The energy of intervals, asked of a monitor. */
class RemoteTelemetryTest {

    private static final class Monitor extends EnergyMonitorImplBase {

        private EnergyRequest asked;
        private DescribeRequest describing;
        private boolean selects = true;

        @Override
        public void describe(DescribeRequest request, StreamObserver<DescribeResponse> response) {
            describing = request;
            if (request.getDevicesList().contains("9")) {
                response.onError(Status.INVALID_ARGUMENT.withDescription("there is no device '9'").asRuntimeException());
                return;
            }
            response.onNext(DescribeResponse.newBuilder().setSelected(selects).build());
            response.onCompleted();
        }

        @Override
        public void mark(MarkRequest request, StreamObserver<MarkResponse> response) {
            response.onNext(MarkResponse.newBuilder().setTimestampNanos(42).build());
            response.onCompleted();
        }

        @Override
        public void energy(EnergyRequest request, StreamObserver<EnergyResponse> response) {
            asked = request;
            if (request.getFromNanos() == 0) {
                response.onError(Status.OUT_OF_RANGE.withDescription("the interval begins 700 s ago")
                        .asRuntimeException());
                return;
            }
            response.onNext(EnergyResponse.newBuilder().setSeconds(1.5).setSettled(true).build());
            response.onCompleted();
        }
    }

    private Server server;
    private RemoteTelemetry telemetry;
    private List<String> devices = List.of();

    @AfterEach
    void stop() {
        telemetry.close();
        server.shutdownNow();
    }

    @Test
    void theMonitorsClockAndItsEnergyAreAskedFor() throws Exception {
        Monitor monitor = new Monitor();
        serve(monitor);
        assertThat(telemetry.mark()).isEqualTo(42);
        assertThat(telemetry.energy(42, 99).getSeconds()).isEqualTo(1.5);
        assertThat(monitor.asked.getFromNanos()).isEqualTo(42);
        assertThat(monitor.asked.getToNanos()).isEqualTo(99);
    }

    @Test
    void anIntervalThatTheMonitorRefusesIsToldInItsWords() throws Exception {
        serve(new Monitor());
        assertThatThrownBy(() -> telemetry.energy(0, 1)).isInstanceOf(UserError.class)
                .hasMessageContaining("the interval begins 700 s ago");
    }

    @Test
    void aMonitorThatIsTooOldForMarksIsOneClearLine() throws Exception {
        serve(new EnergyMonitorImplBase() { });
        assertThatThrownBy(() -> telemetry.mark()).isInstanceOf(UserError.class)
                .hasMessage("what serves at box is another program, or a monitor too old for this: update it");
    }

    @Test
    void theDevicesThatAreNamedAreAskedForInEveryCall() throws Exception {
        devices = List.of("0", "GPU-12");
        Monitor monitor = new Monitor();
        serve(monitor);
        telemetry.describe();
        telemetry.energy(42, 99);
        assertThat(monitor.describing.getDevicesList()).isEqualTo(devices);
        assertThat(monitor.asked.getDevicesList()).isEqualTo(devices);
    }

    @Test
    void aDeviceThatTheMonitorDoesNotHaveIsToldInItsWords() throws Exception {
        devices = List.of("9");
        serve(new Monitor());
        assertThatThrownBy(() -> telemetry.describe()).isInstanceOf(UserError.class)
                .hasMessage("the monitor at box refuses this: there is no device '9'");
    }

    @Test
    void aMonitorThatWouldTellOfAllDevicesInsteadIsNotBelieved() throws Exception {
        devices = List.of("0");
        Monitor old = new Monitor();
        old.selects = false;
        serve(old);
        assertThatThrownBy(() -> telemetry.describe()).isInstanceOf(UserError.class)
                .hasMessageContaining("too old to choose among its devices: update it");
    }

    private void serve(EnergyMonitorImplBase monitor) throws IOException {
        String name = InProcessServerBuilder.generateName();
        server = InProcessServerBuilder.forName(name).directExecutor().addService(monitor).build().start();
        telemetry = new RemoteTelemetry(InProcessChannelBuilder.forName(name).directExecutor().build(), "box", devices);
    }
}
