package telemetry.sampling;

import energy.DeviceEnergy;
import energy.EnergyResponse;
import energy.IntervalEnergy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import telemetry.accounting.DeviceState;
import telemetry.accounting.EnergyInterval;
import telemetry.accounting.EnergySource;
import telemetry.wire.DetailsEncoder;

/**
 * One question for the energy of an interval. Waits, a bounded time, until every device has told what makes the answer
 * exact: the step of its counter after the end. Runs on the thread that makes the readings, to which the states belong.
 */
final class EnergyQuery {

    /** The slowest counters known move every 2.2 s. */
    private static final long SETTLE_TIMEOUT_NANOS = 3_000_000_000L;
    private static final long LOOK_MILLIS = 10;
    /** What a client's clock may be ahead by without its present being our future. */
    private static final long FUTURE_TOLERANCE_NANOS = 1_000_000_000L;
    /** How long the timelines remember. */
    private static final long MEMORY_NANOS = 600_000_000_000L;

    private final List<DeviceState> devices;
    private final ScheduledExecutorService executor;
    private final long fromNanos;
    private final long toNanos;
    private final long unixMinusNanoTime;
    private final long askedNanos = System.nanoTime();
    private final CompletableFuture<EnergyResponse> answer = new CompletableFuture<>();

    /** A question for the energy between two moments of Unix time, the second one 0 for now. */
    EnergyQuery(List<DeviceState> devices, ScheduledExecutorService executor, MonotonicClock clock, long fromUnixNanos,
                long toUnixNanos) {
        this.devices = devices;
        this.executor = executor;
        this.fromNanos = clock.nanoTime(fromUnixNanos);
        this.toNanos = toUnixNanos == 0 ? askedNanos : clock.nanoTime(toUnixNanos);
        this.unixMinusNanoTime = fromUnixNanos - fromNanos;
    }

    /** The answer; fails with an {@link EnergyRequestException} when there can be none. */
    CompletableFuture<EnergyResponse> ask() {
        if (toNanos - fromNanos <= 0) {
            throw new EnergyRequestException(EnergyRequestException.Kind.REVERSED,
                    "the interval ends before it begins: give a from that is earlier than to");
        }
        if (toNanos - askedNanos > FUTURE_TOLERANCE_NANOS) {
            throw new EnergyRequestException(EnergyRequestException.Kind.FUTURE,
                    "the interval ends in the future: give a to that has passed, or 0 for now");
        }
        if (askedNanos - fromNanos > MEMORY_NANOS) {
            throw new EnergyRequestException(EnergyRequestException.Kind.TOO_OLD, String.format(Locale.ROOT,
                    "the interval begins %d s ago: the last %d s are remembered",
                    TimeUnit.NANOSECONDS.toSeconds(askedNanos - fromNanos),
                    TimeUnit.NANOSECONDS.toSeconds(MEMORY_NANOS)));
        }
        executor.execute(this::look);
        return answer;
    }

    private void look() {
        try {
            if (answer.isDone()) {
                return;
            }
            boolean settled = devices.stream().allMatch(this::isSettled);
            if (settled || System.nanoTime() - askedNanos > SETTLE_TIMEOUT_NANOS) {
                answer.complete(compute(settled));
            } else {
                executor.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    /** One that has never given anything, such as a GPU that sleeps, is not waited for. */
    private boolean isSettled(DeviceState device) {
        boolean silent = !device.answering && device.source == EnergySource.UNAVAILABLE;
        return silent || device.timeline.isSettled(toNanos);
    }

    private EnergyResponse compute(boolean settled) {
        EnergyResponse.Builder response = EnergyResponse.newBuilder()
                .setFromNanos(fromNanos + unixMinusNanoTime)
                .setToNanos(toNanos + unixMinusNanoTime)
                .setSeconds((toNanos - fromNanos) / 1e9)
                .setSettled(settled);
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
        return response.setTotal(message(EnergyInterval.sum(total))).build();
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
