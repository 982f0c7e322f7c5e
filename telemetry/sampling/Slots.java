package telemetry.sampling;

import collectors.TelemetryCollector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** All that is asked: the primary collector's slot first, then those that stand beside it, each in its own thread. */
final class Slots {

    private static final long CLOSE_TIMEOUT_MILLIS = 300;

    private final List<Slot> slots = new CopyOnWriteArrayList<>();
    private final Supplier<Pace> pace;
    private final Runnable answered;
    private final BooleanSupplier closely;
    private volatile boolean closed;

    /**
     * Slots that are asked at a pace, which is null until the start.
     *
     * @param answered called by a collector's thread after every answer of a deadline
     * @param closely  whether somebody asks for the energy of intervals, see {@link CloseLooks}
     */
    Slots(TelemetryCollector primary, Supplier<Pace> pace, Runnable answered, BooleanSupplier closely) {
        this.pace = pace;
        this.answered = answered;
        this.closely = closely;
        slots.add(new Slot(new CollectorLoop(primary), true));
    }

    /** The slots; a list that changes only between two readings but for what is added at its end. */
    List<Slot> list() {
        return slots;
    }

    /** Begins to ask those that are there. */
    void start() {
        slots.forEach(this::start);
    }

    /** Adds a collector, which is owned by the slots from now on. */
    void add(TelemetryCollector collector) {
        Slot slot = new Slot(new CollectorLoop(collector), false);
        slots.add(slot);
        if (closed) {
            slot.loop.close(); // it was opened meanwhile
        } else if (pace.get() != null) { // else it is started with the others
            start(slot);
        }
    }

    /** Puts a collector, new or one of these, into the first place; the one that had it is closed. */
    void setPrimary(TelemetryCollector collector) {
        Slot known = slots.stream().filter(slot -> slot.loop.collector() == collector).findFirst().orElse(null);
        Slot slot = new Slot(known == null ? new CollectorLoop(collector) : known.loop, true);
        Slot replaced = slots.set(0, slot);
        slots.remove(known);
        replaced.loop.close();
        if (closed) {
            slot.loop.close(); // it was opened meanwhile
        } else if (known == null) {
            start(slot);
        }
    }

    private void start(Slot slot) {
        slot.loop.start(pace, answered, closely);
    }

    /** The pace has changed. */
    void wake() {
        slots.forEach(slot -> slot.loop.wake());
    }

    /** Asks every collector once, here and now. */
    void sweep() {
        slots.forEach(slot -> slot.loop.sweep());
    }

    /**
     * Whether nothing more is to come for a tick that is worth waiting for.
     *
     * @param graceNanos     how long after a deadline an answer is waited for
     * @param primaryAwaited whether there is no reading without the primary collector's answer
     */
    boolean isComplete(long tick, long graceNanos, boolean primaryAwaited) {
        boolean any = false;
        boolean awaited = primaryAwaited;
        for (Slot slot : slots) {
            boolean finished = slot.loop.hasFinished(tick);
            any |= finished;
            if (!finished && (awaited || slot.loop.isExpected(tick, graceNanos) && slot.loop.hasAnswered())) {
                return false;
            }
            awaited = false;
        }
        return any;
    }

    /** Whether an answer can be expected for a tick, and is to be waited for so long. */
    boolean isAnyExpected(long tick, long graceNanos) {
        for (Slot slot : slots) {
            if (slot.loop.isExpected(tick, graceNanos)) {
                return true;
            }
        }
        return false;
    }

    /** Closes the collectors; one whose call hangs is closed when the call comes back. */
    void close() {
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
}
