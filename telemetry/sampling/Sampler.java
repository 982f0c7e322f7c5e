package telemetry.sampling;

import collectors.TelemetryCollector;
import collectors.host.Host;
import collectors.host.HostInfo;
import energy.EnergyResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import telemetry.accounting.AuxiliaryTotals;
import telemetry.accounting.CpuFields;
import telemetry.accounting.DeviceState;
import telemetry.accounting.MachineTotal;
import telemetry.accounting.MeteredDevice;
import telemetry.accounting.Overlaps;
import telemetry.accounting.Totals;
import telemetry.wire.DetailsEncoder;
import telemetry.wire.Reading;
import telemetry.wire.ReadingEncoder;

/**
 * Makes a reading for every deadline of what the collectors have said by then, and publishes it. Each collector is asked
 * in a {@linkplain CollectorLoop thread of its own}; readings are made by one executor's thread, best the one that also
 * writes to the network. A reading is made when the last collector that is expected has answered, at most half an
 * interval after the deadline; what is overdue by then is unavailable. Missed deadlines are counted, never made up for.
 *
 * <p>With nobody listening the collectors are asked once a second. Whoever asks for the energy of an interval listens,
 * too, for a minute.
 */
public final class Sampler implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Sampler.class.getName());

    /** Readings come no further apart than one and a half intervals, or than this. */
    private static final long MIN_GAP_NANOS = 20_000_000L;
    /** The first reading waits so long for the primary collector, and has nothing of it then. */
    private static final long FIRST_ANSWER_TIMEOUT_NANOS = 1_000_000_000L;
    /** Of the collector whose devices are CPU packages and their memory. */
    private static final String CPU_PLATFORM = "rapl";
    /** The interval with nobody listening. */
    private static final long IDLE_INTERVAL_NANOS = 1_000_000_000L;
    /** So long after the start, and after a stream's end, somebody may still come. */
    private static final long STAY_NANOS = 3_000_000_000L;
    /** So long after a mark, or a question for the energy of an interval, another one may come. */
    private static final long QUESTION_NANOS = 60_000_000_000L;
    private static final long CLOSE_TIMEOUT_MILLIS = 300;
    private static final long DETAILS_PERIOD_NANOS = 1_000_000_000L;
    /** The kernel counts its free pages anew for every reader of this: it costs more than a GPU. */
    private static final long HOST_MEMORY_PERIOD_NANOS = 200_000_000L;

    /** A collector's loop with the states of its devices at the latest reading. */
    private static final class Slot {
        final CollectorLoop loop;
        final List<DeviceState> states = new ArrayList<>();
        boolean overdue;

        Slot(CollectorLoop loop) {
            this.loop = loop;
        }
    }

    private final String platform;
    /** The primary collector's slot first; only ever added to. */
    private final List<Slot> slots = new CopyOnWriteArrayList<>();
    private final Host host;
    private final InstantSource clock;
    private final Broadcast broadcast;
    private final ScheduledExecutorService executor;
    private final long intervalMillis;
    private final long intervalNanos;
    /** How long after its deadline a reading waits for collectors that are expected. */
    private final long graceNanos;
    private final ReadingEncoder encoder;
    private final SweepTimes sweepTimes = new SweepTimes();
    private final CompletableFuture<Void> firstReading = new CompletableFuture<>();
    private final CompletableFuture<Void> firstDetails = new CompletableFuture<>();

    private final MonotonicClock marks = new MonotonicClock();
    private volatile Pace pace;
    /** The next reading's deadline; written by the executor's thread. */
    private volatile long nextTick;
    /** The latest tick whose reading the executor was asked to make. */
    private final AtomicLong requestedTick = new AtomicLong(-1);
    private volatile boolean closed;
    private volatile boolean healthy;
    private volatile boolean separateCpuFields;
    private volatile Consumer<Boolean> healthListener = isHealthy -> { };
    private volatile long missedDeadlines;
    private volatile byte[] latestDetails;
    /** Until when somebody is taken to listen although nobody has subscribed. */
    private final AtomicLong listeningUntilNanos = new AtomicLong();
    private volatile long questionedUntilNanos;

    // What follows belongs to the executor's thread.
    private final Totals totals = new Totals();
    private final MachineTotal machineTotal = new MachineTotal();
    private final AuxiliaryTotals auxiliaryTotals = new AuxiliaryTotals();
    private final List<DeviceState> states = new ArrayList<>();
    private final EnergyQueries queries;
    private Future<?> guard;
    private long detailsNanos;
    private double hostMemoryUsedMb;
    private long hostMemoryNanos;
    private long sequence;
    private String told;

    /**
     * A sampler that has not started yet. It owns the collector from now on.
     *
     * @param executor       makes the readings, one task at a time
     * @param intervalMillis milliseconds between two readings, at least 1
     */
    public Sampler(TelemetryCollector collector, Host host, HostInfo hostInfo, Broadcast broadcast,
                   ScheduledExecutorService executor, long intervalMillis) {
        this(collector, host, hostInfo, broadcast, executor, intervalMillis, InstantSource.system());
    }

    /** A sampler with a clock of its own for the readings' timestamps; nothing else goes by it. */
    Sampler(TelemetryCollector collector, Host host, HostInfo hostInfo, Broadcast broadcast,
            ScheduledExecutorService executor, long intervalMillis, InstantSource clock) {
        this.clock = clock;
        this.platform = collector.platform();
        this.intervalMillis = intervalMillis;
        this.host = host;
        this.broadcast = broadcast;
        this.executor = executor;
        this.queries = new EnergyQueries(states, executor, marks);
        this.intervalNanos = TimeUnit.MILLISECONDS.toNanos(intervalMillis);
        this.graceNanos = Math.max(intervalNanos / 2, MIN_GAP_NANOS - intervalNanos);
        this.encoder = new ReadingEncoder(platform, hostInfo, collector.gpuInfo());
        slots.add(new Slot(new CollectorLoop(collector)));
        broadcast.onSubscribe(this::wake);
    }

    /** Begins to sample. */
    public void start() {
        pace = new Pace(System.nanoTime(), 0, intervalNanos, true);
        listeningUntilNanos.set(pace.originNanos() + STAY_NANOS);
        questionedUntilNanos = pace.originNanos();
        executor.execute(() -> setGuard(pace.originNanos() + FIRST_ANSWER_TIMEOUT_NANOS));
        slots.forEach(slot -> slot.loop.start(() -> pace, this::answered, this::isQuestioned));
    }

    /** Where the CPU packages of a primary collector that measures those go; for other platforms without effect. */
    public void setCpuFields(CpuFields cpuFields) {
        separateCpuFields = cpuFields == CpuFields.SEPARATE && platform.equals(CPU_PLATFORM);
    }

    /** Adds a collector whose devices stand beside the primary one's. It is owned by the sampler from now on. */
    public void addAuxiliary(TelemetryCollector collector) {
        Slot slot = new Slot(new CollectorLoop(collector));
        if (closed) {
            slot.loop.close(); // it was opened meanwhile
            return;
        }
        slots.add(slot);
        slot.loop.start(() -> pace, this::answered, this::isQuestioned);
    }

    /** Done when the first reading is out. */
    public CompletableFuture<Void> firstReading() {
        return firstReading;
    }

    /** The {@linkplain Reading#details details} of a reading, at most a second or an interval old. */
    public CompletableFuture<byte[]> details() {
        return firstDetails.thenApply(done -> latestDetails);
    }

    /** A moment for {@link #energy}, now: Unix time in nanoseconds, by a clock that is never set. */
    public long mark() {
        question();
        return marks.unixNanos();
    }

    /**
     * What was used between two {@linkplain #mark marks}, the second one 0 for now; waits a moment for what makes
     * it exact.
     *
     * @throws EnergyRequestException when such an interval has no answer
     */
    public CompletableFuture<EnergyResponse> energy(long fromUnixNanos, long toUnixNanos) {
        question();
        return queries.ask(fromUnixNanos, toUnixNanos);
    }

    /** The primary collector's platform. */
    public String platform() {
        return platform;
    }

    /** Whether the latest reading had power or energy. */
    public boolean isHealthy() {
        return healthy;
    }

    /** Whoever is to be told, by the executor's thread, when this changes; false at first. */
    public void onHealthChange(Consumer<Boolean> listener) {
        healthListener = listener;
    }

    private void setHealthy(boolean isHealthy) {
        if (isHealthy != healthy) {
            healthy = isHealthy;
            healthListener.accept(isHealthy);
        }
    }

    /** Whether nobody listens, so that the collectors are asked less often. */
    boolean isIdle() {
        return !pace.listenedTo();
    }

    /** How long the collectors take to answer. */
    SweepTimes sweepTimes() {
        return sweepTimes;
    }

    /** How many readings were left out because the executor, or the machine, was late. */
    public long missedDeadlines() {
        return missedDeadlines;
    }

    /** Stops sampling and closes the collectors; one whose call hangs is closed when the call comes back. */
    @Override
    public void close() {
        closed = true;
        slots.forEach(slot -> slot.loop.close());
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_TIMEOUT_MILLIS);
        try {
            for (Slot slot : slots) {
                slot.loop.join(TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Somebody asks for the energy of an interval, and may do so again. */
    private void question() {
        long until = System.nanoTime() + QUESTION_NANOS;
        questionedUntilNanos = until;
        long before = listeningUntilNanos.getAndAccumulate(until, Math::max);
        if (until - before > QUESTION_NANOS / 2) {
            wake(); // else a question has just done so
        }
    }

    /** Goes back to the full pace, at once, if it was left. */
    private void wake() {
        if (pace != null) {
            executor.execute(() -> {
                setListenedTo(true);
                slots.forEach(slot -> slot.loop.wake());
            });
        }
    }

    private void setListenedTo(boolean listenedTo) {
        if (pace.listenedTo() != listenedTo) {
            long origin = listenedTo ? System.nanoTime() : pace.deadline(nextTick);
            long interval = listenedTo ? intervalNanos : Math.max(intervalNanos, IDLE_INTERVAL_NANOS);
            pace = new Pace(origin, nextTick, interval, listenedTo);
            slots.forEach(slot -> slot.loop.wake());
            setGuard(origin + graceNanos);
        }
    }

    private boolean isQuestioned() {
        return System.nanoTime() - questionedUntilNanos < 0;
    }

    private boolean isListening(long nowNanos) {
        if (broadcast.subscribers() > 0) {
            listeningUntilNanos.accumulateAndGet(nowNanos + STAY_NANOS, Math::max);
        }
        return nowNanos - listeningUntilNanos.get() < 0;
    }

    /** A collector has answered: when it was the last one that is expected for the next reading, that one is made. */
    private void answered() {
        long tick = nextTick;
        if (closed || !isComplete(tick) || requestedTick.get() >= tick) {
            return;
        }
        if (requestedTick.getAndSet(tick) < tick) {
            try {
                executor.execute(this::makeReadings);
            } catch (OutOfMemoryError | RejectedExecutionException e) {
                requestedTick.set(tick - 1); // else no reading were ever made again
            }
        }
    }

    /** Whether nothing more is to come for a tick that is worth waiting for. */
    private boolean isComplete(long tick) {
        boolean any = false;
        for (Slot slot : slots) {
            boolean finished = slot.loop.hasFinished(tick);
            any |= finished;
            if (!finished && (slot.loop.isExpected(tick, graceNanos) && slot.loop.hasAnswered()
                    || slot == slots.get(0) && !firstReading.isDone())) {
                return false;
            }
        }
        return any;
    }

    private void makeReadings() {
        long tick = nextTick;
        if (closed || requestedTick.get() < tick) {
            return; // the guard was first
        }
        makeReading(tick);
    }

    /** The deadline has passed, and those that are expected are late. */
    private void onGuard() {
        if (!closed) {
            long tick = nextTick;
            requestedTick.accumulateAndGet(tick, Math::max);
            makeReading(tick);
        }
    }

    private void makeReading(long tick) {
        publishIfPossible(pace.deadline(tick));
        long now = System.nanoTime();
        long next = pace.next(tick, now);
        missedDeadlines += next - tick - 1;
        nextTick = next;
        boolean listenedTo = isListening(now);
        setListenedTo(listenedTo);
        if (!listenedTo) {
            broadcast.forgetLatest();
        }
        boolean anyExpected = slots.stream().anyMatch(slot -> slot.loop.isExpected(next, graceNanos));
        setGuard(pace.deadline(next) + (anyExpected ? graceNanos : 0));
        answered(); // all may have answered while this reading was late
    }

    private void setGuard(long nanoTime) {
        if (guard != null) {
            guard.cancel(false);
        }
        try {
            guard = executor.schedule(this::onGuard, nanoTime - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            guard = null; // the executor has ended, and so has the need for readings
        }
    }

    /** A heap that is full may have room again: a reading that cannot be made is left out, and sampling goes on. */
    private void publishIfPossible(long deadline) {
        try {
            publish(deadline);
            told = null;
        } catch (RuntimeException | Error e) {
            setHealthy(false);
            missedDeadlines++;
            tell(e);
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

    /** Asks every collector once, here and now, and publishes the reading: for a sampler that is not started. */
    public void sample(long deadline) {
        slots.forEach(slot -> slot.loop.sweep());
        publish(deadline);
    }

    private void publish(long dueNanos) {
        long nowNanos = System.nanoTime();
        double sweepMillis = refill(nowNanos) / 1e6;
        totals.sum(states);
        auxiliaryTotals.sum(states);
        machineTotal.sum(states);
        if (separateCpuFields) {
            auxiliaryTotals.takePrimaryPackages(states);
            totals.omitPowerAndEnergy();
        }
        setHealthy(totals.hasPowerOrEnergy());
        Instant now = clock.instant();
        long unixNanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        sweepTimes.add(sweepMillis);
        if (sequence == 0 || dueNanos - hostMemoryNanos >= HOST_MEMORY_PERIOD_NANOS) {
            hostMemoryUsedMb = host.memoryUsedMb();
            hostMemoryNanos = dueNanos;
        }
        byte[] message = encoder.encode(totals, auxiliaryTotals, hostMemoryUsedMb, unixNanos);
        long next = sequence + 1; // counts what is published: a gap can only mean readings that a client missed
        byte[] details = detailsAreDue(next, dueNanos)
                ? DetailsEncoder.encode(states, machineTotal, next, intervalMillis, sweepMillis) : null;
        if (details != null) {
            detailsNanos = dueNanos;
            latestDetails = details;
        }
        sequence = next;
        broadcast.publish(new Reading(sequence, dueNanos, nowNanos, message, details));
        if (details != null) {
            firstDetails.complete(null);
        }
        firstReading.complete(null);
        queries.look();
    }

    /** Refills the devices' states; returns how long the slowest collector took to answer, nanoseconds. */
    private long refill(long nowNanos) {
        long slowest = 0;
        boolean added = false;
        for (Slot slot : slots) {
            MeteredDevice[] devices = slot.loop.devices();
            for (int i = slot.states.size(); i < devices.length; i++) {
                slot.states.add(new DeviceState(slot.loop.collector().platform(), slot == slots.get(0), i,
                        devices[i]));
                added = true;
            }
            String silence = silence(slot, nowNanos);
            tellOverdue(slot, silence == CollectorLoop.NO_ANSWER);
            for (int i = 0; i < slot.states.size(); i++) {
                devices[i].fill(slot.states.get(i), nowNanos);
                if (silence != null) {
                    slot.states.get(i).silence(silence);
                }
            }
            slowest = Math.max(slowest, slot.loop.sweepNanos());
        }
        if (added) {
            states.clear();
            slots.forEach(slot -> states.addAll(slot.states));
            Overlaps.mark(states);
        }
        return slowest;
    }

    private String silence(Slot slot, long nowNanos) {
        Pace current = pace;
        return current == null ? null // not started: the collectors are asked here and now
                : slot.loop.silence(nowNanos, current.originNanos(), current.intervalNanos());
    }

    private static void tellOverdue(Slot slot, boolean overdue) {
        if (overdue != slot.overdue) {
            slot.overdue = overdue;
            String who = slot.loop.collector().platform();
            if (overdue) {
                LOG.warning(who + " does not answer: its values are unavailable until it does");
            } else {
                LOG.info(who + " answers again");
            }
        }
    }

    /** When a client wants them, and once a second for those who ask later; the first reading is to be out first. */
    private boolean detailsAreDue(long next, long nanoTime) {
        if (latestDetails == null) {
            return next > 1 || intervalNanos >= DETAILS_PERIOD_NANOS;
        }
        return broadcast.detailsWanted() || nanoTime - detailsNanos >= DETAILS_PERIOD_NANOS;
    }
}
