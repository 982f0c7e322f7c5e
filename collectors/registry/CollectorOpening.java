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

/** Opens a collector in a thread of its own and has it show that it gives power or energy. */
final class CollectorOpening {

    private CollectorOpening() {
    }

    /**
     * Opens it, or leaves it behind when it hangs.
     *
     * @throws CollectorUnavailableException with the reason why it cannot work here
     */
    static TelemetryCollector open(String name, CollectorRegistry.Factory factory, CollectorContext context,
                                   long timeoutMillis) throws CollectorUnavailableException {
        FutureTask<TelemetryCollector> opening = new FutureTask<>(() -> openAndCollect(factory, context));
        Thread thread = new Thread(opening, "open-" + name);
        thread.setDaemon(true);
        thread.start();
        try {
            return opening.get(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw cause instanceof CollectorUnavailableException reason
                    ? reason : new CollectorUnavailableException(cause.toString());
        } catch (TimeoutException e) {
            throw new CollectorUnavailableException("did not answer within " + timeoutMillis / 1000.0 + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CollectorUnavailableException("interrupted");
        }
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
