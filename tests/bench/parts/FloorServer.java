package bench.parts;

import collectors.gpu.nvml.Nvml;
import collectors.gpu.nvml.NvmlGpu;
import collectors.gpu.nvml.NvmlSensors;
import energy.EnergyMonitorGrpc;
import energy.HealthRequest;
import energy.HealthResponse;
import energy.StreamRequest;
import energy.TelemetryReading;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The least that a monitor on this virtual machine, with this library for gRPC, can do: what our own code adds shows
 * beside it. Arguments: a port, the milliseconds between two messages, and {@code wake} (a thread that wakes up),
 * {@code send} (a ready message to every client, by the event loop's timer) or {@code ask} (the same by a second thread,
 * which first makes the calls of a sweep).
 */
public final class FloorServer {

    /** As many as a reading of 8 GPUs takes, three of them before the text. */
    private static final int TEXT_BYTES = 243 - 3;

    /** At 20 sweeps a second the monitor asks five times for what changes slowly. */
    private static final int SWEEPS_FOR_SLOW_ONES = 4;

    private final List<StreamObserver<byte[]>> clients = new ArrayList<>();
    private final byte[] message =
            TelemetryReading.newBuilder().setPlatform("-".repeat(TEXT_BYTES)).build().toByteArray();

    private FloorServer() {
    }

    public static void main(String... arguments) throws Exception {
        long periodNanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[1]));
        if (arguments[2].equals("wake")) {
            everyPeriod(periodNanos, () -> { });
            return;
        }
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        EventLoop eventLoop = group.next();
        FloorServer floor = new FloorServer();
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])))
                .channelFactory(EpollServerSocketChannel::new).bossEventLoopGroup(group).workerEventLoopGroup(group)
                .directExecutor().addService(floor.service()).build().start();
        if (arguments[2].equals("send")) {
            eventLoop.scheduleAtFixedRate(floor::send, 0, periodNanos, TimeUnit.NANOSECONDS);
            Thread.sleep(Long.MAX_VALUE);
        }
        Runnable sweep = sweep();
        everyPeriod(periodNanos, () -> {
            sweep.run();
            eventLoop.execute(floor::send);
        });
    }

    private static void everyPeriod(long periodNanos, Runnable work) {
        for (long due = System.nanoTime();; due += periodNanos) {
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            work.run();
        }
    }

    /** Asks every GPU for what the monitor asks it for, and forgets the answers. */
    private static Runnable sweep() throws Exception {
        Nvml nvml = Nvml.load(Nvml.candidates("Linux", System.getenv()));
        nvml.init();
        nvml.deviceCount();
        NvmlSensors sensors = new NvmlSensors(nvml, Path.of("/proc"));
        NvmlGpu[] gpus = new NvmlGpu[nvml.answer().asInt()];
        for (int i = 0; i < gpus.length; i++) {
            gpus[i] = new NvmlGpu();
            gpus[i].attach(nvml, i, false);
        }
        return new Runnable() {
            private long sweeps;

            @Override
            public void run() {
                boolean slowOnes = sweeps++ % SWEEPS_FOR_SLOW_ONES == 0;
                for (NvmlGpu gpu : gpus) {
                    sensors.refresh(gpu);
                    sensors.energy(gpu);
                    sensors.power(gpu);
                    if (slowOnes) {
                        sensors.temperature(gpu);
                        sensors.memoryUsed(gpu);
                        sensors.utilization(gpu);
                    }
                }
            }
        };
    }

    private void send() {
        for (StreamObserver<byte[]> client : clients) {
            client.onNext(message);
        }
    }

    private void add(StreamObserver<byte[]> client) {
        clients.add(client);
        ((ServerCallStreamObserver<byte[]>) client).setOnCancelHandler(() -> clients.remove(client));
    }

    private ServerServiceDefinition service() {
        MethodDescriptor<StreamRequest, byte[]> stream = EnergyMonitorGrpc.getStreamTelemetryMethod().toBuilder(
                EnergyMonitorGrpc.getStreamTelemetryMethod().getRequestMarshaller(), new Ready()).build();
        return ServerServiceDefinition.builder(EnergyMonitorGrpc.SERVICE_NAME)
                .addMethod(EnergyMonitorGrpc.getHealthMethod(), ServerCalls.asyncUnaryCall(
                        (HealthRequest request, StreamObserver<HealthResponse> response) -> {
                            response.onNext(HealthResponse.newBuilder().setHealthy(true).build());
                            response.onCompleted();
                        }))
                .addMethod(stream, ServerCalls.asyncServerStreamingCall(
                        (StreamRequest request, StreamObserver<byte[]> response) -> add(response)))
                .build();
    }

    /** Sends the message as it is. */
    private static final class Ready implements MethodDescriptor.Marshaller<byte[]> {

        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            throw new UnsupportedOperationException("the server only sends");
        }
    }
}
