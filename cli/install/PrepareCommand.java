package cli.install;

import cli.options.Logging;
import cli.options.Version;
import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.registry.CollectorRegistry;
import energy.EnergyMonitorGrpc;
import energy.StreamRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import server.Monitor;
import server.security.UnusableFileException;
import telemetry.sampling.Sensors;

/** Starts and streams once, and keeps the classes that this loads ready for later starts through jbangw. */
@Command(name = "prepare", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Makes later starts through jbangw faster.",
        description = {"", "Compiles the monitor, and keeps the classes ready that a start loads."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:it could not be done; the reason is on stderr"},
        footerHeading = "%nExample:%n",
        footer = "  ./jbangw EnergyMonitor.java prepare")
public final class PrepareCommand implements Callable<Integer> {

    private static final long INTERVAL_MILLIS = 20;
    private static final int READINGS = 3;
    private static final long TIMEOUT_SECONDS = 20;

    @Override
    public Integer call()
            throws IOException, CollectorUnavailableException, UnusableFileException, InterruptedException {
        Logging.off();
        CollectorContext context = new CollectorContext(Path.of("/sys"), Path.of("/proc"), Map.of(), INTERVAL_MILLIS,
                "all", CollectorContext.MacosPower.COMBINED);
        Monitor monitor = new Monitor(new Monitor.Settings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new Sensors.Settings(CollectorRegistry.AUTO, true, context, Version.NUMBER)),
                CollectorRegistry.standard());
        readSome(monitor.start().getPort());
        monitor.stop();
        return 0;
    }

    private static void readSome(int port) {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        try {
            TrialStart.askHealth(channel, TimeUnit.SECONDS.toMillis(TIMEOUT_SECONDS));
            var readings = EnergyMonitorGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .streamTelemetry(StreamRequest.getDefaultInstance());
            for (int i = 0; i < READINGS; i++) {
                readings.next();
            }
        } finally {
            channel.shutdownNow();
        }
    }
}
