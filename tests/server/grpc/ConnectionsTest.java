package server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import collectors.CollectorContext;
import collectors.FakeCollector;
import collectors.registry.CollectorRegistry;
import energy.EnergyMonitorGrpc;
import energy.HealthRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import server.Monitor;
import server.security.RefusalLog;
import telemetry.sampling.LogLines;
import telemetry.sampling.Sensors;

/** gRPC's connections themselves: how many there may be, and how often they may be pinged. */
@Timeout(90)
class ConnectionsTest {

    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;

    private final LogLines refusals = new LogLines(RefusalLog.class);
    private final List<Socket> sockets = new ArrayList<>();
    private Monitor monitor;
    private InetSocketAddress bound;

    @BeforeEach
    void serve() throws Exception {
        CollectorContext context = new CollectorContext(Path.of("/sys"), Path.of("/proc"), Map.of(), 10, "all",
                CollectorContext.MacosPower.COMBINED);
        monitor = new Monitor(new Monitor.Settings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new Sensors.Settings(CollectorRegistry.AUTO, true, context, "1.2.3")),
                FakeCollector.registry(new FakeCollector("gpus", FakeCollector.gpu("0", 300))));
        bound = monitor.start();
    }

    @AfterEach
    void end() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        monitor.stop();
        refusals.close();
    }

    @Test
    void connectionsBeyondTheLimitAreClosedUntilOthersLeave() throws Exception {
        for (int i = 0; i < ConnectionLimit.MAX_CONNECTIONS; i++) {
            connect();
        }
        assertThat(connect().getInputStream().read()).as("closed at once").isEqualTo(-1);
        assertThat(connect().getInputStream().read()).isEqualTo(-1);
        assertThat(refusals.lines()).singleElement().asString()
                .isEqualTo("Refused 127.0.0.1: this monitor serves 1000 gRPC connections at most");
        sockets.get(0).close();
        ManagedChannel channel = NettyChannelBuilder.forAddress(bound).usePlaintext().build();
        try {
            assertThat(EnergyMonitorGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS)
                    .withWaitForReady().health(HealthRequest.getDefaultInstance()).getPlatform()).isEqualTo("gpus");
        } finally {
            channel.shutdownNow();
        }
    }

    /** A server that allows fewer pings hangs up at the fourth. */
    @Test
    void aClientWithoutCallsMayPingEveryTenSecondsOrALittleSooner() throws Exception {
        Socket socket = connect();
        OutputStream out = socket.getOutputStream();
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.write(new byte[] {0, 0, 0, SETTINGS, 0, 0, 0, 0, 0});
        for (int i = 0; i < 4; i++) {
            TimeUnit.MILLISECONDS.sleep(i == 0 ? 0 : 9_200);
            out.write(new byte[] {0, 0, 8, PING, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) i});
            out.flush();
            assertThat(answeredPing(new DataInputStream(socket.getInputStream()))).isEqualTo((byte) i);
        }
    }

    /** Reads frames until a PING comes back; its last byte. */
    private static byte answeredPing(DataInputStream in) throws IOException {
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            in.skipNBytes(5);
            byte[] payload = in.readNBytes(length);
            assertThat(type).as(new String(payload, StandardCharsets.US_ASCII)).isNotEqualTo(GOAWAY);
            if (type == PING) {
                return payload[length - 1];
            }
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(bound.getAddress(), bound.getPort());
        socket.setSoTimeout(30_000);
        sockets.add(socket);
        return socket;
    }
}
