package collectors.apple;

import collectors.CollectorUnavailableException;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.util.List;
import java.util.logging.Logger;

/**
 * powermetrics, started once a counter has stopped. It is started in a thread of its own, as that takes seconds where
 * it may not run; the collector goes on meanwhile.
 */
final class PowermetricsFallback implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(PowermetricsFallback.class.getName());

    /** Starts powermetrics. */
    @FunctionalInterface
    interface Opener {

        /**
         * Starts it.
         *
         * @param reason why IOReport does not do, for people
         */
        TelemetryCollector open(String reason) throws CollectorUnavailableException;
    }

    private final Opener opener;
    private boolean begun;
    private boolean closed;
    private TelemetryCollector powermetrics;
    private String problem;
    private String remedy = "";

    PowermetricsFallback(Opener opener) {
        this.opener = opener;
    }

    /** Starts it, once; what kept it from starting before would do so again. */
    synchronized void begin(String reason) {
        if (begun || closed) {
            return;
        }
        begun = true;
        problem = "powermetrics is being started";
        Thread thread = new Thread(() -> start(reason), "powermetrics-fallback");
        thread.setDaemon(true);
        thread.start();
    }

    private void start(String reason) {
        try {
            TelemetryCollector started = opener.open(reason);
            synchronized (this) {
                if (begun && !closed) {
                    powermetrics = started;
                    problem = null;
                    LOG.warning(reason + ": powermetrics counts it from now on");
                    return;
                }
            }
            started.close();
        } catch (CollectorUnavailableException e) {
            failed(e);
            LOG.warning(reason + ", and powermetrics cannot stand in: " + e.getMessage());
        }
    }

    /** Notes why it cannot be started. */
    synchronized void failed(CollectorUnavailableException e) {
        begun = true;
        problem = "powermetrics cannot stand in: " + e.getMessage();
        remedy = e.remedy();
    }

    /** Why there is nothing from it; null when there is. */
    synchronized String problem() {
        return problem;
    }

    /** The command that would let it start; empty when there is none. */
    synchronized String remedy() {
        return remedy;
    }

    /** What it says of the device of that identity; null when nothing. */
    synchronized DeviceSample sample(String id) throws Exception {
        if (powermetrics == null) {
            return null;
        }
        List<DeviceSample> devices = powermetrics.collect();
        return devices.stream().filter(device -> device.id.equals(id)).findFirst().orElse(null);
    }

    /** Ends it, as it is needed no more; it may be started again. */
    void end() {
        TelemetryCollector last;
        synchronized (this) {
            if (powermetrics == null) {
                return;
            }
            last = powermetrics;
            powermetrics = null;
            begun = false;
        }
        last.close();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        end();
    }
}
