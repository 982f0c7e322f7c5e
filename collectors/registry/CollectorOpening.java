package collectors.registry;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A collector that is being opened, in a thread of its own, and that has to show that it gives power or energy. One
 * that hangs is left behind.
 */
final class CollectorOpening {

    private final long timeoutMillis;
    private final long startedNanos = System.nanoTime();
    private final FutureTask<TelemetryCollector> opening;
    private boolean givenUp;

    /**
     * Begins to open it.
     *
     * @param timeoutMillis after which it is given up
     */
    CollectorOpening(String name, CollectorRegistry.Factory factory, CollectorContext context, long timeoutMillis) {
        this.timeoutMillis = timeoutMillis;
        opening = new FutureTask<>(() -> keepOrClose(openAndCollect(factory, context)));
        Thread thread = new Thread(opening, "open-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits so long for the outcome, or until the collector is given up; whether it is known then. */
    boolean isKnownWithin(long millis) throws InterruptedException {
        try {
            opening.get(Math.min(millis, leftMillis()), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return leftMillis() <= 0;
        }
    }

    /**
     * The collector, waited for until it is given up.
     *
     * @throws CollectorUnavailableException with the reason why it cannot work here
     */
    TelemetryCollector result() throws CollectorUnavailableException, InterruptedException {
        try {
            return opening.get(leftMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw cause instanceof CollectorUnavailableException reason
                    ? reason : new CollectorUnavailableException(cause.toString());
        } catch (TimeoutException e) {
            giveUp();
            throw new CollectorUnavailableException("did not answer within " + timeoutMillis / 1000.0 + " s");
        }
    }

    private synchronized void giveUp() {
        givenUp = true;
    }

    /** Nobody waits any more for one that opens after it was given up. */
    private synchronized TelemetryCollector keepOrClose(TelemetryCollector collector) {
        if (givenUp) {
            collector.close();
        }
        return collector;
    }

    private long leftMillis() {
        return Math.max(0, timeoutMillis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos));
    }

    private static TelemetryCollector openAndCollect(CollectorRegistry.Factory factory, CollectorContext context)
            throws Exception {
        TelemetryCollector collector = factory.open(context);
        try {
            requirePowerOrEnergy(collector);
            return collector;
        } catch (Exception | Error e) {
            collector.close();
            throw e;
        }
    }

    /** A device that sleeps now is measured as soon as something wakes it. */
    private static void requirePowerOrEnergy(TelemetryCollector collector) throws Exception {
        List<DeviceSample> devices = collector.collect();
        if (devices.isEmpty() || devices.stream().anyMatch(device -> device.hasPowerOrEnergy() || device.asleep)) {
            return;
        }
        String problem = devices.get(0).problem;
        throw new CollectorUnavailableException("no device gives power or energy"
                + (problem == null ? "" : " (" + devices.get(0).name + ": " + problem + ")"), collector.remedy());
    }
}
