package telemetry.sampling;

import collectors.TelemetryCollector;
import collectors.host.Host;
import collectors.host.HostInfo;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import telemetry.accounting.BesideTotals;
import telemetry.accounting.Totals;
import telemetry.wire.DetailsEncoder;
import telemetry.wire.Reading;
import telemetry.wire.ReadingEncoder;

/**
 * Sweeps over the sensors at absolute deadlines and publishes a reading for each, from one thread, however many
 * clients listen. A missed deadline is skipped and counted, never made up by a burst.
 *
 * <p>A collector's call that hangs keeps its thread; another thread takes the sampling over, and readings go on with
 * that collector's values unavailable until the call comes back.
 */
public final class Sampler implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Sampler.class.getName());

    private static final long LEAST_HANG_NANOS = 2_000_000_000L;
    private static final int HANG_INTERVALS = 20;
    private static final long CLOSE_LIMIT_MILLIS = 300;
    private static final long DETAILS_PERIOD_NANOS = 1_000_000_000L;
    /** The kernel counts its free pages anew for every reader of this: it costs more than a GPU. */
    private static final long HOST_MEMORY_PERIOD_NANOS = 200_000_000L;

    private final String platform;
    /** The primary collector's slot first; only ever added to. */
    private final List<CollectorSlot> slots = new CopyOnWriteArrayList<>();
    private final Host host;
    private final InstantSource clock;
    private final Broadcast broadcast;
    private final long intervalNanos;
    private final long hangNanos;
    private final double intervalMillis;
    private final Totals totals = new Totals();
    private final BesideTotals besideTotals = new BesideTotals();
    private final ReadingEncoder encoder;
    private final SweepTimes sweepTimes = new SweepTimes();
    private final CompletableFuture<Void> firstReading = new CompletableFuture<>();

    private final CompletableFuture<Void> firstDetails = new CompletableFuture<>();

    private volatile Thread thread;
    private volatile boolean closed;
    private volatile boolean healthy;
    private volatile long missedDeadlines;
    private volatile byte[] latestDetails;
    private long detailsNanos;
    private double hostMemoryUsedMb;
    private long hostMemoryNanos;
    private long sequence;
    private volatile String told;

    /**
     * A sampler that has not started yet. It owns the collector from now on.
     *
     * @param intervalMillis milliseconds between two sweeps, at least 1
     */
    public Sampler(TelemetryCollector collector, Host host, HostInfo hostInfo, Broadcast broadcast,
                   long intervalMillis) {
        this(collector, host, hostInfo, broadcast, intervalMillis, InstantSource.system());
    }

    /** A sampler with a clock of its own for the readings' timestamps; nothing else goes by it. */
    Sampler(TelemetryCollector collector, Host host, HostInfo hostInfo, Broadcast broadcast, long intervalMillis,
            InstantSource clock) {
        this.clock = clock;
        this.platform = collector.platform();
        this.slots.add(new CollectorSlot(collector, intervalMillis));
        this.intervalMillis = intervalMillis;
        this.host = host;
        this.broadcast = broadcast;
        this.intervalNanos = TimeUnit.MILLISECONDS.toNanos(intervalMillis);
        this.hangNanos = Math.max(LEAST_HANG_NANOS, HANG_INTERVALS * intervalNanos);
        this.encoder = new ReadingEncoder(platform, hostInfo, collector.gpuInfo());
    }

    /** Begins to sample. */
    public void start() {
        startThread();
        Thread watchdog = new Thread(this::watch, "sampler-watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
    }

    /** Adds a collector whose devices stand beside the primary one's. It is owned by the sampler from now on. */
    public void addAuxiliary(TelemetryCollector collector) {
        CollectorSlot slot = new CollectorSlot(collector, (long) intervalMillis);
        slots.add(slot);
        if (closed) {
            slot.close(); // it was opened meanwhile
        }
    }

    /** Done when the first reading is out. */
    public CompletableFuture<Void> firstReading() {
        return firstReading;
    }

    /** The {@linkplain Reading#details details} of a reading, at most a second or an interval old. */
    public CompletableFuture<byte[]> details() {
        return firstDetails.thenApply(done -> latestDetails);
    }

    /** The primary collector's platform. */
    public String platform() {
        return platform;
    }

    /** Whether the latest sweep gave power or energy. */
    public boolean isHealthy() {
        return healthy;
    }

    /** How long the sweeps take. */
    SweepTimes sweepTimes() {
        return sweepTimes;
    }

    /** How many deadlines were skipped because a sweep, or the machine, was late. */
    public long missedDeadlines() {
        return missedDeadlines;
    }

    /** Stops sampling and closes the collectors; one whose call hangs is left as it is. */
    @Override
    public void close() {
        closed = true;
        Thread current = thread;
        if (current != null) {
            LockSupport.unpark(current);
            try {
                current.join(CLOSE_LIMIT_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        slots.forEach(CollectorSlot::close);
    }

    private void startThread() {
        Thread sampling = new Thread(this::run, "sampler");
        sampling.setDaemon(true);
        sampling.setPriority(Thread.MAX_PRIORITY);
        thread = sampling;
        sampling.start();
    }

    private void run() {
        long deadline = System.nanoTime();
        while (!closed) {
            if (!sampleIfPossible(deadline)) {
                return;
            }
            long next = nextDeadline(deadline, intervalNanos, System.nanoTime());
            missedDeadlines += (next - deadline) / intervalNanos - 1;
            deadline = next;
            for (long left = deadline - System.nanoTime(); left > 0 && !closed; left = deadline - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
    }

    /** A heap that is full may have room again: a reading that cannot be made is left out, and sampling goes on. */
    private boolean sampleIfPossible(long deadline) {
        try {
            boolean goesOn = sample(deadline);
            told = null;
            return goesOn;
        } catch (RuntimeException | Error e) {
            healthy = false;
            missedDeadlines++;
            tell(e);
            return true;
        }
    }

    /** Tells of a trouble once, until a reading can be made again. */
    private void tell(Throwable trouble) {
        try {
            String what = trouble instanceof OutOfMemoryError
                    ? "The heap is full: no readings until there is room again"
                    : "No reading could be made, trying again: " + trouble;
            if (!what.equals(told)) {
                LOG.log(Level.SEVERE, what, trouble);
                told = what;
            }
        } catch (OutOfMemoryError e) {
            told = null; // no room for the line either: it comes with the next reading that is left out
        }
    }

    /**
     * Sweeps over the sensors once and publishes the reading.
     *
     * @return false when a call hung and another thread has taken over meanwhile
     */
    public boolean sample(long deadline) {
        long began = System.nanoTime();
        for (int i = 0; i < slots.size(); i++) {
            if (!slots.get(i).sweep()) {
                return false;
            }
        }
        publish(deadline, began, System.nanoTime() - began);
        return true;
    }

    /** The first one that is not past; those between are left out, not made up for. */
    static long nextDeadline(long deadline, long intervalNanos, long nowNanos) {
        long next = deadline + intervalNanos;
        long late = nowNanos - next;
        return late <= 0 ? next : next + (1 + late / intervalNanos) * intervalNanos;
    }

    private void publish(long dueNanos, long beganNanos, long sweepNanos) {
        double sweepMillis = sweepNanos / 1e6;
        CollectorSlot primary = slots.get(0);
        totals.sum(primary.sampledDevices(), primary.meters());
        besideTotals.sum(slots);
        healthy = totals.hasPowerOrEnergy();
        Instant now = clock.instant();
        long unixNanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        sequence++;
        sweepTimes.add(sweepMillis);
        if (sequence == 1 || dueNanos - hostMemoryNanos >= HOST_MEMORY_PERIOD_NANOS) {
            hostMemoryUsedMb = host.memoryUsedMb();
            hostMemoryNanos = dueNanos;
        }
        byte[] message = encoder.encode(totals, besideTotals, hostMemoryUsedMb, unixNanos);
        byte[] details = detailsAreDue(dueNanos)
                ? DetailsEncoder.encode(slots, sequence, intervalMillis, sweepMillis) : null;
        if (details != null) {
            detailsNanos = dueNanos;
            latestDetails = details;
            firstDetails.complete(null);
        }
        broadcast.publish(new Reading(sequence, dueNanos, beganNanos + sweepNanos / 2, message, details));
        firstReading.complete(null);
    }

    /** When a client wants them, and once a second for those who ask later; the first reading is to be out first. */
    private boolean detailsAreDue(long nanoTime) {
        if (latestDetails == null) {
            return sequence > 1 || intervalNanos >= DETAILS_PERIOD_NANOS;
        }
        return broadcast.detailsWanted() || nanoTime - detailsNanos >= DETAILS_PERIOD_NANOS;
    }

    private void watch() {
        boolean successorNeeded = false;
        while (!closed) {
            LockSupport.parkNanos(hangNanos / 4);
            try {
                for (CollectorSlot slot : slots) {
                    successorNeeded |= slot.markHanging(hangNanos);
                }
                if (successorNeeded) {
                    startThread();
                    successorNeeded = false;
                }
            } catch (OutOfMemoryError e) {
                tell(e); // it can be that there is no room for the thread; it is tried again
            }
        }
    }
}
