package e2e;

import energy.CollectorInfo;
import energy.DescribeRequest;
import energy.DescribeResponse;
import energy.DeviceEnergy;
import energy.DeviceReading;
import energy.EnergyMonitorGrpc.EnergyMonitorImplBase;
import energy.EnergyRequest;
import energy.EnergyResponse;
import energy.IntervalEnergy;
import energy.MarkRequest;
import energy.MarkResponse;
import energy.ReadingDetails;
import energy.StreamRequest;
import energy.TelemetryReading;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;

/** The least that a monitor can be, in this process: one GPU that draws 100 W. */
final class SteadyMonitor extends EnergyMonitorImplBase implements AutoCloseable {

    private static final double WATTS = SteadyCollector.WATTS;

    private final Server server;

    SteadyMonitor() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0)).addService(this).build().start();
    }

    String target() {
        return "127.0.0.1:" + server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    @Override
    public void describe(DescribeRequest request, StreamObserver<DescribeResponse> response) {
        answer(DescribeResponse.newBuilder().setIntervalMs(50).addCollectors(CollectorInfo.newBuilder()
                .setPlatform("steady").setRole("primary")).build(), response);
    }

    @Override
    public void mark(MarkRequest request, StreamObserver<MarkResponse> response) {
        answer(MarkResponse.newBuilder().setTimestampNanos(System.nanoTime()).build(), response);
    }

    @Override
    public void energy(EnergyRequest request, StreamObserver<EnergyResponse> response) {
        double seconds = (request.getToNanos() - request.getFromNanos()) / 1e9;
        double joules = WATTS * seconds;
        IntervalEnergy energy = IntervalEnergy.newBuilder().setJoules(joules).setUncertaintyJoules(joules / 100)
                .setLeastJoules(joules / 2).setMostJoules(joules * 2).setMeanWatts(WATTS).setPeakWatts(WATTS)
                .setCoverage(1).setValid(true).build();
        answer(EnergyResponse.newBuilder().setFromNanos(request.getFromNanos()).setToNanos(request.getToNanos())
                .setSeconds(seconds).setSettled(true).setTotal(energy)
                .addDevices(DeviceEnergy.newBuilder().setPlatform("steady").setId("steady-0").setName("Steady")
                        .setInTotal(true).setEnergy(energy)).build(), response);
    }

    /** One reading; the stream stays open as long as the server. */
    @Override
    public void streamTelemetry(StreamRequest request, StreamObserver<TelemetryReading> response) {
        response.onNext(TelemetryReading.newBuilder().setDetails(ReadingDetails.newBuilder()
                .addDevices(DeviceReading.newBuilder().setPlatform("steady").setId("steady-0").setPowerWatts(WATTS)
                        .setSettled(true))).build());
    }

    private static <T> void answer(T message, StreamObserver<T> response) {
        response.onNext(message);
        response.onCompleted();
    }
}
