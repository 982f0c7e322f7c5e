package telemetry.sampling;

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

    private static final long TIMEOUT_NANOS = 2_000_000_000L;
    private static final long RETRY_MILLIS = 20;

    private final Selections selections;
    private final List<Slot> slots;
    private final ScheduledExecutorService executor;

    /** A search among the devices of these slots, to which others may be added; the executor makes their readings. */
    DeviceSearch(Selections selections, List<Slot> slots, ScheduledExecutorService executor) {
        this.selections = selections;
        this.slots = slots;
        this.executor = executor;
    }

    /**
     * The devices of these names, as soon as they are known; completed by the executor's thread. Fails with an {@link
     * UnknownDeviceException} when a name fits none, or several.
     *
     * @param allAdded whether no more collectors will be added
     */
    CompletableFuture<Selection> find(List<String> names, BooleanSupplier allAdded) {
        CompletableFuture<Selection> answer = new CompletableFuture<>();
        long begunNanos = System.nanoTime();
        executor.execute(() -> find(names, allAdded, begunNanos, answer));
        return answer;
    }

    private void find(List<String> names, BooleanSupplier allAdded, long begunNanos,
                      CompletableFuture<Selection> answer) {
        boolean allKnown = allAdded.getAsBoolean()
                && slots.stream().allMatch(slot -> slot.loop.hasAnswered() && slot.isKnown());
        try {
            answer.complete(selections.of(names));
        } catch (UnknownDeviceException e) {
            if (allKnown || System.nanoTime() - begunNanos >= TIMEOUT_NANOS) {
                answer.completeExceptionally(e);
            } else {
                executor.schedule(() -> find(names, allAdded, begunNanos, answer), RETRY_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }
}
