package collectors.meters;

import collectors.Backoff;
import collectors.DeviceSample;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * One meter with the thread that asks it. That thread alone waits for the meter; {@link #fill} returns at once with what
 * was said last.
 */
final class Meter implements AutoCloseable {

    /** What is said of a meter that was asked and says nothing. */
    static final String NO_ANSWER = "has not answered yet";

    private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(60);
    /** Controllers lock an account after some wrong passwords within minutes. */
    private static final long REFUSED_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(5);
    /** A value is as good as new until so many were missed. */
    private static final int MAX_MISSED = 3;
    private static final long MIN_STALE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Looks at an even pace would never see a load that comes and goes at that pace. */
    private static final double JITTER = 0.2;

    /** What a counter adds in a step was used over the time since the step before; calibrated. */
    private static final double COUNTER_DELAYS = 2;

    private final MeterSource source;
    private final DeviceSample sample;
    private final long periodNanos;
    private final double delaySeconds;
    private final LongSupplier nanoTime;
    private final Random random = new Random();
    private final Backoff backoff = new Backoff(FIRST_PAUSE_NANOS, MAX_PAUSE_NANOS);
    private final Backoff refused = new Backoff(REFUSED_PAUSE_NANOS, REFUSED_PAUSE_NANOS);
    private final FineCounter counter = new FineCounter();

    // Written by the meter's thread, read by whoever collects; all under this object's lock.
    private MeterSource.Reading latest;
    private double counterJoules = DeviceSample.UNAVAILABLE;
    private long askedNanos;
    private long answeredNanos;
    private String problem;
    private String remedy = "";

    private long startedNanos;
    private volatile boolean closed;
    private Thread thread;

    Meter(MeterSource source, MeterSettings settings, DeviceSample sample) {
        this(source, settings, sample, System::nanoTime);
    }

    /** A meter with a clock of its own. */
    Meter(MeterSource source, MeterSettings settings, DeviceSample sample, LongSupplier nanoTime) {
        this.source = source;
        this.sample = sample;
        this.periodNanos = settings.every().toNanos();
        this.delaySeconds = settings.delay().toNanos() / 1e9;
        this.nanoTime = nanoTime;
    }

    /** Begins to ask, in a thread of its own. */
    void start() {
        startedNanos = nanoTime.getAsLong();
        thread = new Thread(this::run, "meter-" + sample.id);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (!closed) {
                pause(ask());
            }
        } catch (InterruptedException e) {
            closed = true;
        } finally {
            Thread.interrupted(); // a session is given back all the same
            source.close();
        }
    }

    private void pause(long nanos) throws InterruptedException {
        long end = nanoTime.getAsLong() + nanos;
        for (long left = nanos; left > 0 && !closed; left = end - nanoTime.getAsLong()) {
            LockSupport.parkNanos(this, left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /** Asks once; returns after how many nanoseconds to ask again. */
    long ask() throws InterruptedException {
        long asked = nanoTime.getAsLong();
        try {
            MeterSource.Reading reading = source.read();
            long answered = nanoTime.getAsLong();
            publish(reading, asked, answered);
            backoff.succeeded();
            refused.succeeded();
            double factor = 1 + JITTER * (2 * random.nextDouble() - 1);
            return Math.max(0, (long) (factor * periodNanos) - (answered - asked));
        } catch (MeterException e) {
            return failed(e);
        } catch (RuntimeException e) { // no answer of a meter ends its thread
            return failed(new MeterException("its answer cannot be used: " + e));
        }
    }

    private synchronized void publish(MeterSource.Reading reading, long asked, long answered) {
        latest = reading;
        counterJoules = counter.take(reading.counterJoules(), answered);
        askedNanos = asked;
        answeredNanos = answered;
        problem = null;
        remedy = "";
    }

    private synchronized long failed(MeterException failure) {
        problem = failure.getMessage();
        remedy = failure.remedy();
        Backoff which = failure.isRefusal() ? refused : backoff;
        long now = nanoTime.getAsLong();
        which.failed(now);
        return which.nanosUntilTry(now);
    }

    /** Refills the sample with the latest value, and says why where there is none. Never waits for the meter. */
    synchronized void fill() {
        long now = nanoTime.getAsLong();
        sample.clear();
        if (latest == null || now - answeredNanos > staleNanos()) {
            if (problem != null) {
                sample.problem = problem;
            } else if (latest != null || now - startedNanos > QUIET_NANOS) {
                sample.problem = latest == null ? NO_ANSWER : "does not answer any more";
            }
            return;
        }
        sample.powerWatts = latest.powerWatts();
        sample.energyCounterJoules = counterJoules;
        sample.powerLimitWatts = latest.limitWatts();
        sample.askedNanos = askedNanos;
        sample.answeredNanos = answeredNanos;
        sample.powerNanos = askedNanos;
        sample.powerDelaySeconds = delaySeconds;
        sample.energyCounterDelaySeconds = COUNTER_DELAYS * delaySeconds;
    }

    private long staleNanos() {
        return Math.max(MIN_STALE_NANOS, MAX_MISSED * periodNanos);
    }

    /** What to do about the latest failure; empty when nothing fails or nobody can tell. */
    synchronized String remedy() {
        return remedy;
    }

    DeviceSample sample() {
        return sample;
    }

    @Override
    public String toString() {
        return source.toString();
    }

    /** Ends the thread, which closes the source; returns at once. */
    @Override
    public void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** Waits until the thread has ended. */
    void join(long limitMillis) throws InterruptedException {
        if (thread != null) {
            thread.join(Math.max(1, limitMillis));
        }
    }
}
