package telemetry.sampling;

import energy.DeviceEnergy;
import energy.EnergyResponse;
import energy.IntervalEnergy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import telemetry.accounting.DeviceState;
import telemetry.accounting.EnergyInterval;
import telemetry.accounting.EnergySource;
import telemetry.accounting.TotalPeaks;
import telemetry.wire.DetailsEncoder;

/**
 * Questions for the energy of intervals. Each waits, a bounded time, until every device has told what makes its answer
 * exact: the step of its counter after the interval's end. They wait in the order of those ends, so that a look at the
 * first one is enough. All but {@link #ask} runs on the thread that makes the readings, to which the states belong.
 */
final class EnergyQueries {

    /** After the interval's end; the slowest counters known move every 2.2 s. */
    private static final long SETTLE_TIMEOUT_NANOS = 3_000_000_000L;
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
    private final PriorityQueue<Query> waiting =
            new PriorityQueue<>((one, other) -> Long.signum(one.toNanos - other.toNanos)); // nanoTime may overflow
    private boolean timerIsSet;

    EnergyQueries(List<DeviceState> devices, TotalPeaks peaks, ScheduledExecutorService executor, MonotonicClock clock) {
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
    CompletableFuture<EnergyResponse> ask(long fromUnixNanos, long toUnixNanos) {
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
        executor.execute(() -> add(query));
        return query.answer;
    }

    private void add(Query query) {
        if (waiting.size() >= MAX_WAITING) {
            query.answer.completeExceptionally(new EnergyRequestException(EnergyRequestException.Kind.BUSY,
                    MAX_WAITING + " such questions wait for their answers already: ask again later"));
            return;
        }
        waiting.add(query);
        if (waiting.peek() == query) {
            look();
        }
    }

    /** Answers those that can be: to be called when the devices may have told something. */
    void look() {
        for (int i = 0; i < MAX_ANSWERS_AT_ONCE && !waiting.isEmpty() && isDue(waiting.peek()); i++) {
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
        for (DeviceState device : devices) {
            if (!isSettled(device, query.toNanos)) {
                return false;
            }
        }
        return System.nanoTime() - query.toNanos >= 0;
    }

    /** A device that has never given anything, such as a GPU that sleeps, is not waited for. */
    static boolean isSettled(DeviceState device, long nanos) {
        boolean silent = !device.answering && device.source == EnergySource.UNAVAILABLE;
        return silent || device.timeline.isSettled(nanos);
    }

    private void answer(Query query) {
        try {
            query.answer.complete(compute(query.fromNanos, query.toNanos));
        } catch (RuntimeException e) {
            query.answer.completeExceptionally(e);
        }
    }

    private EnergyResponse compute(long fromNanos, long toNanos) {
        EnergyResponse.Builder response = EnergyResponse.newBuilder()
                .setFromNanos(clock.unixNanos(fromNanos))
                .setToNanos(clock.unixNanos(toNanos))
                .setSeconds((toNanos - fromNanos) / 1e9)
                .setSettled(devices.stream().allMatch(device -> isSettled(device, toNanos)));
        Map<String, EnergyInterval> total = new LinkedHashMap<>();
        for (DeviceState device : devices) {
            EnergyInterval interval = device.timeline.between(fromNanos, toNanos);
            if (device.inTotal) {
                total.put(device.label(), interval);
            }
            response.addDevices(DeviceEnergy.newBuilder()
                    .setId(device.sample.id)
                    .setIndex(device.index)
                    .setKind(device.sample.kind.name().toLowerCase(Locale.ROOT))
                    .setName(device.sample.name)
                    .setPlatform(device.platform)
                    .setInTotal(device.inTotal)
                    .setEnergy(message(interval)));
        }
        return response.setTotal(message(EnergyInterval.sum(total).withPeak(peaks.max(fromNanos, toNanos)))).build();
    }

    private static IntervalEnergy message(EnergyInterval interval) {
        return IntervalEnergy.newBuilder()
                .setJoules(interval.joules())
                .setUncertaintyJoules(interval.uncertaintyJoules())
                .setLeastJoules(interval.leastJoules())
                .setMostJoules(interval.mostJoules())
                .setMeanWatts(interval.meanWatts())
                .setPeakWatts(interval.peakWatts())
                .setSource(DetailsEncoder.source(interval.source()))
                .setCoverage(interval.coverage())
                .setLongestHoleSeconds(interval.longestHoleSeconds())
                .setValid(interval.isValid())
                .setProblem(interval.problem() == null ? "" : interval.problem())
                .build();
    }
}
