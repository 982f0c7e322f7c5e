package cli.measure;

import cli.options.UserError;
import cli.readings.Telemetry;
import energy.TelemetryReading;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Listens to a telemetry and measures stretches of time, one after the other. */
final class EnergyStopwatch implements Telemetry.Listener {

    private static final long FIRST_READING_LIMIT_SECONDS = 15;
    private static final long LAST_READING_LIMIT_MILLIS = 5000;

    private final CompletableFuture<Void> firstReading = new CompletableFuture<>();
    private TelemetryReading latest;
    private long latestNanos;
    private EnergyLedger ledger;
    private String lost;

    @Override
    public synchronized void take(TelemetryReading reading, long nanoTime) {
        latest = reading;
        latestNanos = nanoTime;
        if (ledger != null) {
            ledger.add(reading, nanoTime);
        }
        firstReading.complete(null);
    }

    @Override
    public synchronized void lost(String reason) {
        lost = reason;
        firstReading.complete(null);
    }

    /**
     * Waits for the first reading.
     *
     * @throws UserError when none comes, or it has neither power nor energy
     */
    void awaitPower() throws UserError, InterruptedException {
        try {
            firstReading.get(FIRST_READING_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new UserError("no reading came within " + FIRST_READING_LIMIT_SECONDS + " s: the sensors hang");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        synchronized (this) {
            requireStream();
            if (!EnergyLedger.isPowered(latest)) {
                throw new UserError("neither power nor energy is measured here: 'energy-monitor doctor' tells why");
            }
        }
    }

    /** Begins a stretch now. */
    synchronized void begin() throws UserError {
        requireStream();
        ledger = new EnergyLedger(System.nanoTime());
        ledger.add(latest, latestNanos);
    }

    /**
     * Ends the stretch now.
     *
     * @return what it cost, when the reading is there that tells it
     * @throws UserError when none comes any more
     */
    EnergyLedger end() throws UserError, InterruptedException {
        EnergyLedger measured;
        synchronized (this) {
            measured = ledger;
            measured.end(System.nanoTime());
        }
        boolean complete = measured.awaitEnd(LAST_READING_LIMIT_MILLIS);
        synchronized (this) {
            ledger = null;
            if (!complete) {
                requireStream();
                throw new UserError("no reading came any more within " + LAST_READING_LIMIT_MILLIS / 1000
                        + " s: the joules are not known");
            }
        }
        return measured;
    }

    private synchronized void requireStream() throws UserError {
        if (lost != null) {
            throw new UserError(lost);
        }
    }
}
