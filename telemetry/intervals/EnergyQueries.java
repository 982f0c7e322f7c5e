package telemetry.intervals;

import energy.EnergyResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import telemetry.accounting.DeviceState;
import telemetry.accounting.EnergySource;
import telemetry.accounting.TotalPeaks;
import telemetry.selection.Selection;

/**
 * Questions for the energy of intervals. Each waits, a bounded time, until every device has told what makes its answer
 * exact: the step of its counter after the interval's end. They wait in the order of those ends, so that a look at the
 * first one is enough. All but {@link #ask} runs on the thread that makes the readings, to which the states belong.
 */
public final class EnergyQueries {

    /** After the interval's end; the slowest counters known move every 2.2 s. */
    private static final long SETTLE_TIMEOUT_NANOS = 3_000_000_000L;
    private static final double MAX_AWAITED_CADENCE_SECONDS = 1.5;
    /** What a client's clock may be ahead by without its present being our future. */
    private static final long FUTURE_TOLERANCE_NANOS = 1_000_000_000L;
    /** How long the timelines remember. */
    private static final long MEMORY_NANOS = 600_000_000_000L;
    /** Each takes about a kilobyte; 3000 wait where 1000 a second ask for what a slow counter is yet to tell. */
    static final int MAX_WAITING = 10_000;
    /** Answered at once before other work of the thread has its turn. */
    private static final int MAX_ANSWERS_AT_ONCE = 50;

    private record Query(long fromNanos, long toNanos, CompletableFuture<EnergyResponse> answer) {
    }

    private final List<DeviceState> devices;
    private final TotalPeaks peaks;
    private final ScheduledExecutorService executor;
    private final MonotonicClock clock;
    private final Lane all = new Lane(null);
    private final Map<Selection, Lane> selected = new HashMap<>();
    private int waiting;

    public EnergyQueries(List<DeviceState> devices, TotalPeaks peaks, ScheduledExecutorService executor, MonotonicClock clock) {
        this.devices = devices;
        this.peaks = peaks;
        this.executor = executor;
        this.clock = clock;
    }

    /**
     * The energy between two moments of Unix time, the second one 0 for now.
     *
     * @throws EnergyRequestException when such an interval has no answer
     */
    public CompletableFuture<EnergyResponse> ask(long fromUnixNanos, long toUnixNanos) {
        return ask(fromUnixNanos, toUnixNanos, null);
    }

    /** The same of some devices; null for all. */
    public CompletableFuture<EnergyResponse> ask(long fromUnixNanos, long toUnixNanos, Selection selection) {
        long now = System.nanoTime();
        long from = clock.nanoTime(fromUnixNanos);
        long to = toUnixNanos == 0 ? now : clock.nanoTime(toUnixNanos);
        if (to - from <= 0) {
            throw new EnergyRequestException(EnergyRequestException.Kind.REVERSED,
                    "the interval ends before it begins: give a from that is earlier than to");
        }
        if (to - now > FUTURE_TOLERANCE_NANOS) {
            throw new EnergyRequestException(EnergyRequestException.Kind.FUTURE,
                    "the interval ends in the future: give a to that has passed, or 0 for now");
        }
        if (now - from > MEMORY_NANOS) {
            throw new EnergyRequestException(EnergyRequestException.Kind.TOO_OLD, String.format(Locale.ROOT,
                    "the interval begins %d s ago: the last %d s are remembered",
                    TimeUnit.NANOSECONDS.toSeconds(now - from), TimeUnit.NANOSECONDS.toSeconds(MEMORY_NANOS)));
        }
        Query query = new Query(from, to, new CompletableFuture<>());
        executor.execute(() -> add(query, selection));
        return query.answer;
    }

    private void add(Query query, Selection selection) {
        if (waiting >= MAX_WAITING) {
            query.answer.completeExceptionally(new EnergyRequestException(EnergyRequestException.Kind.BUSY,
                    MAX_WAITING + " such questions wait for their answers already: ask again later"));
            return;
        }
        waiting++;
        Lane lane = selection == null ? all : selected.computeIfAbsent(selection, Lane::new);
        lane.waiting.add(query);
        if (lane.waiting.peek() == query) {
            lane.look();
        }
    }

    /** Answers those that can be: to be called when the devices may have told something. */
    public void look() {
        all.look();
        if (!selected.isEmpty()) {
            selected.values().removeIf(lane -> {
                lane.look();
                return lane.waiting.isEmpty();
            });
        }
    }

    /** A device that has never given anything, such as a GPU that sleeps, is not waited for. */
    static boolean isSettled(DeviceState device, long nanos) {
        boolean silent = !device.answering && device.source == EnergySource.UNAVAILABLE;
        return silent || device.timeline.isSettled(nanos);
    }

    /** A meter on a network that hangs, or is rarely asked, or tells too late, holds up no answer. */
    private static boolean isWaitedFor(DeviceState device) {
        return device.sample.powerDelaySeconds <= 0 || device.answering && !isRare(device) && !isLate(device);
    }

    /** Whether it tells its power so late that no answer can wait for it. */
    static boolean isLate(DeviceState device) {
        return device.sample.powerDelaySeconds / 2 * 1e9 >= SETTLE_TIMEOUT_NANOS;
    }

    /** Whether it is a meter that is rarely asked. */
    static boolean isRare(DeviceState device) {
        return device.sample.powerDelaySeconds > 0
                && device.timeline.cadenceSeconds() > MAX_AWAITED_CADENCE_SECONDS;
    }

    /** Questions for the same devices, in the order of their intervals' ends: others are not to wait for those devices. */
    private final class Lane {

        /** Null for all devices. */
        private final Selection selection;
        private final PriorityQueue<Query> waiting =
                new PriorityQueue<>((one, other) -> Long.signum(one.toNanos - other.toNanos)); // nanoTime may overflow
        private boolean timerIsSet;

        Lane(Selection selection) {
            this.selection = selection;
        }

        private List<DeviceState> devices() {
            return selection == null ? devices : selection.devices();
        }

        private void look() {
            for (int i = 0; i < MAX_ANSWERS_AT_ONCE && !waiting.isEmpty() && isDue(waiting.peek()); i++) {
                EnergyQueries.this.waiting--;
                answer(waiting.remove());
            }
            Query next = waiting.peek();
            if (next != null && isDue(next)) {
                executor.execute(this::look);
            } else if (next != null && !timerIsSet) {
                timerIsSet = true; // readings may be further apart than the timeout
                executor.schedule(this::onTimer, next.toNanos + SETTLE_TIMEOUT_NANOS - System.nanoTime(),
                        TimeUnit.NANOSECONDS);
            }
        }

        private void onTimer() {
            timerIsSet = false;
            look();
        }

        private boolean isDue(Query query) {
            if (query.answer.isDone() || System.nanoTime() - query.toNanos >= SETTLE_TIMEOUT_NANOS) {
                return true;
            }
            for (DeviceState device : devices()) {
                if (isWaitedFor(device) && !isSettled(device, query.toNanos)) {
                    return false;
                }
            }
            return System.nanoTime() - query.toNanos >= 0;
        }

        private void answer(Query query) {
            try {
                EnergyResponse.Builder response = selection == null
                        ? EnergyAnswer.ofAll(devices, peaks, query.fromNanos, query.toNanos)
                        : EnergyAnswer.of(selection, query.fromNanos, query.toNanos);
                query.answer.complete(response
                        .setFromNanos(clock.unixNanos(query.fromNanos))
                        .setToNanos(clock.unixNanos(query.toNanos))
                        .setSeconds((query.toNanos - query.fromNanos) / 1e9)
                        .setSettled(devices().stream().allMatch(device -> isSettled(device, query.toNanos)))
                        .build());
            } catch (RuntimeException e) {
                query.answer.completeExceptionally(e);
            }
        }
    }
}
