package server;

import collectors.CollectorRegistry;
import collectors.CollectorUnavailableException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.logging.Logger;

/** The whole monitor: the sensors and the server, each started beside the other so that it is fast. */
public final class Monitor {

    private static final Logger LOG = Logger.getLogger(Monitor.class.getName());

    private static final long STOP_LIMIT_MILLIS = 900;

    /**
     * What a monitor is to do.
     *
     * @param address where to serve
     * @param sensors what to measure
     * @param http    how to serve over HTTP, too; null when not
     */
    public record Settings(InetSocketAddress address, Sensors.Settings sensors, HttpEndpoint.Settings http) {

        /** Nothing over HTTP. */
        public Settings(InetSocketAddress address, Sensors.Settings sensors) {
            this(address, sensors, null);
        }
    }

    private final Settings settings;
    private final CollectorRegistry registry;
    private final MonitorServer server = new MonitorServer();
    private volatile Sensors sensors;

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
     */
    public InetSocketAddress start() throws IOException, CollectorUnavailableException, InterruptedException {
        sensors = new Sensors(settings.sensors(), registry);
        InetSocketAddress bound = server.start(settings.address(), sensors);
        HttpEndpoint.Settings http = settings.http();
        InetSocketAddress page = http == null ? null : server.startHttp(http, sensors, sensors::hostName);
        sensors.await();
        LOG.info("Serving on " + text(bound) + ", a reading every "
                + settings.sensors().context().intervalMillis() + " ms");
        if (page != null) {
            LOG.info("Serving the page on " + (http.tls() == null ? "http" : "https") + "://" + text(page) + "/");
        }
        sensors.start(server.broadcast());
        return bound;
    }

    /** Completes the streams, closes the sensors; takes no longer than a second, whatever hangs. */
    public void stop() {
        Thread stopping = new Thread(() -> {
            try {
                server.stop();
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
