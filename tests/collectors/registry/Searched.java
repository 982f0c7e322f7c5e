package collectors.registry;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.TelemetryCollector;
import collectors.registry.CollectorRegistry.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * What a search has found in the end.
 *
 * @param primary   the primary collector
 * @param auxiliary those that stand beside it
 * @param refusals  those that cannot work here, in the order in which that was found out
 */
public record Searched(CollectorSearch.Finding primary, List<CollectorSearch.Finding> auxiliary,
                       List<Refusal> refusals) {

    /** Waits for the end of a search. */
    public static Searched of(CollectorRegistry registry, String choice, CollectorContext context, boolean others)
            throws CollectorUnavailableException, InterruptedException {
        CollectorSearch search = registry.search(choice, context, others);
        List<CollectorSearch.Finding> all = new ArrayList<>();
        for (CollectorSearch.Finding found = search.next(); found != null; found = search.next()) {
            all.add(found);
        }
        CollectorSearch.Finding primary;
        try {
            primary = search.primary().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CollectorUnavailableException reason) {
                throw reason;
            }
            throw new IllegalStateException(e.getCause());
        }
        return new Searched(primary,
                all.stream().filter(found -> found.collector() != null && found.collector() != primary.collector())
                        .toList(),
                all.stream().map(CollectorSearch.Finding::refusal).filter(refusal -> refusal != null).toList());
    }

    /** All that was opened, the primary one first. */
    public List<TelemetryCollector> collectors() {
        List<TelemetryCollector> all = new ArrayList<>(List.of(primary.collector()));
        auxiliary.forEach(other -> all.add(other.collector()));
        return all;
    }
}
