package cli.record;

import cli.readings.Telemetry;
import energy.TelemetryReading;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Passes the readings of one machine to the recording, and reports when an outage begins and when it is over. */
final class RecordSource implements Telemetry.Listener {

    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Telemetry telemetry;
    private final String host;
    private final Recording recording;
    private final long intervalMillis;
    private final Consumer<String> notices;
    /** Why no stream is open; null while one is. */
    private volatile String lost = "";
    private volatile boolean answered;
    private boolean toldOutage;
    private long lostNanos;
    private long triedNanos;

    /**
     * A source that does not listen yet.
     *
     * @param intervalMillis milliseconds between two readings; 0 for every reading
     * @param notices        takes what the user should know
     */
    RecordSource(Telemetry telemetry, String host, Recording recording, long intervalMillis,
                 Consumer<String> notices) {
        this.telemetry = telemetry;
        this.host = host;
        this.recording = recording;
        this.intervalMillis = intervalMillis;
        this.notices = notices;
    }

    /** Begins to listen; listens again where the stream was lost. To be called every second or more often. */
    void listen() {
        if (toldOutage && answered) {
            notices.accept(host + " answers again after "
                    + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - lostNanos) + " s");
            toldOutage = false;
        }
        String reason = lost;
        if (reason == null || toldOutage && System.nanoTime() - triedNanos < RETRY_NANOS) {
            return;
        }
        if (!reason.isEmpty() && !toldOutage) {
            notices.accept(reason + "; trying again until it answers");
            toldOutage = true;
            lostNanos = System.nanoTime();
        }
        answered = false;
        lost = null;
        triedNanos = System.nanoTime();
        telemetry.stream(intervalMillis, this);
    }

    @Override
    public void take(TelemetryReading reading, long nanoTime) {
        answered = true;
        recording.add(host, reading);
    }

    @Override
    public void lost(String reason) {
        lost = reason;
    }
}
