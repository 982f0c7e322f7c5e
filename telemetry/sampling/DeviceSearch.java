package telemetry.sampling;

import collectors.TelemetryCollector;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import telemetry.selection.Selection;
import telemetry.selection.Selections;
import telemetry.selection.UnknownDeviceException;

/** Finds the devices that clients name, also while collectors are yet to answer for the first time. */
final class DeviceSearch {

    /** A collector that is open answers soon, or hangs. */
    private static final long ANSWER_TIMEOUT_NANOS = 2_000_000_000L;
    /** A driver may need many seconds to open; one that hangs is not to hold a call for good. */
    private static final long OPENING_TIMEOUT_NANOS = 30_000_000_000L;
    private static final long MIN_RETRY_NANOS = 20_000_000L;

    private final Selections selections;
    private final List<Slot> slots;
    private final ScheduledExecutorService executor;

    /** A search among the devices of these slots, to which others may be added; the executor makes their readings. */
    DeviceSearch(Selections selections, List<Slot> slots, ScheduledExecutorService executor) {
        this.selections = selections;
        this.slots = slots;
        this.executor = executor;
    }

    /** Another collector is the primary one from now on. */
    void setPrimary(TelemetryCollector collector) {
        selections.setPrimary(collector.platform(), collector.gpuInfo());
    }

    /**
     * The devices of these names, as soon as they are known; completed by the executor's thread. Fails with an {@link
     * UnknownDeviceException} when a name fits none, or several.
     *
     * @param allAdded whether no more collectors will be added, so that a name that fits nothing is wrong
     */
    CompletableFuture<Selection> find(List<String> names, BooleanSupplier allAdded) {
        CompletableFuture<Selection> answer = new CompletableFuture<>();
        long begunNanos = System.nanoTime();
        executor.execute(() -> find(names, allAdded, begunNanos, answer));
        return answer;
    }

    private void find(List<String> names, BooleanSupplier allAdded, long begunNanos,
                      CompletableFuture<Selection> answer) {
        boolean added = allAdded.getAsBoolean();
        boolean answered = added && slots.stream().allMatch(slot -> slot.loop.hasAnswered() && slot.isKnown());
        long waitedNanos = System.nanoTime() - begunNanos;
        boolean allKnown = answered || waitedNanos >= (added ? ANSWER_TIMEOUT_NANOS : OPENING_TIMEOUT_NANOS);
        try {
            answer.complete(selections.of(names, allKnown));
        } catch (UnknownDeviceException e) {
            if (allKnown) {
                answer.completeExceptionally(e);
            } else {
                executor.schedule(() -> find(names, allAdded, begunNanos, answer),
                        Math.max(MIN_RETRY_NANOS, waitedNanos / 4), TimeUnit.NANOSECONDS);
            }
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }
}
