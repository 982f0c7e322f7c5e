package bench;

import figures.Slope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Watches for a long time what a monitor takes while a {@link Crowd} comes and goes, and says what grows. */
public final class Soak {

    private static final int SAMPLE_SECONDS = 20;
    /** Counting the heap collects all garbage, which is not to happen much more often than by itself. */
    private static final int SAMPLES_PER_HEAP = 6;
    /** The part of the time in which a monitor compiles its code, fills its ten minutes and is not looked at. */
    private static final double SETTLING = 1.0 / 3;
    private static final int MAX_CLASSES = 8;

    private final Map<String, List<double[]>> series = new LinkedHashMap<>();
    private Map<String, Long> firstHeap;
    private Map<String, Long> lastHeap;

    private Soak() {
    }

    /** Takes that many minutes and prints tables. */
    public static void run(Map<String, String> environment, double minutes) throws Exception {
        int httpPort = Child.freePort();
        try (Child child = Child.start(Child.MONITOR, environment, "--http-port", String.valueOf(httpPort))) {
            Clients.awaitHealth(child.port());
            Thread.sleep(2_000);
            new Soak().watch(child, httpPort, minutes);
        }
    }

    private void watch(Child child, int httpPort, double minutes) throws Exception {
        System.out.println("| minutes | RssAnon, MiB | heap in use, MiB | descriptors | threads | CPU, % of a core |");
        System.out.println("| --- | --- | --- | --- | --- | --- |");
        int samples = (int) Math.max(3, Math.ceil(minutes * 60 / SAMPLE_SECONDS));
        System.out.printf(Locale.ROOT, "| 0 | %.1f | | %d | %d | |%n", child.ownMegabytes(), child.descriptors(),
                child.threads().size());
        try (Crowd crowd = new Crowd(child.port(), httpPort)) {
            long began = System.nanoTime();
            double cpu = child.cpuSeconds();
            for (int i = 1; i <= samples; i++) {
                Thread.sleep(Math.max(0, i * SAMPLE_SECONDS * 1000L - (System.nanoTime() - began) / 1_000_000));
                double minute = (System.nanoTime() - began) / 60e9;
                double used = child.cpuSeconds();
                double[] figures = {child.ownMegabytes(), Double.NaN, child.descriptors(), child.threads().size(),
                    100 * (used - cpu) / SAMPLE_SECONDS};
                cpu = used;
                if (i % SAMPLES_PER_HEAP == 0 || i == samples) {
                    Map<String, Long> classes = Heap.of(child.pid());
                    figures[1] = classes.values().stream().mapToLong(Long::longValue).sum() / (double) (1 << 20);
                    firstHeap = minute < SETTLING * minutes || firstHeap == null ? classes : firstHeap;
                    lastHeap = classes;
                }
                keep(minute, figures);
                if (i % SAMPLES_PER_HEAP == 0 || i == samples) {
                    System.out.printf(Locale.ROOT, "| %.1f | %.1f | %.2f | %.0f | %.0f | %.2f |%n", minute, figures[0],
                            figures[1], figures[2], figures[3], figures[4]);
                }
            }
            crowd.report();
        }
        Thread.sleep(SAMPLE_SECONDS * 1000L);
        System.out.printf(Locale.ROOT, "%nWhen all had left: RssAnon %.1f MiB, %d descriptors, %d threads.%n",
                child.ownMegabytes(), child.descriptors(), child.threads().size());
        slopes(SETTLING * minutes);
        grown();
    }

    private void keep(double minute, double[] figures) {
        String[] names = {"RssAnon, MiB", "heap in use, MiB", "descriptors", "threads", "CPU, % of a core"};
        for (int i = 0; i < names.length; i++) {
            if (!Double.isNaN(figures[i])) {
                series.computeIfAbsent(names[i], name -> new ArrayList<>()).add(new double[] {minute / 60, figures[i]});
            }
        }
    }

    private void slopes(double fromMinute) {
        System.out.println();
        System.out.printf(Locale.ROOT, "| after minute %.0f | an hour adds | 95 %% of cases | |%n", fromMinute);
        System.out.println("| --- | --- | --- | --- |");
        series.forEach((name, points) -> {
            List<double[]> settled = points.stream().filter(point -> point[0] * 60 >= fromMinute).toList();
            Slope slope = Slope.of(settled.stream().mapToDouble(point -> point[0]).toArray(),
                    settled.stream().mapToDouble(point -> point[1]).toArray());
            System.out.printf(Locale.ROOT, "| %s | %+.2f | ± %.2f | %s |%n", name, slope.perUnit(), slope.halfWidth(),
                    slope.isFlat() ? "flat" : slope.perUnit() > 0 ? "grows" : "falls");
        });
    }

    /** The classes whose objects take more than they took when the monitor had settled. */
    private void grown() {
        System.out.println();
        System.out.println("| class | bytes more on the heap |");
        System.out.println("| --- | --- |");
        lastHeap.entrySet().stream()
                .map(entry -> Map.entry(entry.getKey(), entry.getValue() - firstHeap.getOrDefault(entry.getKey(), 0L)))
                .filter(entry -> entry.getValue() > 0)
                .sorted(Comparator.comparing((Map.Entry<String, Long> entry) -> -entry.getValue())).limit(MAX_CLASSES)
                .forEach(entry -> System.out.println("| `" + entry.getKey() + "` | " + entry.getValue() + " |"));
    }
}
