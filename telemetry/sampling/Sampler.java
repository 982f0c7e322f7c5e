package telemetry.sampling;

import collectors.TelemetryCollector;
import collectors.host.Host;
import collectors.host.HostInfo;
import energy.EnergyResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import telemetry.accounting.CpuFields;
import telemetry.intervals.EnergyQueries;
import telemetry.intervals.EnergyRequestException;
import telemetry.intervals.MonotonicClock;
import telemetry.intervals.PowerSecond;
import telemetry.intervals.PowerSeconds;
import telemetry.selection.Selection;
import telemetry.selection.Selections;
import telemetry.selection.UnknownDeviceException;
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
    /** The interval with nobody listening. */
    private static final long IDLE_INTERVAL_NANOS = 1_000_000_000L;

    private final HostInfo hostInfo;
    private volatile String platform;
    private final Slots slots;
    private final Broadcast broadcast;
    private final ScheduledExecutorService executor;
    private final long intervalNanos;
    /** How long after its deadline a reading waits for collectors that are expected. */
    private final long graceNanos;
    private final ReadingMaker maker;
    private final EnergyQueries queries;
    private final PowerSeconds seconds;
    private final DeviceSearch search;
    private final CompletableFuture<Void> firstReading = new CompletableFuture<>();

    private final MonotonicClock marks = new MonotonicClock();
    private volatile Pace pace;
    /** The next reading's deadline; written by the executor's thread. */
    private volatile long nextTick;
    /** The latest tick whose reading the executor was asked to make. */
    private final AtomicLong requestedTick = new AtomicLong(-1);
    private volatile boolean closed;
    private volatile boolean healthy;
    private volatile Consumer<Boolean> healthListener = isHealthy -> { };
    private volatile long missedDeadlines;
    private volatile Demand demand;

    // Made once: an object of this kind costs more than others do without the second compiler.
    private final Runnable makeReadings = this::makeReadings;
    private final Runnable onGuard = this::onGuard;

    // What follows belongs to the executor's thread.
    private Future<?> guard;
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
        this.platform = collector.platform();
        this.hostInfo = hostInfo;
        this.broadcast = broadcast;
        this.executor = executor;
        this.intervalNanos = TimeUnit.MILLISECONDS.toNanos(intervalMillis);
        this.graceNanos = Math.max(intervalNanos / 2, MIN_GAP_NANOS - intervalNanos);
        this.slots = new Slots(collector, () -> pace, this::answered, this::isQuestioned);
        this.maker = new ReadingMaker(host, clock, marks, new ReadingEncoder(platform, hostInfo, collector.gpuInfo()),
                intervalMillis);
        this.queries = new EnergyQueries(maker.states(), maker.peaks(), executor, marks);
        this.seconds = new PowerSeconds(maker.states(), marks, intervalNanos);
        this.search = new DeviceSearch(new Selections(maker.states(), maker.surroundings(), hostInfo, platform,
                collector.gpuInfo()), slots.list(), executor);
        broadcast.onSubscribe(this::wake);
    }

    /** Begins to sample. */
    public void start() {
        long now = System.nanoTime();
        demand = new Demand(now);
        pace = new Pace(now, 0, intervalNanos, true);
        executor.execute(() -> setGuard(now + FIRST_ANSWER_TIMEOUT_NANOS));
        slots.start();
    }

    /** Where the CPU packages of a primary collector that measures those go; for other platforms without effect. */
    public void setCpuFields(CpuFields cpuFields) {
        maker.setCpuFields(cpuFields, platform);
    }

    /**
     * Replaces the primary collector, which is closed, by one that is new here or that stood beside it: from the next
     * reading on the sums are its devices', and the platform is its own.
     */
    public void setPrimary(TelemetryCollector collector, CpuFields cpuFields) {
        ReadingEncoder encoder = new ReadingEncoder(collector.platform(), hostInfo, collector.gpuInfo());
        executor.execute(() -> {
            platform = collector.platform();
            maker.setEncoder(encoder);
            search.setPrimary(collector);
            maker.setCpuFields(cpuFields, platform);
            slots.setPrimary(collector);
        });
    }

    /** Adds a collector whose devices stand beside the primary one's. It is owned by the sampler from now on. */
    public void addAuxiliary(TelemetryCollector collector) {
        slots.add(collector);
    }

    /** Done when the first reading is out. */
    public CompletableFuture<Void> firstReading() {
        return firstReading;
    }

    /** The {@linkplain Reading#details details} of a reading, at most a second or an interval old. */
    public CompletableFuture<byte[]> details() {
        return maker.details();
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
        return energy(fromUnixNanos, toUnixNanos, null);
    }

    /** The same of some devices; null for all. */
    CompletableFuture<EnergyResponse> energy(long fromUnixNanos, long toUnixNanos, Selection selection) {
        question();
        return queries.ask(fromUnixNanos, toUnixNanos, selection);
    }

    /**
     * The devices of these names, as soon as they are known; completed by the thread that makes the readings. Fails with
     * an {@link UnknownDeviceException} when a name fits none, or several.
     *
     * @param allAdded whether no more collectors will be added
     */
    CompletableFuture<Selection> select(List<String> names, BooleanSupplier allAdded) {
        return search.find(names, allAdded);
    }

    /** The {@linkplain Reading#details details} of the latest reading for some devices. */
    CompletableFuture<byte[]> details(Selection selection) {
        return CompletableFuture.supplyAsync(() -> selection.details(maker.sequence()), executor);
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

    /** Whoever is to be told, by the executor's thread, what each second was like; to be set before the start. */
    public void onSecond(Consumer<PowerSecond> listener) {
        seconds.setListener(listener);
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
        return maker.sweepTimes();
    }

    /** How many readings were left out because the executor, or the machine, was late. */
    public long missedDeadlines() {
        return missedDeadlines;
    }

    /** Stops sampling and closes the collectors; one whose call hangs is closed when the call comes back. */
    @Override
    public void close() {
        closed = true;
        slots.close();
    }

    /** Somebody asks for the energy of an interval, and may do so again. */
    private void question() {
        Demand current = demand;
        if (current != null && current.question(System.nanoTime())) {
            wake();
        }
    }

    /** Goes back to the full pace, at once, if it was left. */
    private void wake() {
        if (pace != null) {
            executor.execute(() -> {
                setListenedTo(true);
                slots.wake();
            });
        }
    }

    private void setListenedTo(boolean listenedTo) {
        if (pace.listenedTo() != listenedTo) {
            long interval = listenedTo ? intervalNanos : Math.max(intervalNanos, IDLE_INTERVAL_NANOS);
            long origin = listenedTo ? System.nanoTime()
                    : seconds.nearestWhole(pace.deadline(nextTick) + interval / 2, interval);
            pace = new Pace(origin, nextTick, interval, listenedTo);
            slots.wake();
            setGuard(origin + graceNanos);
        }
    }

    /** The first reading came as soon as somebody listened; those behind it may be where they tell most. */
    private void keepInTimeWithSeconds(long next) {
        long deadline = pace.deadline(next);
        long whole = seconds.nearestWhole(deadline, pace.intervalNanos());
        if (whole != deadline) {
            pace = new Pace(whole, next, pace.intervalNanos(), pace.listenedTo());
            slots.wake();
        }
    }

    /** When the next reading is due, on the clock of {@link #mark}. */
    long nextUnixNanos() {
        return marks.unixNanos(pace.deadline(nextTick));
    }

    private boolean isQuestioned() {
        return demand.isQuestioned(System.nanoTime());
    }

    /** A collector has answered: when it was the last one that is expected for the next reading, that one is made. */
    private void answered() {
        long tick = nextTick;
        if (closed || !slots.isComplete(tick, graceNanos, !firstReading.isDone()) || requestedTick.get() >= tick) {
            return;
        }
        if (requestedTick.getAndSet(tick) < tick) {
            try {
                executor.execute(makeReadings);
            } catch (OutOfMemoryError | RejectedExecutionException e) {
                requestedTick.set(tick - 1); // else no reading were ever made again
            }
        }
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

    private void makeReading(long dueTick) {
        long tick = pace.latest(dueTick, System.nanoTime());
        missedDeadlines += tick - dueTick;
        publishIfPossible(pace.deadline(tick));
        long now = System.nanoTime();
        long next = pace.next(tick, now);
        missedDeadlines += next - tick - 1;
        nextTick = next;
        boolean listenedTo = demand.isListenedTo(now, broadcast.subscribers());
        setListenedTo(listenedTo);
        if (!listenedTo) {
            broadcast.forgetLatest();
        }
        keepInTimeWithSeconds(next);
        setGuard(pace.deadline(next) + (slots.isAnyExpected(next, graceNanos) ? graceNanos : 0));
        answered(); // all may have answered while this reading was late
    }

    private void setGuard(long nanoTime) {
        if (guard != null) {
            guard.cancel(false);
        }
        try {
            guard = executor.schedule(onGuard, nanoTime - System.nanoTime(), TimeUnit.NANOSECONDS);
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
        slots.sweep();
        publish(deadline);
    }

    private void publish(long dueNanos) {
        Reading reading = maker.make(slots.list(), pace, dueNanos, broadcast.detailsWanted());
        setHealthy(maker.hasPowerOrEnergy());
        broadcast.publish(reading);
        maker.published(reading);
        firstReading.complete(null);
        queries.look();
        seconds.look(System.nanoTime());
    }
}
