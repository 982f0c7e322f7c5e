package server;

import collectors.CollectorUnavailableException;
import collectors.registry.CollectorRegistry;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.netty.shaded.io.netty.util.internal.logging.InternalLoggerFactory;
import io.grpc.netty.shaded.io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.logging.Logger;
import server.grpc.GrpcServer;
import server.http.HttpEndpoint;
import server.http.HttpGuard;
import server.http.HttpRequests;
import server.security.AccessToken;
import server.security.Security;
import server.security.TlsFiles;
import server.security.UnusableFileException;
import telemetry.sampling.Broadcast;
import telemetry.sampling.Sensors;

/**
 * The whole monitor: the sensors, and the servers for gRPC and HTTP. One event loop makes the readings and does all
 * network I/O. Sensors and servers start at the same time, so that the start is quick.
 */
public final class Monitor {

    private static final Logger LOG = Logger.getLogger(Monitor.class.getName());

    private static final long STOP_TIMEOUT_MILLIS = 900;

    static {
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE); // else netty looks for three others first
    }

    /**
     * What a monitor measures, and for whom.
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
    private final Transport transport = Transport.best();
    private final EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(1,
            new DefaultThreadFactory("event-loop", true), transport.waiting());
    private final Broadcast broadcast = new Broadcast();
    private final GrpcServer grpc = new GrpcServer(eventLoop, transport.listening(), broadcast);
    private volatile HttpEndpoint http;
    private volatile Sensors sensors;
    private volatile TlsFiles tls;

    public Monitor(Settings settings, CollectorRegistry registry) {
        this.settings = settings;
        this.registry = registry;
    }

    /** Loads what {@link #Monitor} waits for: the way to the network. */
    static void load() {
        Transport.best().waiting();
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
        eventLoop.terminationFuture().addListener(ended -> giveUp());
        sensors = new Sensors(settings.sensors(), registry);
        tls = settings.security().openTls();
        AccessToken token = settings.security().openToken();
        InetSocketAddress bound = grpc.start(settings.address(), sensors, tls, token,
                settings.security().healthWithoutToken());
        InetSocketAddress page = settings.httpAddress() == null ? null : startHttp(token);
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
        sensors.start(broadcast, eventLoop.next());
        return bound;
    }

    /** Completes the streams, closes the sensors; takes no longer than a second, whatever hangs. */
    public void stop() {
        Thread stopping = new Thread(() -> {
            try {
                grpc.shutdown();
                if (http != null) {
                    http.stop();
                }
                grpc.awaitEnd();
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
            stopping.join(STOP_TIMEOUT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private InetSocketAddress startHttp(AccessToken token) throws HttpEndpoint.BindFailure {
        HttpEndpoint.Settings toServe = new HttpEndpoint.Settings(settings.httpAddress(),
                tls == null ? null : tls.http(), token == null ? null : token::isGranted,
                settings.security().healthWithoutToken(), settings.security().allowedHosts());
        http = new HttpEndpoint(toServe, eventLoop, transport.listening(), new HttpGuard(toServe, sensors::hostName),
                new HttpRequests(broadcast, sensors));
        return http.start();
    }

    /** Netty ends the loop when an error such as a full heap strikes at a bad moment; a service manager restarts us. */
    private static void giveUp() {
        LOG.severe("The thread that serves the clients has failed: the monitor ends");
        System.exit(1);
    }

    /** As a client takes it: an IPv6 address stands in brackets. */
    private String text(InetSocketAddress address) {
        // Java tells 0.0.0.0 as its IPv6 counterpart; what was asked for is clearer.
        InetAddress bound = address.getAddress();
        String host = (bound.isAnyLocalAddress() ? settings.address().getAddress() : bound).getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
