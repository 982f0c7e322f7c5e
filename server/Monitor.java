package server;

import collectors.CollectorUnavailableException;
import collectors.registry.CollectorRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.logging.Logger;
import server.grpc.GrpcServer;
import server.http.HttpEndpoint;
import server.security.AccessToken;
import server.security.Security;
import server.security.TlsFiles;
import server.security.UnusableFileException;
import telemetry.sampling.Sensors;

/** The whole monitor: the sensors and the server, each started beside the other so that it is fast. */
public final class Monitor {

    private static final Logger LOG = Logger.getLogger(Monitor.class.getName());

    private static final long STOP_LIMIT_MILLIS = 900;

    /**
     * What a monitor is to do.
     *
     * @param address     where to serve
     * @param httpAddress where to serve over HTTP, too; null when not
     * @param sensors     what to measure
     * @param security    who may see the readings
     */
    public record Settings(InetSocketAddress address, InetSocketAddress httpAddress, Sensors.Settings sensors,
                           Security security) {

        /** Over gRPC alone, for everybody who reaches the address. */
        public Settings(InetSocketAddress address, Sensors.Settings sensors) {
            this(address, null, sensors, Security.NONE);
        }
    }

    private final Settings settings;
    private final CollectorRegistry registry;
    private final GrpcServer server = new GrpcServer();
    private volatile Sensors sensors;
    private volatile TlsFiles tls;

    public Monitor(Settings settings, CollectorRegistry registry) {
        this.settings = settings;
        this.registry = registry;
    }

    /**
     * Serves from now on, in other threads; returns when the sensors are open.
     *
     * @return the address with the port that was taken
     * @throws IOException                   when the address cannot be bound
     * @throws CollectorUnavailableException when the collector that was asked for cannot work here
     * @throws UnusableFileException         when a file of the security cannot be used
     */
    public InetSocketAddress start()
            throws IOException, CollectorUnavailableException, UnusableFileException, InterruptedException {
        sensors = new Sensors(settings.sensors(), registry);
        tls = settings.security().openTls();
        AccessToken token = settings.security().openToken();
        InetSocketAddress bound = server.start(settings.address(), sensors, tls, token);
        InetSocketAddress page = settings.httpAddress() == null ? null
                : server.startHttp(new HttpEndpoint.Settings(settings.httpAddress(),
                        token == null ? null : token::isGranted, tls == null ? null : tls.http()),
                        sensors, sensors::hostName);
        if (tls != null) {
            tls.watch();
        } else if (!bound.getAddress().isLoopbackAddress()) {
            LOG.warning("Nothing is encrypted, and " + text(bound) + " can be reached from other machines: give "
                    + "--tls-cert and --tls-key, or --bind-address 127.0.0.1");
        }
        sensors.await();
        LOG.info("Serving on " + text(bound) + ", a reading every "
                + settings.sensors().context().intervalMillis() + " ms");
        if (page != null) {
            LOG.info("Serving the page on " + (tls == null ? "http" : "https") + "://" + text(page) + "/");
        }
        sensors.start(server.broadcast());
        return bound;
    }

    /** Completes the streams, closes the sensors; takes no longer than a second, whatever hangs. */
    public void stop() {
        Thread stopping = new Thread(() -> {
            try {
                server.stop();
                if (tls != null) {
                    tls.close();
                }
                if (sensors != null) {
                    sensors.close();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "stop");
        stopping.setDaemon(true);
        stopping.start();
        try {
            stopping.join(STOP_LIMIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As a client takes it: an IPv6 address stands in brackets. */
    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
