package server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import collectors.CollectorContext;
import collectors.FakeCollector;
import energy.DescribeRequest;
import energy.DescribeResponse;
import energy.DeviceEnergy;
import energy.DeviceReading;
import energy.EnergyMonitorGrpc;
import energy.EnergyRequest;
import energy.EnergyResponse;
import energy.MarkRequest;
import energy.StreamRequest;
import energy.TelemetryReading;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import telemetry.sampling.Broadcast;
import telemetry.sampling.Sensors;

/** Calls for one of two devices, of 100 and 50 W. */
@Timeout(60)
class SelectedDevicesTest {

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final Broadcast broadcast = new Broadcast();
    private final Sensors sensors = new Sensors(new Sensors.Settings("fake", false, new CollectorContext(Path.of("/sys"),
            Path.of("/proc"), Map.of(), 10, "all", CollectorContext.MacosPower.COMBINED), "1.2.3"),
            FakeCollector.registry(new FakeCollector("fake", FakeCollector.gpu("a", 100), FakeCollector.gpu("b", 50))));
    private Server server;
    private ManagedChannel channel;
    private EnergyMonitorGrpc.EnergyMonitorBlockingStub stub;

    @BeforeEach
    void serve() throws IOException {
        String name = InProcessServerBuilder.generateName();
        server = InProcessServerBuilder.forName(name).directExecutor()
                .addService(new EnergyMonitorService(broadcast, sensors).definition()).build().start();
        channel = InProcessChannelBuilder.forName(name).directExecutor().build();
        stub = EnergyMonitorGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void end() {
        channel.shutdownNow();
        server.shutdownNow();
        sensors.close();
        executor.shutdownNow();
    }

    @Test
    void someDevicesCanBeAskedForAlone() throws Exception {
        sensors.start(broadcast, executor);
        DescribeResponse described = stub.describe(DescribeRequest.newBuilder().addDevices("1").build());
        assertThat(described.getSelected()).isTrue();
        assertThat(described.getDevicesList()).extracting(DeviceReading::getId).containsExactly("b");
        assertThat(stub.describe(DescribeRequest.getDefaultInstance()).getSelected()).isFalse();
        Iterator<TelemetryReading> readings = stub.streamTelemetry(
                StreamRequest.newBuilder().addDevices("b").setIncludeDevices(true).build());
        for (int i = 0; i < 3; i++) {
            TelemetryReading reading = readings.next();
            assertThat(reading.getPowerWatts()).isEqualTo(50);
            assertThat(reading.getDetails().getDevicesList()).extracting(DeviceReading::getId).containsExactly("b");
            assertThat(reading.getDetails().getTotal().getPowerWatts()).isEqualTo(50);
        }
        long from = mark();
        TimeUnit.MILLISECONDS.sleep(50);
        EnergyResponse energy = stub.energy(EnergyRequest.newBuilder().setFromNanos(from).setToNanos(mark())
                .addDevices("fake:1").build());
        assertThat(energy.getDevicesList()).extracting(DeviceEnergy::getId).containsExactly("b");
        assertThat(energy.getTotal().getJoules()).isEqualTo(energy.getDevices(0).getEnergy().getJoules()).isPositive();
        assertThat(energy.getTotal().getPeakWatts()).isCloseTo(50, within(1e-6));
    }

    @Test
    void aDeviceThatIsNotHereIsInvalidInEveryCallAndTheMessageNamesThoseThatAre() throws Exception {
        sensors.start(broadcast, executor);
        long now = mark();
        List<ThrowingCallable> calls = List.of(
                () -> stub.streamTelemetry(StreamRequest.newBuilder().addDevices("0").addDevices("7").build()).next(),
                () -> stub.describe(DescribeRequest.newBuilder().addDevices("7").build()),
                () -> stub.energy(EnergyRequest.newBuilder().setFromNanos(now - 1000).setToNanos(now)
                        .addDevices("7").build()));
        assertThat(calls).allSatisfy(call -> assertThatThrownBy(call).isInstanceOfSatisfying(
                StatusRuntimeException.class, e -> {
                    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
                    assertThat(e.getStatus().getDescription())
                            .isEqualTo("there is no device '7': there are fake:0 a, fake:1 b");
                }));
        assertThat(broadcast.subscribers()).isZero();
    }

    @Test
    void whoLeavesBeforeItsDevicesAreFoundLeavesNothingBehind() throws Exception {
        Context.CancellableContext impatient = Context.current().withCancellation();
        impatient.run(() -> stub.streamTelemetry(StreamRequest.newBuilder().addDevices("1").build()));
        impatient.cancel(null);
        sensors.start(broadcast, executor);
        stub.describe(DescribeRequest.newBuilder().addDevices("1").build());
        executor.submit(() -> { }).get();
        assertThat(broadcast.subscribers()).isZero();
    }

    private long mark() {
        return stub.mark(MarkRequest.getDefaultInstance()).getTimestampNanos();
    }
}
