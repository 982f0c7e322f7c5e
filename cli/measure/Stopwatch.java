package cli.measure;

import cli.options.UserError;
import cli.readings.Telemetry;
import energy.EnergyResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Measures the energy of one interval after the other. A monitor remembers ten minutes: of a longer interval it is asked
 * in parts, while the interval goes on.
 */
final class Stopwatch implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Stopwatch.class.getName());

    private static final long PART_MILLIS = TimeUnit.MINUTES.toMillis(4);
    /** A part ends so many sampling intervals ago, so that nobody waits for what makes its end exact. */
    private static final long PART_AGE_INTERVALS = 3;
    private static final long MIN_PART_AGE_MILLIS = 10_000;
    /** The slowest counters move every 2.2 s. */
    private static final long MIN_SETTLE_TIMEOUT_MILLIS = 5_000;
    /** A counter's step is known to be over when the reading after the next one is there. */
    private static final double SETTLE_INTERVALS = 2.5;
    /** A meter of the whole machine may be asked once a minute only: its next answer is worth waiting for. */
    private static final long METER_TIMEOUT_MILLIS = 75_000;
    private static final Set<String> METERS = Set.of("redfish", "ipmi", "http");
    /** A part in which a meter is yet to tell the end is taken shorter, or later while that is remembered. */
    private static final double LATER_PARTS = 0.6;
    private static final double MAX_PARTS = 1.9;
    private static final long RETRY_MILLIS = 100;
    private static final long NOTICE_MILLIS = 1000;

    private final Telemetry telemetry;
    private final long intervalMillis;
    private final long partMillis;
    private final Consumer<String> notices;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "parts");
        thread.setDaemon(true);
        return thread;
    });
    private final List<EnergyResponse> parts = new ArrayList<>();
    /** Where the part begins that has not been asked for yet; on the monitor's clock. */
    private long fromNanos;
    private volatile long begunNanoTime;
    private boolean running;

    /** A stopwatch for sensors that are sampled at that interval. */
    Stopwatch(Telemetry telemetry, long intervalMillis, Consumer<String> notices) {
        this(telemetry, intervalMillis, notices, PART_MILLIS, MIN_PART_AGE_MILLIS);
    }

    Stopwatch(Telemetry telemetry, long intervalMillis, Consumer<String> notices, long partMillis, long minPartAgeMillis) {
        this.telemetry = telemetry;
        this.intervalMillis = intervalMillis;
        this.partMillis = partMillis;
        this.notices = notices;
        long ageMillis = Math.max(minPartAgeMillis, PART_AGE_INTERVALS * intervalMillis);
        timer.scheduleWithFixedDelay(() -> takePart(TimeUnit.MILLISECONDS.toNanos(ageMillis)), partMillis, partMillis,
                TimeUnit.MILLISECONDS);
    }

    /**
     * Begins an interval now.
     *
     * @throws UserError when the monitor does not answer
     */
    synchronized void begin() throws UserError, InterruptedException {
        parts.clear();
        fromNanos = telemetry.mark();
        begunNanoTime = System.nanoTime();
        running = true;
    }

    /**
     * Ends the interval now, and waits for what makes its end exact. An interrupt shortens the wait.
     *
     * @return what was used; without joules, but with the reason, when the monitor cannot be asked any more
     */
    EnergyResponse end() {
        long lastedNanos = System.nanoTime() - begunNanoTime;
        try {
            long toNanos = telemetry.mark();
            try {
                return finish(toNanos, Math.max(MIN_SETTLE_TIMEOUT_MILLIS, (long) (SETTLE_INTERVALS * intervalMillis)));
            } catch (InterruptedException e) {
                return finish(toNanos, 0);
            }
        } catch (UserError e) {
            return JoinedEnergy.unknown(fromNanos, fromNanos + lastedNanos, e.getMessage());
        } catch (InterruptedException e) {
            return JoinedEnergy.unknown(fromNanos, fromNanos + lastedNanos, "it was interrupted before that was known");
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private synchronized EnergyResponse finish(long toNanos, long timeoutMillis) throws UserError, InterruptedException {
        running = false;
        long begunWaiting = System.nanoTime();
        boolean told = false;
        long limitMillis = timeoutMillis;
        while (true) {
            EnergyResponse rest = telemetry.energy(fromNanos, toNanos);
            long waitedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunWaiting);
            if (timeoutMillis > 0 && isMeterAwaited(rest)) {
                limitMillis = Math.max(timeoutMillis, METER_TIMEOUT_MILLIS);
            }
            if (rest.getSettled() || waitedMillis >= limitMillis) {
                if (!rest.getSettled()) {
                    notices.accept("not every device has told its energy since the end: its joules are less exact");
                }
                if (!parts.stream().allMatch(EnergyResponse::getSettled)) {
                    notices.accept("not every device told its energy in time for so long an interval: its joules are less "
                            + "exact, or n/a");
                }
                List<EnergyResponse> all = new ArrayList<>(parts);
                all.add(rest);
                return JoinedEnergy.of(all);
            }
            if (!told && waitedMillis >= NOTICE_MILLIS) {
                told = true;
                notices.accept("waiting up to " + TimeUnit.MILLISECONDS.toSeconds(limitMillis)
                        + " s for the sensors to tell the energy at the end");
            }
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        }
    }

    /** Asks for what is long past. A monitor that cannot be asked now is asked for more the next time, or at the end. */
    private synchronized void takePart(long ageNanos) {
        if (!running) {
            return;
        }
        try {
            long now = telemetry.mark();
            long partNanos = TimeUnit.MILLISECONDS.toNanos(partMillis);
            if (!takePart(now - ageNanos, false)) {
                boolean isLast = now - fromNanos > MAX_PARTS * partNanos;
                takePart(now - Math.max(ageNanos, (long) (LATER_PARTS * partNanos)), isLast);
            }
        } catch (UserError e) {
            LOG.log(Level.FINE, "no part of the energy this time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether a part until then is taken: what is not settled is only where nothing better can be had. */
    private boolean takePart(long toNanos, boolean isLast) throws UserError, InterruptedException {
        if (toNanos <= fromNanos) {
            return false;
        }
        EnergyResponse part = telemetry.energy(fromNanos, toNanos);
        if (!part.getSettled() && !isLast) {
            return false;
        }
        parts.add(part);
        fromNanos = toNanos;
        return true;
    }

    /**
     * Whether a meter that somebody asked for, or that is all there is, has not told yet what was used at the end; what hangs
     * or is lost is settled soon.
     */
    private static boolean isMeterAwaited(EnergyResponse rest) {
        return !rest.getSettled() && rest.getDevicesList().stream().anyMatch(device -> !device.getEnergy().getValid()
                && (METERS.contains(device.getPlatform())
                        || device.getInTotal() && Readiness.isWholeMachine(device.getKind())));
    }
}
