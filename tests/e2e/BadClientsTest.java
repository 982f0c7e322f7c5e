package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import energy.EnergyMonitorGrpc;
import energy.StreamRequest;
import energy.TelemetryReading;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that do what no client should: the monitor and its other clients go on. */
@Timeout(120)
class BadClientsTest {

    private static final int MOST_STREAMS = 1000;

    private Program monitor;
    private Client good;
    private Client.Stream stream;

    @BeforeEach
    void start() throws Exception {
        monitor = Project.startJava("--port", "0", "--collector", "simulated", "--collection-interval-ms", "10");
        good = new Client(monitor.port());
        stream = good.stream();
        stream.await(reading -> true);
    }

    /** Whatever was done before: readings still come, none is missing, and Health answers. */
    @AfterEach
    void theMonitorGoesOn() throws Exception {
        try {
            int seen = stream.readings().size();
            stream.await(reading -> stream.readings().size() > seen + 10);
            assertThat(stream.hasEnded()).isFalse();
            try (Client another = new Client(monitor.port())) {
                assertThat(another.health().getHealthy()).isTrue();
            }
            assertThat(monitor.isAlive()).isTrue();
        } finally {
            good.close();
            monitor.close();
        }
    }

    @Test
    void http1AndNoiseAreHungUpOn() throws Exception {
        byte[] noise = new byte[10_000];
        new Random(1).nextBytes(noise);
        for (byte[] bytes : List.of("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII), noise)) {
            try (Socket socket = connect()) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream().write(bytes);
                socket.getInputStream().readAllBytes(); // to the end: the monitor closes
            } catch (IOException e) {
                assertThat(e).as("closed while it was written to").hasMessageMatching("(?i).*(reset|broken pipe).*");
            }
        }
    }

    @Test
    void aRequestOfFourMegabytesIsRefused() throws Exception {
        ManagedChannel channel = channel();
        try {
            MethodDescriptor<byte[], byte[]> health = MethodDescriptor.newBuilder(Bytes.INSTANCE, Bytes.INSTANCE)
                    .setFullMethodName(EnergyMonitorGrpc.getHealthMethod().getFullMethodName())
                    .setType(MethodDescriptor.MethodType.UNARY).build();
            assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(channel, health, CallOptions.DEFAULT,
                    new byte[4 * 1024 * 1024])).isInstanceOfSatisfying(StatusRuntimeException.class, e ->
                    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void tenThousandStreamsOnOneConnectionMeetALimitThatSaysSo() throws Exception {
        ManagedChannel channel = channel();
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger served = new AtomicInteger();
        int streams = 10_000;
        try {
            for (int i = 0; i < streams; i++) {
                EnergyMonitorGrpc.newStub(channel).streamTelemetry(
                        StreamRequest.newBuilder().setIntervalMs(60_000).build(), new StreamObserver<>() {
                            @Override
                            public void onNext(TelemetryReading reading) {
                                served.incrementAndGet();
                            }

                            @Override
                            public void onError(Throwable error) {
                                Status status = Status.fromThrowable(error);
                                if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED
                                        && String.valueOf(status.getDescription()).contains("1000 streams at most")) {
                                    refused.incrementAndGet();
                                }
                            }

                            @Override
                            public void onCompleted() {
                                // counted as neither
                            }
                        });
            }
            for (int i = 0; i < 600 && refused.get() + served.get() < streams; i++) {
                Thread.sleep(100);
            }
            assertThat(served.get()).as("beside the good client's").isEqualTo(MOST_STREAMS - 1);
            assertThat(refused.get()).isEqualTo(streams - served.get());
        } finally {
            channel.shutdownNow();
        }
    }

    /** A call that has begun takes memory until its connection ends, also when its request never comes. */
    @Test
    void aConnectionIsToldHowManyCallsItMayHaveOpen() throws Exception {
        try (Socket socket = connect()) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(new byte[]{0, 0, 0, 4, 0, 0, 0, 0, 0}); // SETTINGS without any
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int length = in.readInt() >>> 8; // its last byte, the frame's type, is 4: SETTINGS come first
            in.readFully(new byte[5]);
            Map<Integer, Integer> settings = new HashMap<>();
            for (int i = 0; i < length; i += 6) {
                settings.put((int) in.readShort(), in.readInt());
            }
            assertThat(settings).containsEntry(0x3, 2 * MOST_STREAMS); // SETTINGS_MAX_CONCURRENT_STREAMS, RFC 9113
        }
    }

    @Test
    void hundredsThatComeAndGoLeaveNothingOpen() throws Exception {
        Path files = Path.of("/proc", String.valueOf(monitor.pid()), "fd");
        assumeTrue(Files.isDirectory(files), "open files can be counted on Linux only");
        long before = count(files);
        List<Socket> halfOpen = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Socket socket = connect();
            switch (i % 3) {
                case 0 -> socket.close();
                case 1 -> {
                    socket.setSoLinger(true, 0); // as when the process is killed: a reset, no farewell
                    socket.close();
                }
                default -> halfOpen.add(socket);
            }
        }
        try (Client client = new Client(monitor.port())) {
            client.stream().await(reading -> true);
        }
        for (Socket socket : halfOpen) {
            socket.close();
        }
        for (int i = 0; i < 100 && count(files) > before + 3; i++) {
            Thread.sleep(100);
        }
        assertThat(count(files)).isLessThanOrEqualTo(before + 3);
    }

    @Test
    void withoutFreeFilesTheStreamsThatAreThereGoOn() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "ulimit is told to a Linux shell");
        List<String> shell = new ArrayList<>(List.of("sh", "-c", "ulimit -n 120; exec \"$@\"", "sh"));
        shell.addAll(Project.java("--port", "0", "--collector", "simulated"));
        try (Program scarce = Program.start(Project.ROOT, Map.of(), shell);
                Client first = new Client(scarce.port())) {
            Client.Stream readings = first.stream();
            readings.await(reading -> true);
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                sockets.add(new Socket(InetAddress.getLoopbackAddress(), scarce.port()));
            }
            int seen = readings.readings().size();
            readings.await(reading -> readings.readings().size() > seen + 20);
            for (Socket socket : sockets) {
                socket.close();
            }
            try (Client later = new Client(scarce.port())) {
                assertThat(later.health().getHealthy()).isTrue();
            }
        }
    }

    private Socket connect() throws Exception {
        return new Socket(InetAddress.getLoopbackAddress(), monitor.port());
    }

    private ManagedChannel channel() throws Exception {
        return NettyChannelBuilder.forAddress("127.0.0.1", monitor.port()).usePlaintext()
                .maxInboundMessageSize(1 << 20).build();
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        }
    }

    private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
        INSTANCE;

        @Override
        public InputStream stream(byte[] bytes) {
            return new ByteArrayInputStream(bytes);
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
