package telemetry.sampling;

import collectors.Accounting;
import collectors.Backoff;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import collectors.host.TimerResolution;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import telemetry.accounting.MeteredDevice;

/**
 * Asks one collector at every deadline, in a thread of its own, so that a slow or hung sensor holds up nobody else.
 * Only that thread calls the collector and writes what is known of it; others read. Changes are logged once.
 */
final class CollectorLoop {

    private static final Logger LOG = Logger.getLogger(CollectorLoop.class.getName());

    /** What is said of a collector whose answer is overdue. */
    static final String NO_ANSWER = "does not answer";

    /** An answer so old is still what the device says now: a thread may be late without its sensor being so. */
    private static final long MIN_OVERDUE_NANOS = 100_000_000L;
    private static final double OVERDUE_INTERVALS = 2.5;
    /** A sensor that always takes its time is given twice what it took last. */
    private static final int OVERDUE_SWEEPS = 2;

    private final TelemetryCollector collector;
    private final LongSupplier nanoTime;
    private final Backoff backoff = new Backoff();

    // Of the loop's thread alone: by which deadlines it goes, and which one is next.
    private final TimerResolution timer = new TimerResolution();
    private Pace pace;
    private long tick;

    private volatile MeteredDevice[] devices = {};
    private long intervalNanos;
    private String[] problems = {};
    private volatile String failure;
    private volatile boolean answered;
    private volatile long answeredNanos;
    private volatile long sweepNanos;
    private volatile long momentNanos;
    private volatile long begunTick = -1;
    private volatile long finishedTick = -1;
    private volatile boolean closed;
    private volatile Thread thread;

    CollectorLoop(TelemetryCollector collector) {
        this(collector, System::nanoTime);
    }

    /** A loop with a clock of its own. */
    CollectorLoop(TelemetryCollector collector, LongSupplier nanoTime) {
        this.collector = collector;
        this.nanoTime = nanoTime;
        this.answeredNanos = nanoTime.getAsLong();
    }

    /**
     * Asks the collector from now on, at the deadlines of the pace, until it is closed.
     *
     * @param finished called by the loop's thread after every answer of a deadline
     * @param closely  whether somebody asks for the energy of intervals, see {@link CloseLooks}
     */
    void start(Supplier<Pace> pace, Runnable finished, BooleanSupplier closely) {
        Thread started = new Thread(() -> run(pace, finished, new CloseLooks(closely)), "collector-" + collector.platform());
        started.setDaemon(true);
        started.setPriority(Thread.MAX_PRIORITY);
        thread = started;
        started.start();
    }

    private void run(Supplier<Pace> paces, Runnable finished, CloseLooks closeLooks) {
        pace = paces.get();
        tick = pace.next(pace.originTick() - 1, nanoTime.getAsLong());
        collector.setListenedTo(pace.listenedTo());
        askEvery(pace.intervalNanos());
        timer.setFine(pace.listenedTo());
        while (!closed) {
            step(paces.get(), finished, closeLooks);
        }
        timer.setFine(false);
        collector.close();
    }

    /** Waits for what is due next, or does it: a method, since the body of a loop that never ends is long interpreted. */
    private void step(Pace current, Runnable finished, CloseLooks closeLooks) {
        if (current != pace) {
            collector.setListenedTo(current.listenedTo());
            timer.setFine(current.listenedTo());
            pace = current;
            askEvery(pace.intervalNanos());
            tick = Math.max(finishedTick + 1, current.originTick());
        }
        long now = nanoTime.getAsLong();
        long left = pace.deadline(tick) - now;
        if (left > 0) {
            long until = closeLooks.nanosUntil(now, left, pace.intervalNanos(), sweepNanos);
            if (until > 0) {
                LockSupport.parkNanos(until);
            } else {
                sweep();
                closeLooks.set(now, pace.intervalNanos());
            }
            return;
        }
        begunTick = tick;
        sweep();
        finishedTick = tick;
        finished.run();
        tick = pace.next(tick, nanoTime.getAsLong());
    }

    private void askEvery(long nanos) {
        intervalNanos = nanos;
        for (MeteredDevice device : devices) {
            device.timeline().askEvery(nanos);
        }
    }

    /** The deadlines have changed. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** Asks the collector once and takes in what it says. */
    void sweep() {
        long before = nanoTime.getAsLong();
        if (!backoff.mayTry(before)) {
            return;
        }
        Throwable thrown = null;
        try {
            List<DeviceSample> answer = Objects.requireNonNull(collector.collect(), "collect() gave no list of devices");
            long after = nanoTime.getAsLong();
            sweepNanos = after - before;
            momentNanos = collector.momentNanos();
            take(answer, before, after);
            answeredNanos = after;
            answered = true;
        } catch (Throwable e) { // whatever a collector does is no reason to stop asking it
            thrown = e;
        }
        if (thrown != null) {
            fail(thrown);
        }
    }

    /** The collector. */
    TelemetryCollector collector() {
        return collector;
    }

    /** The devices known so far, in the collector's order; only ever added to. */
    MeteredDevice[] devices() {
        return devices;
    }

    /** How long the latest answer took. */
    long sweepNanos() {
        return sweepNanos;
    }

    /** The moment that the latest answer tells of; 0 for that of the answer. */
    long momentNanos() {
        return momentNanos;
    }

    /** Whether the collector has ever answered. */
    boolean hasAnswered() {
        return answered;
    }

    /** Whether the answer of a tick, or of a later one, is there. */
    boolean hasFinished(long tick) {
        return finishedTick >= tick;
    }

    /** Whether the answer of a tick can be expected within so long: not while an earlier one is still under way. */
    boolean isExpected(long tick, long withinNanos) {
        long begun = begunTick;
        return (begun == finishedTick || begun >= tick) && sweepNanos <= withinNanos;
    }

    /**
     * Why nothing that the devices said is to be used now; null when it is.
     *
     * @param sinceNanos    since when an answer is expected at every interval
     * @param intervalNanos the time between two questions
     */
    String silence(long nowNanos, long sinceNanos, long intervalNanos) {
        String failed = failure;
        if (failed != null) {
            return failed;
        }
        double allowed = Math.max(MIN_OVERDUE_NANOS,
                Math.max(OVERDUE_INTERVALS * intervalNanos, OVERDUE_SWEEPS * (double) sweepNanos));
        boolean changed = sinceNanos - answeredNanos > 0; // the pace has changed since the latest answer
        return nowNanos - (changed ? sinceNanos : answeredNanos) > allowed ? NO_ANSWER : null;
    }

    /** Ends the loop, which closes the collector; one whose call hangs is closed when the call comes back. */
    void close() {
        closed = true;
        Thread running = thread;
        if (running != null) {
            LockSupport.unpark(running);
        } else {
            collector.close();
        }
    }

    /** Waits until the loop has ended. */
    void join(long limitMillis) throws InterruptedException {
        Thread running = thread;
        if (running != null) {
            running.join(Math.max(1, limitMillis));
        }
    }

    private void take(List<DeviceSample> answer, long askedNanos, long answeredNanos) {
        MeteredDevice[] known = devices;
        if (answer.size() > known.length) {
            known = meter(answer, known);
        }
        for (int i = 0; i < answer.size(); i++) {
            known[i].take(answer.get(i), askedNanos, answeredNanos);
        }
        for (int i = answer.size(); i < known.length; i++) {
            known[i].miss(answeredNanos);
        }
        devices = known;
        backoff.succeeded();
        if (failure != null) {
            LOG.info(collector.platform() + " answers again");
            failure = null;
        }
        for (int i = 0; i < known.length; i++) {
            note(i, known[i]);
        }
    }

    private MeteredDevice[] meter(List<DeviceSample> answer, MeteredDevice[] known) {
        if (known.length == 0) {
            LOG.info("Measuring " + answer.stream()
                    .filter(device -> device.accounting != Accounting.CONTAINED || device.kind.isWholeMachine())
                    .map(device -> device.name + " (" + device.id + ")")
                    .collect(Collectors.joining(", ")));
        }
        MeteredDevice[] all = Arrays.copyOf(known, answer.size());
        for (int i = known.length; i < all.length; i++) {
            all[i] = new MeteredDevice(answer.get(i));
            all[i].timeline().askEvery(intervalNanos);
        }
        problems = Arrays.copyOf(problems, all.length);
        return all;
    }

    private void note(int i, MeteredDevice device) {
        String problem = device.problemToLog();
        if (Objects.equals(problem, problems[i])) {
            return;
        }
        problems[i] = problem;
        DeviceSample who = device.identity();
        String name = collector.platform() + " " + who.name + " (" + who.id + ")";
        if (problem == null) {
            LOG.info(name + " answers again");
        } else {
            LOG.warning(name + ": " + problem);
        }
    }

    private void fail(Throwable thrown) {
        long nowNanos = nanoTime.getAsLong();
        backoff.failed(nowNanos);
        for (MeteredDevice device : devices) {
            device.miss(nowNanos);
        }
        try {
            String why = thrown.toString();
            if (!why.equals(failure)) {
                failure = why;
                LOG.log(Level.WARNING, collector.platform() + " failed, trying again: " + why, thrown);
            }
        } catch (OutOfMemoryError e) {
            failure = "the heap is full"; // there is no room for the line either
        }
    }
}
