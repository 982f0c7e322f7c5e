package server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import collectors.CollectorContext;
import collectors.FakeCollector;
import com.google.protobuf.UnknownFieldSet;
import energy.DescribeRequest;
import energy.DeviceEnergy;
import energy.DeviceReading;
import energy.EnergyMonitorGrpc;
import energy.EnergyRequest;
import energy.EnergyResponse;
import energy.HealthRequest;
import energy.MarkRequest;
import energy.StreamRequest;
import energy.TelemetryReading;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import telemetry.sampling.Broadcast;
import telemetry.sampling.FixedHost;
import telemetry.sampling.Sampler;
import telemetry.sampling.Sensors;

/** The service without a network: everything happens in the thread of the test, a sweep every 20 ms of its clock. */
class EnergyMonitorServiceTest {

    private static final long INTERVAL_MILLIS = 20;

    private final FakeCollector collector =
            new FakeCollector("fake", FakeCollector.gpu("0", 100), FakeCollector.gpu("1", 50));
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final Broadcast broadcast = new Broadcast();
    private final Sampler sampler = new Sampler(collector, new FixedHost(), new FixedHost().info(), broadcast,
            executor, INTERVAL_MILLIS);
    private final Sensors sensors = new Sensors(new Sensors.Settings("fake", false, new CollectorContext(Path.of("/sys"),
            Path.of("/proc"), Map.of(), INTERVAL_MILLIS, "all", CollectorContext.MacosPower.COMBINED), "1.2.3"),
            FakeCollector.registry(new FakeCollector("fake", FakeCollector.gpu("0", 100))));
    private long nowMillis;
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void serve() throws IOException {
        String name = InProcessServerBuilder.generateName();
        server = InProcessServerBuilder.forName(name).directExecutor()
                .addService(new EnergyMonitorService(broadcast, sensors).definition()).build().start();
        channel = InProcessChannelBuilder.forName(name).directExecutor().build();
    }

    @AfterEach
    void end() {
        channel.shutdownNow();
        server.shutdownNow();
        sampler.close();
        sensors.close();
        executor.shutdownNow();
    }

    @Test
    void anEmptyRequestGetsFields1To17AndNothingOfOurs() throws Exception {
        Client client = stream(StreamRequest.getDefaultInstance());
        Client asking = stream(StreamRequest.newBuilder().setIncludeDevices(true).build());
        sweep(5);
        assertThat(client.messages).hasSize(5);
        for (byte[] message : client.messages) {
            assertThat(UnknownFieldSet.parseFrom(message).asMap().keySet())
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, 17).boxed().toList());
        }
        assertThat(client.last().getPowerWatts()).isEqualTo(150);
        assertThat(client.last().getPlatform()).isEqualTo("fake");
        assertThat(client.last().getCpuMemoryUsageMb()).isEqualTo(1234);
        assertThat(client.last().getCpuPowerWatts()).isEqualTo(-1);
        assertThat(asking.messages).isNotEmpty();
    }

    @Test
    void whoAsksGetsEveryDevice() throws Exception {
        Client client = stream(StreamRequest.newBuilder().setIncludeDevices(true).build());
        sweep(5);
        TelemetryReading reading = client.last();
        assertThat(reading.getPowerWatts()).isEqualTo(150);
        assertThat(reading.getDetails().getDevicesList()).extracting(DeviceReading::getId).containsExactly("0", "1");
        assertThat(reading.getDetails().getDevicesList()).extracting(DeviceReading::getPowerWatts).containsExactly(100.0, 50.0);
        assertThat(reading.getDetails().getDevicesList()).extracting(DeviceReading::getPlatform).containsOnly("fake");
        assertThat(reading.getDetails().getDevicesList()).extracting(DeviceReading::getAccounting).containsOnly("added");
        assertThat(reading.getDetails().getDevicesList()).extracting(DeviceReading::getTemperatureCelsius).containsOnly(-1.0);
        assertThat(reading.getDetails().getSequence()).isEqualTo(5);
        assertThat(reading.getDetails().getIntervalMs()).isEqualTo(20);
        assertThat(reading.getDetails().getSweepMs()).isNotNegative();
        assertThat(reading.getDetails().getDroppedReadings()).isZero();
    }

    @Test
    void aStreamMayBeSlowerThanTheServersButNeverFaster() {
        Client slow = stream(StreamRequest.newBuilder().setIntervalMs(100).build());
        Client odd = stream(StreamRequest.newBuilder().setIntervalMs(50).build());
        Client fast = stream(StreamRequest.newBuilder().setIntervalMs(1).build());
        Client slowest = stream(StreamRequest.newBuilder().setIntervalMs(-1).build()); // 2^32 - 1, 49 days
        sweep(100);
        assertThat(slow.messages).hasSize(20);
        assertThat(odd.messages).hasSize(40);
        assertThat(fast.messages).hasSize(100);
        assertThat(slowest.messages).hasSize(1);
        assertThat(collector.collections).hasValue(100);
    }

    @Test
    void aNewClientGetsTheLatestReadingAtOnce() throws Exception {
        sweep(3);
        Client client = stream(StreamRequest.getDefaultInstance());
        assertThat(client.messages).hasSize(1);
        assertThat(client.last().getPowerWatts()).isEqualTo(150);
    }

    @Test
    void aClientThatDoesNotReadGetsTheNewestLaterAndIsToldWhatItMissed() throws Exception {
        sweep(2);
        Client stalled = new Client(1);
        stalled.start(StreamRequest.newBuilder().setIncludeDevices(true).build());
        Client other = stream(StreamRequest.getDefaultInstance());
        assertThat(stalled.last().getDetails().getSequence()).isEqualTo(2);
        sweep(500);
        assertThat(stalled.messages).hasSize(1);
        assertThat(other.messages).hasSize(501);
        stalled.call.request(1000);
        assertThat(stalled.messages).hasSize(1 + Broadcast.MAILBOX_READINGS);
        assertThat(stalled.last().getDetails().getSequence()).isEqualTo(502);
        assertThat(stalled.last().getDetails().getDroppedReadings()).isEqualTo(500 - Broadcast.MAILBOX_READINGS);
        sweep(1);
        assertThat(stalled.last().getDetails().getSequence()).isEqualTo(503);
    }

    @Test
    void aClientThatLeavesLeavesNothingBehind() {
        Client client = stream(StreamRequest.newBuilder().setIncludeDevices(true).build());
        Client other = stream(StreamRequest.getDefaultInstance());
        sweep(1);
        assertThat(broadcast.subscribers()).isEqualTo(2);
        client.call.cancel("enough", null);
        assertThat(broadcast.subscribers()).isEqualTo(1);
        assertThat(broadcast.detailsWanted()).isFalse();
        sweep(3);
        assertThat(other.messages).hasSize(4);
    }

    @Test
    void streamsAreCompletedWhenTheMonitorEnds() {
        Client client = stream(StreamRequest.getDefaultInstance());
        sweep(1);
        broadcast.complete();
        assertThat(client.completed).isTrue();
        assertThat(broadcast.subscribers()).isZero();
    }

    @Test
    void healthAnswersWhenItIsKnown() throws Exception {
        var answer = EnergyMonitorGrpc.newFutureStub(channel).health(HealthRequest.getDefaultInstance());
        assertThat(answer.isDone()).isFalse();
        sensors.start(broadcast, executor);
        assertThat(answer.get().getHealthy()).isTrue();
        assertThat(answer.get().getPlatform()).isEqualTo("fake");
    }

    @Test
    void theDescriptionAnswersWhenTheSensorsAreOpen() throws Exception {
        var answer = EnergyMonitorGrpc.newFutureStub(channel).describe(DescribeRequest.getDefaultInstance());
        assertThat(answer.isDone()).isFalse();
        sensors.start(broadcast, executor);
        assertThat(answer.get().getVersion()).isEqualTo("1.2.3");
        assertThat(answer.get().getDevicesList()).extracting(DeviceReading::getPlatform).containsExactly("fake");
    }

    @Test
    void theEnergyBetweenTwoMarksIsToldPerDeviceAndInTotal() throws Exception {
        sensors.start(broadcast, executor);
        EnergyMonitorGrpc.EnergyMonitorBlockingStub stub = stub();
        long from = mark(stub);
        TimeUnit.MILLISECONDS.sleep(400);
        long to = mark(stub);
        EnergyResponse energy = stub.energy(EnergyRequest.newBuilder().setFromNanos(from).setToNanos(to).build());
        assertThat(energy.getFromNanos()).isEqualTo(from);
        assertThat(energy.getToNanos()).isEqualTo(to);
        assertThat(energy.getSeconds()).isEqualTo((to - from) / 1e9);
        assertThat(energy.getDevicesList()).extracting(DeviceEnergy::getId).containsExactly("0");
        assertThat(energy.getTotal().getValid()).isTrue();
        assertThat(energy.getTotal().getJoules()).isEqualTo(energy.getDevices(0).getEnergy().getJoules()).isPositive();
        EnergyResponse untilNow = stub.energy(EnergyRequest.newBuilder().setFromNanos(from).build());
        assertThat(untilNow.getToNanos()).isGreaterThan(to);
    }

    @Test
    void anIntervalWithoutAnAnswerGetsAStatusThatSaysWhy() throws Exception {
        sensors.start(broadcast, executor);
        long now = mark(stub());
        assertStatus(now, now - 1, Status.Code.INVALID_ARGUMENT, "ends before it begins");
        assertStatus(now, now, Status.Code.INVALID_ARGUMENT, "ends before it begins");
        assertStatus(now, now + 10_000_000_000L, Status.Code.OUT_OF_RANGE, "in the future");
        assertStatus(now - 601_000_000_000L, now, Status.Code.OUT_OF_RANGE, "the last 600 s are remembered");
        assertStatus(0, 0, Status.Code.OUT_OF_RANGE, "are remembered");
    }

    private EnergyMonitorGrpc.EnergyMonitorBlockingStub stub() {
        return EnergyMonitorGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private static long mark(EnergyMonitorGrpc.EnergyMonitorBlockingStub stub) {
        return stub.mark(MarkRequest.getDefaultInstance()).getTimestampNanos();
    }

    private void assertStatus(long from, long to, Status.Code code, String why) {
        assertThatThrownBy(() -> stub().energy(
                EnergyRequest.newBuilder().setFromNanos(from).setToNanos(to).build()))
                .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                    assertThat(e.getStatus().getCode()).isEqualTo(code);
                    assertThat(e.getStatus().getDescription()).contains(why);
                });
    }

    private void sweep(int times) {
        for (int i = 0; i < times; i++) {
            sampler.sample(nowMillis * 1_000_000);
            nowMillis += INTERVAL_MILLIS;
        }
    }

    private Client stream(StreamRequest request) {
        Client client = new Client(1_000_000);
        client.start(request);
        return client;
    }

    /** Keeps the messages as they were on the wire, and reads so many before it is told to read on. */
    private final class Client implements ClientResponseObserver<StreamRequest, byte[]> {

        private final List<byte[]> messages = new ArrayList<>();
        private final int first;
        private ClientCallStreamObserver<StreamRequest> call;
        private boolean completed;

        Client(int first) {
            this.first = first;
        }

        void start(StreamRequest request) {
            var method = EnergyMonitorGrpc.getStreamTelemetryMethod();
            ClientCalls.asyncServerStreamingCall(channel.newCall(
                    method.toBuilder(method.getRequestMarshaller(), new Bytes()).build(), CallOptions.DEFAULT),
                    request, this);
        }

        TelemetryReading last() throws IOException {
            return TelemetryReading.parseFrom(messages.get(messages.size() - 1));
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<StreamRequest> requests) {
            call = requests;
            requests.disableAutoRequestWithInitial(first);
        }

        @Override
        public void onNext(byte[] message) {
            messages.add(message);
        }

        @Override
        public void onError(Throwable error) {
            // a call that was cancelled or shut down
        }

        @Override
        public void onCompleted() {
            completed = true;
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

        @Override
        public InputStream stream(byte[] message) {
            throw new UnsupportedOperationException("a client only receives readings");
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
