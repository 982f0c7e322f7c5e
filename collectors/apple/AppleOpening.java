package collectors.apple;

import collectors.CollectorContext.MacosPower;
import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.TelemetryCollector;
import collectors.apple.powermetrics.MacosCollector;
import collectors.host.OperatingSystem;

/** The choice of how a Mac is read. */
public final class AppleOpening {

    /** Some chips publish their energy up to 2.2 s apart; where there are no timestamps two publications are needed. */
    private static final long MAX_WAIT_NANOS = 5_000_000_000L;

    private AppleOpening() {
    }

    /** Starts powermetrics for a context, told why IOReport does not do. */
    @FunctionalInterface
    interface Powermetrics {
        TelemetryCollector open(CollectorContext context, String reason) throws CollectorUnavailableException;
    }

    /**
     * Reads without privilege, or starts powermetrics where that cannot be.
     *
     * @throws CollectorUnavailableException when neither works
     */
    public static TelemetryCollector open(CollectorContext context) throws CollectorUnavailableException {
        if (OperatingSystem.current() != OperatingSystem.MACOS) {
            return MacosCollector.open(context);
        }
        return open(context, AppleLibraries.OF_MACOS, AppleClock.SYSTEM, MacosCollector::open);
    }

    static TelemetryCollector open(CollectorContext context, AppleLibraries libraries, AppleClock clock,
                                   Powermetrics powermetrics) throws CollectorUnavailableException {
        AppleCollector collector = null;
        String reason;
        try {
            collector = new AppleCollector(context, libraries, clock, powermetrics);
            if (awaitCpu(collector, clock)) {
                return collector;
            }
            reason = "IOReport's CPU energy stands still";
        } catch (CollectorUnavailableException e) {
            reason = e.getMessage();
        }
        try {
            TelemetryCollector other = powermetrics.open(context, reason);
            close(collector);
            return other;
        } catch (CollectorUnavailableException e) {
            if (collector != null && context.macosPower() == MacosPower.GPU) {
                collector.goOnWithoutPowermetrics(e); // better the GPU alone than nothing
                return collector;
            }
            close(collector);
            throw new CollectorUnavailableException(reason + "; " + e.getMessage(), e.remedy());
        }
    }

    /** Waits until the CPU's counter is seen to move; whether it does. A CPU that runs this always draws. */
    private static boolean awaitCpu(AppleCollector collector, AppleClock clock) throws CollectorUnavailableException {
        long begin = clock.nanoTime();
        while (!collector.hasCpuPower()) {
            if (clock.nanoTime() - begin > MAX_WAIT_NANOS) {
                return false;
            }
            try {
                clock.pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CollectorUnavailableException("interrupted");
            }
        }
        return true;
    }

    private static void close(AppleCollector collector) {
        if (collector != null) {
            collector.close();
        }
    }
}
