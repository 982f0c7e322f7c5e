package server;

import collectors.CollectorContext;
import collectors.CollectorRegistry;
import collectors.CollectorUnavailableException;
import collectors.Host;
import collectors.HostInfo;
import collectors.TelemetryCollector;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** The whole monitor: opens the sensors, samples and serves, each beside the others so that it starts fast. */
public final class Monitor {

    private static final Logger LOG = Logger.getLogger(Monitor.class.getName());

    private static final long STOP_LIMIT_MILLIS = 900;

    private final MonitorServer server = new MonitorServer();
    private volatile Sampler sampler;

    /**
     * Serves from now on, in other threads; returns when the sensors are open.
     *
     * @param collector a name that {@link CollectorRegistry#open} takes
     * @throws IOException                   when the address cannot be bound
     * @throws CollectorUnavailableException when the collector that was asked for cannot work here
     */
    public void start(InetSocketAddress address, CollectorRegistry registry, String collector,
                      CollectorContext context)
            throws IOException, CollectorUnavailableException, InterruptedException {
        FutureTask<CollectorRegistry.Choice> choosing = inBackground(() -> registry.open(collector, context));
        Host host = Host.open(context);
        FutureTask<HostInfo> describing = inBackground(host::info);
        InetSocketAddress bound = server.start(address);
        CollectorRegistry.Choice choice = result(choosing);
        LOG.info("Serving on " + bound.getAddress().getHostAddress() + ":" + bound.getPort() + ", a reading every "
                + context.intervalMillis() + " ms");
        log(choice, collector);
        sampler = new Sampler(choice.collector(), host, result(describing), server.broadcast(),
                context.intervalMillis());
        sampler.start();
        server.use(sampler);
    }

    /** Completes the streams, closes the sensors; takes no longer than a second, whatever hangs. */
    public void stop() {
        Thread stopping = new Thread(() -> {
            try {
                server.stop();
                if (sampler != null) {
                    sampler.close();
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

    private static void log(CollectorRegistry.Choice choice, String asked) {
        TelemetryCollector collector = choice.collector();
        if (!asked.equals(CollectorRegistry.AUTO)) {
            LOG.info("Using " + collector.platform() + " platform, as asked for");
            return;
        }
        String refusals = choice.refusals().stream().map(r -> r.name() + ": " + r.reason())
                .collect(Collectors.joining("; "));
        LOG.info("Auto-detected " + collector.platform() + " platform");
        if (collector.platform().equals("null")) {
            LOG.warning("No power or energy can be measured here: " + refusals);
        } else if (!refusals.isEmpty()) {
            LOG.fine("Not taken: " + refusals);
        }
    }

    private static <T> FutureTask<T> inBackground(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "start");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static <T> T result(FutureTask<T> task) throws CollectorUnavailableException, InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CollectorUnavailableException reason) {
                throw reason;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
